"""Signing in for oneself: patients to their cabinets, and workers to central's own sign-in."""

from uuid import UUID

from esoz.central import identity, people
from esoz.kernel.work import Work

from ..model import GRANT, Event, SignInRequest, allowed
from .signing import act_as, allow, person_of, user_of

FIELD = "$.token.signed_content"


async def log_in(work: Work, client_id: UUID, document: str, *, may_be_new: bool) -> identity.IssuedToken:
    """A session for the holder of the КЕП that signed our nonce: a patient at a cabinet, a worker elsewhere (AUTH-34).

    `may_be_new`: a patient who comes for the first time becomes a user. Raises the refusals of identity.errors,
    Rejected naming the field, Conflict when the person is not active.
    """
    client = await identity.must_be_client(work, client_id)
    if client.type not in identity.PATIENT_TYPES:
        return await identity.log_in_by_signature(work, client_id, document, field=FIELD)
    person = await _signer(work, client, document)
    user_id = await user_of(work, person, may_be_new=may_be_new)
    act_as(work, user_id, client, person)
    work.record(Event.SIGNED_IN, user_id, patient_id=person.id)
    return await identity.issue_session(work, user_id, client.id, identity.AUTHORIZE, method=identity.Method.SIGNATURE)


async def sign_in(work: Work, request: SignInRequest) -> identity.IssuedToken:
    """Tokens for the holder of the КЕП that signed our nonce, in one step: for trusted cabinets (AUTH-34).

    Raises the refusals of identity.errors, Rejected naming the field, Conflict when the person is not active.
    """
    client, broker_id = await identity.must_know_connection(work, request.client_id, request.client_secret)
    if request.grant_type != GRANT or client.type != "TRUSTED_PIS":
        raise identity.errors.UnsupportedGrant()
    scopes, missing = allowed(request.scope)
    person = await _signer(work, client, request.signed_content)
    if missing or not scopes:
        raise identity.errors.invalid_scope(" ".join(sorted(missing)))
    user_id = await user_of(work, person, may_be_new=True)
    act_as(work, user_id, client, person)
    work.record(Event.SIGNED_IN, user_id, patient_id=person.id)
    origin = identity.Origin(broker_id=broker_id, method=identity.Method.SIGNATURE)
    return await allow(work, user_id, client, scopes, origin)


async def _signer(work: Work, client: identity.Client, document: str) -> people.Person:
    """The active person whose КЕП signed the nonce of this client."""
    audience = identity.TRUSTED_AUDIENCE if client.type == "TRUSTED_PIS" else identity.LOGIN_AUDIENCE
    return await person_of(work, await identity.signer_of_nonce(work, client, document, audience=audience, field=FIELD))
