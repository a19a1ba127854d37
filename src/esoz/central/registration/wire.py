"""A registration as published: its body, and what is answered once."""

from uuid import UUID

import msgspec

from esoz.kernel.payload import JSON


class SignedBody(msgspec.Struct, frozen=True):
    """Base64 of a signed document."""

    signed_legal_entity_request: str
    signed_content_encoding: str = "base64"


def urgent(client_id: UUID, secret: str | None, redirect_uri: str, request_id: UUID) -> JSON:
    """What is told once: the secret of a new connection, and the invitation of the owner."""
    answer: JSON = {"employee_request_id": request_id}
    if secret is not None:
        answer["security"] = {
            "client_id": client_id,
            "secret_key": secret,
            "client_secret": secret,  # the name of 2019
            "redirect_uri": redirect_uri,
        }
    return answer
