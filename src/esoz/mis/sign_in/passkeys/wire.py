"""What passkeys say, judged by the library `fido2`: options for the browser, and its answers."""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from esoz.mis.base.workplace import Worker

from .model import LONGEST_ANSWER, Passkey, host_of

REQUIRED = UserVerificationRequirement.REQUIRED
ALGORITHMS = frozenset({-7, -8, -257})  # ES256, EdDSA, RS256: every authenticator has one of them
# What the parser throws at bytes of strangers.
MALFORMED = (ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, RecursionError, struct.error)
Answer = TypeVar("Answer", RegistrationResponse, AuthenticationResponse)


class NotTaken(Exception):
    """The answer is malformed, of another site or challenge, not verified by the user, or its signature is wrong."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new credential."""

    credential_id: bytes
    credential: bytes
    sign_count: int


def _server(base_url: str) -> Fido2Server:
    party = PublicKeyCredentialRpEntity(name="ЕСОЗ · Робоче місце", id=host_of(base_url))
    server = Fido2Server(
        party, attestation=AttestationConveyancePreference.NONE, verify_origin=lambda origin: origin == base_url
    )
    server.allowed_algorithms = [each for each in server.allowed_algorithms if each.alg in ALGORITHMS]
    return server


def creation_options(base_url: str, challenge: bytes, user: Worker, email: str, known: list[Passkey]) -> str:
    """JSON for navigator.credentials.create: discoverable, verified by the user, none of those that are known."""
    options, _state = _server(base_url).register_begin(
        PublicKeyCredentialUserEntity(name=email, id=user.id.bytes, display_name=user.name),
        credentials=[AttestedCredentialData(passkey.credential) for passkey in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=REQUIRED,
        challenge=challenge,
    )
    return json.dumps(dict(options.public_key))


def request_options(base_url: str, challenge: bytes) -> str:
    """JSON for navigator.credentials.get: any passkey of this site."""
    options, _state = _server(base_url).authenticate_begin(user_verification=REQUIRED, challenge=challenge)
    return json.dumps(dict(options.public_key))


def challenge_of(answer: RegistrationResponse | AuthenticationResponse) -> bytes:
    """The challenge that was answered."""
    return _client_data(answer).challenge


def read_creation(text: str) -> RegistrationResponse:
    """Raises NotTaken."""
    return _read(text, RegistrationResponse)


def read_request(text: str) -> AuthenticationResponse:
    """Raises NotTaken."""
    return _read(text, AuthenticationResponse)


def _read(text: str, kind: type[Answer]) -> Answer:
    if len(text) > LONGEST_ANSWER:
        raise NotTaken
    parsed = _judged(lambda: json.loads(text))
    if not isinstance(parsed, dict):
        raise NotTaken
    return _judged(lambda: kind.from_dict(parsed))


def made(base_url: str, answer: RegistrationResponse) -> Made:
    """The credential of an answer to `creation_options`. Raises NotTaken."""
    data: AuthenticatorData = _judged(lambda: _server(base_url).register_complete(_state(answer), answer))
    credential = data.credential_data
    if credential is None or credential.public_key.ALGORITHM not in ALGORITHMS:
        raise NotTaken
    return Made(credential.credential_id, bytes(credential), data.counter)


def must_be_of(base_url: str, passkey: Passkey, answer: AuthenticationResponse) -> int:
    """The counter of an answer to `request_options`. Raises NotTaken when another key or person gave it."""
    known = AttestedCredentialData(passkey.credential)
    _judged(lambda: _server(base_url).authenticate_complete(_state(answer), [known], answer))
    handle = answer.response.user_handle
    if handle is not None and handle != passkey.user_id.bytes:
        raise NotTaken
    return answer.response.authenticator_data.counter


def _state(answer: RegistrationResponse | AuthenticationResponse) -> dict[str, object]:
    """The challenge is compared by ours (`challenges.spend`): the library is told the one that was answered."""
    if _client_data(answer).cross_origin:
        raise NotTaken
    return {"challenge": websafe_encode(challenge_of(answer)), "user_verification": REQUIRED}


def _client_data(answer: RegistrationResponse | AuthenticationResponse) -> CollectedClientData:
    found: CollectedClientData = answer.response.client_data
    return found


Judged = TypeVar("Judged")


def _judged(judge: Callable[[], Judged]) -> Judged:
    try:
        return judge()
    except MALFORMED as fault:
        raise NotTaken from fault
