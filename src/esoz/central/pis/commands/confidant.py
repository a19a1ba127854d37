"""Signing in for another: who speaks for a child or a ward signs them in, or registers them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from esoz.central import identity, people
from esoz.kernel.errors import Conflict, Forbidden, Rejected, rejected
from esoz.kernel.signed import Opened, open_signed
from esoz.kernel.work import Work

from .. import store
from ..content import must_be_as_published, registered_person, ward_of
from ..model import Event, SignedRequest, papers_of
from .sign_up import SignUp, checked_before, registration_token
from .signing import (
    SIGNED,
    act_as,
    actor_person,
    allow,
    cabinet,
    must_be_signed_by_person,
    person_of,
    trusted,
    user_of,
)

NOT_RELATED = "Relation between persons is not found"
NOT_CONFIRMED = "Can’t confirm relationship"  # public documentation, page 17629544512
METHOD = identity.Method.SIGNATURE


async def sign_in_for(work: Work, request: SignedRequest) -> tuple[UUID, identity.IssuedToken]:
    """Tokens of a related person for who speaks for them today; also the person who acts.

    Raises the refusals of identity.errors, Rejected naming the field, Conflict, and Forbidden when nobody whom the
    signer speaks for is the one named.
    """
    client, broker_id, scopes = await trusted(work, request.token)
    opened = await open_signed(work, request.signed_content, field=SIGNED)
    must_be_as_published(work.dependencies.schemas, "/api/pis/confidant/sign-in", opened.content)
    applicant = await person_of(work, opened.signer)
    ward = await _ward(work, applicant, opened.content)
    user_id, applicant_user_id = await _users(work, ward, applicant)
    act_as(work, user_id, client, ward)
    work.record(Event.SIGNED_IN_FOR, user_id, patient_id=ward.id, applicant=str(applicant.id))
    origin = identity.Origin(broker_id=broker_id, method=METHOD, applicant_user_id=applicant_user_id)
    return applicant.id, await allow(work, user_id, client, scopes, origin)


async def log_in_for(work: Work, client_id: UUID, document: str) -> tuple[people.Person, UUID, identity.IssuedToken]:
    """A session of a related person, that authorises cabinets, for the person who is signed in and signed this.

    Returns the related person, the person who acts, and the session. Raises what sign_in_for raises.
    """
    client, applicant = await cabinet(work, client_id), await actor_person(work)
    ward = await read_ward(work, applicant, document)
    user_id, applicant_user_id = await _users(work, ward, applicant)
    issued = await identity.issue_session(
        work, user_id, client.id, identity.AUTHORIZE, method=METHOD, applicant_user_id=applicant_user_id
    )
    act_as(work, user_id, client, ward)
    work.record(Event.SIGNED_IN_FOR, user_id, patient_id=ward.id, applicant=str(applicant.id))
    return ward, applicant.id, issued


async def read_ward(work: Work, applicant: people.Person, document: str) -> people.Person:
    """Whom the signed request of this applicant names, when they speak for them today. Raises as sign_in_for."""
    opened = await open_signed(work, document, field=SIGNED)
    must_be_as_published(work.dependencies.schemas, "/api/pis/confidant/login", opened.content)
    must_be_signed_by_person(opened.signer, applicant)
    return await _ward(work, applicant, opened.content)


async def sign_up_for(work: Work, request: SignedRequest) -> tuple[people.Person, UUID, identity.IssuedToken]:
    """Tokens of a new person whom the signer registers and speaks for; also the person who acts.

    Raises the refusals of identity.errors, Rejected naming the fields, Conflict when the registers of the state do
    not confirm the relation or the person is known already.
    """
    client, broker_id, scopes = await trusted(work, request.token)
    opened = await open_signed(work, request.signed_content, field=SIGNED)
    applicant = await person_of(work, opened.signer)
    details = await _registration_for(work, "/api/pis/confidant/sign-up", applicant, opened)
    person = await people.create_person(work, details)
    user_id, applicant_user_id = await _users(work, person, applicant)
    act_as(work, user_id, client, person)
    work.record(Event.SIGNED_UP_FOR, user_id, patient_id=person.id, applicant=str(applicant.id))
    origin = identity.Origin(broker_id=broker_id, method=METHOD, applicant_user_id=applicant_user_id)
    return person, applicant.id, await allow(work, user_id, client, scopes, origin)


async def check_sign_up_for(work: Work, client_id: UUID, document: str) -> SignUp:
    """Read a registration that the person who is signed in signed for another. Nothing is written.

    Raises what sign_up_for raises.
    """
    applicant, client = await actor_person(work), await cabinet(work, client_id)
    opened = await open_signed(work, document, field=SIGNED)
    details = await _registration_for(work, "/api/pis/confidant/sign-up_validation", applicant, opened)
    if faults := people.person_faults(details, work.days):
        raise Rejected(invalid=tuple(faults))
    nonce = _nonce_of(work, client, opened.content)
    work.record(Event.SIGN_UP_READ, client.id)
    return SignUp(details, nonce, registration_token(work, nonce, opened.content))


async def register_for(work: Work, document: str, token: str) -> tuple[people.Person, UUID, identity.IssuedToken]:
    """Carry out a registration for another that was checked; the session authorises cabinets for the new person.

    Returns the new person, the person who acts, and the session. Raises what check_sign_up_for raises.
    """
    applicant = await actor_person(work)
    opened = await open_signed(work, document, field=SIGNED)
    nonce = checked_before(work, token, opened.content)
    client = await cabinet(work, nonce.client_id)
    details = await _registration_for(work, "/api/pis/confidant/register", applicant, opened)
    person = await people.create_person(work, details)
    await identity.use_nonce(work, nonce.nonce)
    user_id, applicant_user_id = await _users(work, person, applicant)
    issued = await identity.issue_session(
        work, user_id, client.id, identity.AUTHORIZE, method=METHOD, applicant_user_id=applicant_user_id
    )
    act_as(work, user_id, client, person)
    work.record(Event.SIGNED_UP_FOR, user_id, patient_id=person.id, applicant=str(applicant.id))
    return person, applicant.id, issued


async def wards(work: Work) -> list[people.Person]:
    """Whom the person who is signed in speaks for today."""
    applicant = await actor_person(work)
    return await people.represented_by(work.db, applicant.id, work.today)


async def authorize_for(
    work: Work,
    ward: people.Person,
    client_id: UUID,
    redirect_uri: str,
    scope: str,
    *,
    challenge: str | None = None,
) -> identity.IssuedToken:
    """A code for a cabinet, by the consent of the person who is signed in, to act for this one.

    Raises what sign_in_for raises, Forbidden when they do not speak for this person today.
    """
    applicant = await actor_person(work)
    if ward.id not in {each.id for each in await wards(work)}:
        raise Forbidden(NOT_RELATED)
    user_id, applicant_user_id = await _users(work, ward, applicant)
    work.record(Event.SIGNED_IN_FOR, user_id, patient_id=ward.id, applicant=str(applicant.id))
    origin = identity.Origin(method=METHOD, applicant_user_id=applicant_user_id)
    return await identity.authorize(work, user_id, client_id, redirect_uri, scope, origin=origin, challenge=challenge)


async def _registration_for(work: Work, path: str, applicant: people.Person, opened: Opened) -> people.PersonDetails:
    """The person of a registration that this applicant signed and may make."""
    must_be_signed_by_person(opened.signer, applicant)
    person = opened.content.get("person")
    fields = person if isinstance(person, dict) else {}
    methods = fields.get("authentication_methods") or [{"type": "THIRD_PERSON", "value": str(applicant.id)}]
    confidants = [fields["confidant_person"]] if "confidant_person" in fields else []
    details = registered_person(
        work.dependencies.schemas, path, opened.content, authentication_methods=methods, confidant_persons=confidants
    )
    if details.confidant_persons[0].person_id != applicant.id:
        raise rejected("$.person.confidant_person.person_id", "Confidant person must be the signer")
    await _must_be_confirmed(work, applicant, details)
    await _must_be_unknown(work, details)
    return details


async def _must_be_confirmed(work: Work, applicant: people.Person, details: people.PersonDetails) -> None:
    """A relation counts when a register of the state knows it (published note of the operation)."""
    acts = await store.acts(work.db, papers_of(details), details.birth_date)
    if not any(act.lets(people.identifying_numbers(applicant), details, work.today) for act in acts):
        raise Conflict(NOT_CONFIRMED)


async def _must_be_unknown(work: Work, details: people.PersonDetails) -> None:
    """Somebody of the index is signed in for, not registered again (children have papers and no tax number)."""
    known = await people.find_person_by_tax_id(work.db, details.tax_id) if details.tax_id else None
    for paper in details.documents:
        known = known or await people.find_by_document(work.db, paper, details.birth_date)
    if known is not None:
        raise Conflict("Such person already exists")


def _nonce_of(work: Work, client: identity.Client, content: Mapping[str, Any]) -> identity.Nonce:
    """The nonce inside the document; a new one when there is none, as the published document has none."""
    jwt = content.get("jwt")
    if jwt is None:
        return identity.Nonce(work.new_id(), client.id)
    audience = identity.LOGIN_AUDIENCE
    nonce = identity.read_nonce(
        work.dependencies.secret, str(jwt), audience=audience, client_id=client.id, now=work.now
    )
    return identity.Nonce(nonce, client.id)


async def _ward(work: Work, applicant: people.Person, content: Mapping[str, Any]) -> people.Person:
    """The one of those whom the applicant speaks for today that the document names."""
    ward = ward_of(content)
    if not ward.is_named():
        raise rejected(f"{SIGNED}.tax_id", "required property tax_id was not present", rule="required")
    found = [each for each in await people.represented_by(work.db, applicant.id, work.today) if ward.matches(each)]
    if len(found) != 1:
        raise Forbidden(NOT_RELATED)
    return found[0]


async def _users(work: Work, ward: people.Person, applicant: people.Person) -> tuple[UUID, UUID]:
    """The users of who is spoken for and of who speaks."""
    return await user_of(work, ward, may_be_new=True), await user_of(work, applicant, may_be_new=True)
