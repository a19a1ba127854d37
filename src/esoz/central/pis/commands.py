"""Coming in with КЕП: patients to their cabinets, and workers to central's own sign-in."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central import identity, people, verifications
from esoz.kernel.errors import Conflict, Forbidden, Rejected, rejected
from esoz.kernel.signed import must_be_signed_by, open_signed
from esoz.kernel.work import Work

from . import wire
from .model import GRANT, Event, allowed

FIELD, SIGNED = "$.token.signed_content", "$.signed_content"


class UnverifiedPhone(Rejected):
    """A code has just been sent to the telephone; it comes with the next try."""

    keeps = True
    type, default = "unverified", "Unverified phone number"


async def log_in(work: Work, client_id: UUID, document: str, *, may_be_new: bool) -> identity.Issued:
    """A session for the holder of the КЕП that signed our nonce: a patient at a cabinet, a worker elsewhere (AUTH-34).

    `may_be_new`: a patient who comes for the first time becomes a user. Raises the refusals of identity.errors,
    Rejected naming the field, Conflict when the person is not active.
    """
    client = await identity.must_be_client(work, client_id)
    if client.type not in identity.PATIENT_TYPES:
        return await identity.log_in_by_signature(work, client_id, document, field=FIELD)
    person = await _signer(work, client, document)
    user_id = await _user_of(work, person, may_be_new=may_be_new)
    _act_as(work, user_id, client, person)
    work.record(Event.SIGNED_IN, user_id, patient_id=person.id)
    return await identity.issue_session(
        work, user_id, client.id, identity.AUTHORIZE, method=identity.Method.SIGNATURE
    )


async def sign_in(work: Work, asked: wire.SignIn) -> identity.Issued:
    """Tokens for the holder of the КЕП that signed our nonce, in one step: for trusted cabinets (AUTH-34).

    Raises the refusals of identity.errors, Rejected naming the field, Conflict when the person is not active.
    """
    client, broker_id = await identity.must_know_connection(work, asked.client_id, asked.client_secret)
    if asked.grant_type != GRANT or client.type != "TRUSTED_PIS":
        raise identity.errors.UnsupportedGrant()
    scopes, missing = allowed(asked.scope)
    person = await _signer(work, client, asked.signed_content)
    if missing or not scopes:
        raise identity.errors.invalid_scope(" ".join(sorted(missing)))
    user_id = await _user_of(work, person, may_be_new=True)
    app = await identity.save_app(
        work.db, id=work.new_id(), user_id=user_id, client_id=client.id, scopes=scopes, at=work.now
    )
    _act_as(work, user_id, client, person)
    work.record(Event.SIGNED_IN, user_id, patient_id=person.id)
    origin = identity.Origin(broker_id=broker_id, method=identity.Method.SIGNATURE)
    return await identity.issue_access(work, user_id, client.id, scopes, app["id"], origin=origin)


async def sign_up(work: Work, asked: wire.SignedBody) -> tuple[people.Person, identity.Issued]:
    """Tokens for who signed their own registration; a person of the index is made when there is none yet.

    Raises what sign_in raises, UnverifiedPhone after sending a code to the telephone of a new person.
    """
    client, broker_id, scopes = await _trusted(work, asked.token)
    opened = await open_signed(work, asked.signed_content, field=SIGNED)
    details = await _registration(work, opened.content)
    nonce = identity.read_nonce(
        work.gear.secret, str(opened.content["jwt"]), audience=identity.TRUSTED_AUDIENCE, client_id=client.id,
        now=work.now,
    )  # fmt: skip
    must_be_signed_by(opened.signer, details.tax_id or "", field=SIGNED)
    person = await people.find_person_by_tax_id(work.db, details.tax_id or "")
    if person is None:
        await _must_have_verified(work, details, asked.otp)
        person = await people.create_person(work, details)
    people.must_be_active(person)
    await identity.use_nonce(work, nonce)
    user_id = await _user_of(work, person, may_be_new=True)
    _act_as(work, user_id, client, person)
    work.record(Event.SIGNED_UP, user_id, patient_id=person.id)
    origin = identity.Origin(broker_id=broker_id, method=identity.Method.SIGNATURE)
    return person, await _allow(work, user_id, client, scopes, origin)


async def sign_in_for(work: Work, asked: wire.SignedBody) -> tuple[UUID, identity.Issued]:
    """Tokens of a related person for who speaks for them today; also the person who acts.

    Raises what sign_in raises, Forbidden when nobody whom the signer speaks for is the one named.
    """
    client, broker_id, scopes = await _trusted(work, asked.token)
    opened = await open_signed(work, asked.signed_content, field=SIGNED)
    _must_be_as_published(work, "/api/pis/confidant/sign-in", opened.content)
    applicant = await _person_of(work, opened.signer.drfo)
    ward = wire.ward(opened.content)
    if not ward.is_named():
        raise rejected(f"{SIGNED}.tax_id", "required property tax_id was not present", rule="required")
    found = [each for each in await people.represented_by(work.db, applicant.id, work.today) if ward.matches(each)]
    if len(found) != 1:
        raise Forbidden("Relation between persons is not found")
    user_id = await _user_of(work, found[0], may_be_new=True)
    applicant_user_id = await _user_of(work, applicant, may_be_new=True)
    _act_as(work, user_id, client, found[0])
    work.record(Event.SIGNED_IN_FOR, user_id, patient_id=found[0].id, applicant=str(applicant.id))
    method = identity.Method.SIGNATURE
    origin = identity.Origin(broker_id=broker_id, method=method, applicant_user_id=applicant_user_id)
    return applicant.id, await _allow(work, user_id, client, scopes, origin)


async def _trusted(work: Work, asked: wire.Grant) -> tuple[identity.Client, UUID, frozenset[str]]:
    """The trusted cabinet that asks, its vendor, and the scopes that a patient may have."""
    client, broker_id = await identity.must_know_connection(work, asked.client_id, asked.client_secret)
    if asked.grant_type != GRANT or client.type != "TRUSTED_PIS":
        raise identity.errors.UnsupportedGrant()
    scopes, missing = allowed(asked.scope)
    if missing or not scopes:
        raise identity.errors.invalid_scope(" ".join(sorted(missing)))
    return client, broker_id, scopes


async def _allow(
    work: Work, user_id: UUID, client: identity.Client, scopes: frozenset[str], origin: identity.Origin
) -> identity.Issued:
    """Record what was allowed and issue the tokens."""
    app = await identity.save_app(
        work.db, id=work.new_id(), user_id=user_id, client_id=client.id, scopes=scopes, at=work.now,
        applicant_user_id=origin.applicant_user_id,
    )  # fmt: skip
    return await identity.issue_access(work, user_id, client.id, scopes, app["id"], origin=origin)


async def _registration(work: Work, content: Mapping[str, object]) -> people.PersonDetails:
    """The person of a signed registration. Raises Rejected naming the fields."""
    _must_be_as_published(work, "/api/pis/sign-up", content)
    for consent in ("patient_signed", "process_disclosure_data_consent"):
        if content[consent] is not True:
            raise rejected(f"$.{consent}", "must be accepted", rule="acceptance")
    try:
        details = msgspec.convert(content["person"], people.PersonDetails, strict=False)
    except msgspec.ValidationError as fault:
        raise rejected("$.person", str(fault), rule="cast") from fault
    if not details.tax_id:
        raise rejected("$.person.tax_id", "required property tax_id was not present", rule="required")
    return details


async def _must_have_verified(work: Work, details: people.PersonDetails, code: int | None) -> None:
    """The telephone that codes will go to answers to the one who signs up."""
    for method in details.authentication_methods:
        phone = method.phone_number
        if phone is None or await verifications.is_verified(work.db, phone):
            continue
        if code is None:
            await verifications.start(work, phone, entry="$.person.authentication_methods")
            raise UnverifiedPhone()
        await verifications.complete(work, phone, str(code))


def _must_be_as_published(work: Work, path: str, content: Mapping[str, object]) -> None:
    schema = work.gear.schemas.signed("POST", path)
    if schema is not None:
        schema.check(content)


async def _person_of(work: Work, drfo: str | None) -> people.Person:
    """The active person behind a КЕП."""
    if not drfo:
        raise rejected(SIGNED, "Invalid drfo")
    person = await people.find_person_by_tax_id(work.db, "".join(drfo.split()))
    if person is None:
        raise Conflict("Person is not found")
    people.must_be_active(person)
    return person


async def _signer(work: Work, client: identity.Client, document: str) -> people.Person:
    """The active person whose КЕП signed the nonce of this client."""
    audience = identity.TRUSTED_AUDIENCE if client.type == "TRUSTED_PIS" else identity.LOGIN_AUDIENCE
    drfo = await identity.signer_of_nonce(work, client, document, audience=audience, field=FIELD)
    return await _person_of(work, drfo)


def _act_as(work: Work, user_id: UUID, client: identity.Client, person: people.Person) -> None:
    work.actor = replace(work.actor, user_id=user_id, client_id=client.id, client_type=client.type, person_id=person.id)


async def _user_of(work: Work, person: people.Person, *, may_be_new: bool) -> UUID:
    user = await identity.user_by_person(work.db, person.id)
    if user is None:
        if not may_be_new:
            raise identity.errors.UserNotRegistered()
        user = await identity.create_user(
            work, email=None, password=None, tax_id=person.tax_id, person_id=person.id
        )
    if user.is_blocked:
        raise identity.errors.UserBlocked()
    return user.id
