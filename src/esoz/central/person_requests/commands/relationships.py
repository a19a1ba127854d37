"""A clinic asks that somebody speaks for a person, by other papers, or no more; it is confirmed, signed, and done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from esoz.central import people
from esoz.central.organisations import find_legal_entity, must_be_acting
from esoz.central.people import AuthenticationType, ConfidantDetails, Person, Relationship, RelationshipDocument
from esoz.central.uploads import Expected, abandon, close, expect, keep_taken
from esoz.kernel import documents
from esoz.kernel.errors import NotFound
from esoz.kernel.faults import must_hold
from esoz.kernel.payload import without_nulls
from esoz.kernel.signed import must_be_signed_by, must_equal, open_signed
from esoz.kernel.work import Work

from .. import policy
from ..content import relationship_to_be_signed
from ..model.confirmation import Way, WrongCode, guessed, is_right, needed_papers
from ..model.events import Event
from ..model.relationships import (
    FOLDER,
    Action,
    RelationshipRequest,
    Status,
    confidant_faults,
    moved,
    must_await_code,
    must_be_able,
    must_have_room,
    must_have_room_again,
    must_not_be_the_last,
    paper_faults,
    papers_to_show,
)
from ..model.requests import TERM
from ..store import relationships as store
from .confirmation import record_who_confirmed, way_of, with_code_sent

SIGNED = "$.signed_content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the clinic asks for: one of `confidant_person_id` and `relationship_id`."""

    action: Action
    documents: Sequence[RelationshipDocument]
    confidant_person_id: UUID | None = None
    relationship_id: UUID | None = None
    authorize_with: UUID | None = None


async def create(work: Work, person_id: UUID, order: Order) -> tuple[RelationshipRequest, list[Expected]]:
    """Ask: who is to speak confirms that they will; the person, or who speaks for them, that papers change or it ends.

    Raises NotFound, NotActive, Rejected, Conflict, TooManyConfidants, TooMany.
    """
    must_be_acting(await find_legal_entity(work.db, policy.clinic_of(work.actor)))
    person = await people.find_person(work.db, person_id)
    people.must_be_active(person)
    confirming = await _must_be_possible(work, person, order)
    way = await _way(work, person, order)
    request = _request(work, person_id, order, way)
    older = await store.cancel_older(work.db, person_id, request.legal_entity_id, work.now)
    await abandon(work, FOLDER, older)
    if request.phone is not None:
        request = await with_code_sent(work, request)
    await store.add(work.db, request)
    papers = needed_papers(confirming, request.method) + papers_to_show(order.documents)
    documents = await expect(work, FOLDER, request.id, papers, until=request.expires_at, patient_id=person_id)
    work.record(Event.RELATIONSHIP_REQUESTED, request.id, patient_id=person_id, action=str(order.action))
    return request, documents


async def approve(work: Work, person_id: UUID, id: UUID, code: int | None) -> RelationshipRequest:
    """Take the code and the scans. Raises NotFound, Conflict, Rejected, WrongCode, Forbidden."""
    request = await ours(work, person_id, id, lock=True)
    approved = moved(request, Status.APPROVED, work.now, work.actor.user_id)
    if request.phone is not None and not is_right(request, code, secret=work.dependencies.secret, now=work.now):
        await store.save(work.db, guessed(request, work.now))
        work.record(Event.RELATIONSHIP_CODE_REFUSED, id, patient_id=person_id)
        raise WrongCode()
    await close(work, FOLDER, id)
    await store.save(work.db, approved)
    work.record(Event.RELATIONSHIP_APPROVED, id, patient_id=person_id)
    record_who_confirmed(work, request)
    return approved


async def resend(work: Work, person_id: UUID, id: UUID) -> RelationshipRequest:
    """Send another code (DC-13). Raises NotFound, Conflict, Forbidden, TooMany."""
    request = await ours(work, person_id, id, lock=True)
    must_await_code(request, work.now)
    changed = await with_code_sent(work, request)
    await store.save(work.db, changed)
    work.record(Event.RELATIONSHIP_CODE_RESENT, id, patient_id=person_id)
    return changed


async def sign(work: Work, person_id: UUID, id: UUID, document: str) -> RelationshipRequest:
    """Do what was asked for by the document that an employee has signed. Of two at once exactly one wins.

    Raises NotFound, Conflict, Rejected, Forbidden, TooManyConfidants.
    """
    request = await ours(work, person_id, id, lock=True)
    changed = moved(request, Status.COMPLETED, work.now, work.actor.user_id)
    tax_id = await people.tax_id_of_signer(work)
    opened = await open_signed(work, document, field=SIGNED)
    must_be_signed_by(opened.signer, tax_id, field=SIGNED)
    message = "Signed content does not match the previously created content"
    must_equal(without_nulls(opened.content), relationship_to_be_signed(request), message=message)
    name = await documents.keep(work.db, f"{FOLDER}/{id}", opened.document)
    await _perform(work, request)
    changed = replace(changed, signed_document=name)
    await store.save(work.db, changed)
    await keep_taken(work, FOLDER, id)
    work.record(Event.RELATIONSHIP_SIGNED, id, patient_id=person_id, action=str(request.action))
    return changed


async def ours(work: Work, person_id: UUID, id: UUID, *, lock: bool = False) -> RelationshipRequest:
    """A request of the caller's clinic about this person; another's is not found."""
    request = await store.find(work.db, person_id, id, lock=lock)
    if request.legal_entity_id != policy.clinic_of(work.actor):
        raise NotFound()
    return request


async def _perform(work: Work, request: RelationshipRequest) -> None:
    """The person is held, so that two acts at once leave neither too many nor nobody; all is looked at again."""
    person = await people.find_person(work.db, request.person_id, lock=True)
    people.must_be_active(person)
    order = Order(
        action=request.action,
        documents=request.documents,
        confidant_person_id=request.confidant_person_id,
        relationship_id=request.relationship_id,
    )
    await _must_be_allowed(work, person, order)
    if request.confidant_person_id is not None:
        await people.add_confidant(work, person.id, _confidant(request))
        return
    assert request.relationship_id is not None
    if request.action is Action.UPDATE:
        await people.renew_confidant(work, person.id, request.relationship_id, request.documents)
    else:
        await people.end_confidant(work, person.id, request.relationship_id)


def _confidant(request: RelationshipRequest) -> ConfidantDetails:
    assert request.confidant_person_id is not None
    return ConfidantDetails(person_id=request.confidant_person_id, documents_relationship=request.documents)


async def _must_be_possible(work: Work, person: Person, order: Order) -> Person:
    """All rules when it is asked for; return who confirms by papers when they have no telephone."""
    place = "$.documents_relationship"
    if order.action is not Action.INSERT:
        place = "$.confidant_person_relationship.documents_relationship"
    must_hold(paper_faults(order.documents, work.days, place))
    return await _must_be_allowed(work, person, order)


async def _must_be_allowed(work: Work, person: Person, order: Order) -> Person:
    """What others may have changed meanwhile: asked for and signed, it has to hold each time."""
    relationships = await people.relationships(work.db, person.id)
    if order.confidant_person_id is None:
        assert order.relationship_id is not None
        found = next((each for each in relationships if each.id == order.relationship_id), None)
        if found is None:
            raise NotFound("Confidant person relationship is not found")
        if order.action is Action.UPDATE:
            must_be_able(await people.find_person(work.db, found.confidant_person_id), work.today)
            must_have_room_again(found.id, relationships, work.today)
            return person
        speaking = {each.person.id for each in await people.confidants(work.db, person.id, work.today)}
        left = [each for each in relationships if each.confidant_person_id in speaking]
        must_not_be_the_last(person, order.relationship_id, left, work.today)
        return person
    confidant = await _found(work, order.confidant_person_id)
    must_hold(confidant_faults(person, confidant, work.days))
    assert confidant is not None
    must_have_room(confidant.id, relationships, work.today)
    return confidant


async def _found(work: Work, id: UUID) -> Person | None:
    try:
        return await people.find_person(work.db, id)
    except NotFound:
        return None


async def _way(work: Work, person: Person, order: Order) -> Way:
    """Whose word is taken: never that of who is to go, and from fourteen on that of the person who has a telephone.

    New papers are confirmed as the person confirms everything; who has nobody left shows papers.

    A child's new confidant gives the own word; the papers of the right are shown in any case.
    """
    if order.confidant_person_id is not None:
        methods = await people.authentication_methods(work.db, person.id)
        own = [each.phone_number for each in methods if each.type is AuthenticationType.OTP]
        if own and people.age(person.birth_date, work.today) >= people.TAX_ID_AGE:
            return Way(AuthenticationType.OTP, own[0])
        way = await way_of(work, order.confidant_person_id, None)
        return replace(way, by=way.by or order.confidant_person_id)
    if order.action is Action.UPDATE:
        return await way_of(work, person.id, order.authorize_with)
    going = await _going(work, person.id, order.relationship_id)
    return await way_of(work, person.id, order.authorize_with, without=going)


async def _going(work: Work, person_id: UUID, relationship_id: UUID | None) -> UUID | None:
    found: list[Relationship] = await people.relationships(work.db, person_id)
    return next((each.confidant_person_id for each in found if each.id == relationship_id), None)


def _request(work: Work, person_id: UUID, order: Order, way: Way) -> RelationshipRequest:
    return RelationshipRequest(
        id=work.new_id(),
        person_id=person_id,
        status=Status.NEW,
        action=order.action,
        legal_entity_id=policy.clinic_of(work.actor),
        documents=tuple(order.documents),
        confidant_person_id=order.confidant_person_id,
        relationship_id=order.relationship_id,
        authorize_with=order.authorize_with,
        method=way.type,
        phone=way.phone,
        confirmed_by=way.by,
        expires_at=work.now + TERM,
        inserted_at=work.now,
        inserted_by=work.actor.user_id,
        updated_at=work.now,
        updated_by=work.actor.user_id,
    )
