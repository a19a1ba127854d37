"""A patient comes in with their КЕП."""

from uuid import UUID

from esoz.central import identity, people
from esoz.kernel.errors import Conflict, rejected
from esoz.kernel.signed import open_signed
from esoz.kernel.work import Work

from . import wire
from .model import GRANT, Event, allowed

FIELD = "$.token.signed_content"


async def sign_in(work: Work, asked: wire.SignIn) -> identity.Issued:
    """Open a session for the holder of the КЕП that signed our nonce, in the order of AUTH-34.

    Raises the refusals of identity.errors, Rejected naming the field, Conflict when the person is not active.
    """
    client = await identity.must_know_secret(work, asked.client_id, asked.client_secret)
    if asked.grant_type != GRANT or client.type != "TRUSTED_PIS":
        raise identity.errors.UnsupportedGrant()
    opened = await open_signed(work, asked.signed_content, field=FIELD)
    jwt = opened.content.get("jwt")
    if not isinstance(jwt, str):
        raise rejected(f"{FIELD}.jwt", "required property jwt was not present", rule="required")
    audience = identity.TRUSTED_AUDIENCE
    nonce = identity.read_nonce(work.gear.secret, jwt, audience=audience, client_id=client.id, now=work.now)
    await identity.use_nonce(work, nonce)
    if not opened.signer.drfo:
        raise rejected(FIELD, "Invalid drfo")
    scopes, missing = allowed(asked.scope)
    if missing or not scopes:
        raise identity.errors.invalid_scope(" ".join(sorted(missing)))
    person = await _person_of(work, opened.signer.drfo)
    user_id = await _user_of(work, person)
    app = await identity.save_app(
        work.db, id=work.new_id(), user_id=user_id, client_id=client.id, scopes=scopes, at=work.now
    )
    work.record(Event.SIGNED_IN, user_id, patient_id=person.id)
    return await identity.issue_access(work, user_id, client.id, scopes, app["id"])


async def _person_of(work: Work, drfo: str) -> people.Person:
    person = await people.find_person_by_tax_id(work.db, "".join(drfo.split()))
    if person is None:
        raise Conflict("Person is not found")
    people.must_be_active(person)
    return person


async def _user_of(work: Work, person: people.Person) -> UUID:
    user = await identity.user_by_person(work.db, person.id)
    if user is None:
        user = await identity.create_user(
            work, email=None, password=None, tax_id=person.tax_id, person_id=person.id
        )
    if user.is_blocked:
        raise identity.errors.UserBlocked()
    return user.id
