"""The body of a patient's sign-in, as published."""

from uuid import UUID

import msgspec


class SignIn(msgspec.Struct, frozen=True):
    """Inside `token`; `signed_content` is base64 of a signed {"jwt": <nonce>}."""

    grant_type: str
    client_id: UUID
    client_secret: str
    signed_content: str
    scope: str
    signed_content_encoding: str = "base64"


class SignInBody(msgspec.Struct, frozen=True):
    token: SignIn
