"""A person changes their own data through a cabinet: writes them down, signs with their key, or gives it up (CB-4)."""

from dataclasses import replace
from uuid import UUID

from esoz.central import people
from esoz.central.people import AuthenticationType, Person, PersonDetails
from esoz.central.uploads import Expected, abandon, close, expect, keep_taken
from esoz.kernel import documents
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.payload import without_nulls
from esoz.kernel.signed import must_equal, open_signed
from esoz.kernel.spelling import same_number
from esoz.kernel.work import Signer, Work

from ..content import own_to_be_signed, printed_form
from ..model.events import Event
from ..model.requests import (
    FOLDER,
    OWN_CHANNEL,
    TERM,
    THREE_FIELDS,
    PersonRequest,
    Status,
    identity_of,
    moved,
    must_keep_tax_id,
    papers_of_change,
)
from ..store import requests

SIGNED = "$.signed_content"
SOURCE = "Особистий кабінет"


async def create(work: Work, details: PersonDetails) -> tuple[PersonRequest, list[Expected]]:
    """Write down the new data of the person who asks; a newer request ends the ones before.

    Raises Forbidden, NotActive (PS-18), Rejected naming the fields, Conflict (PS-19).
    """
    person = await _person(work)
    must_keep_tax_id(person, details)
    details = people.as_registered(person, details)
    await people.must_be_acceptable(work, details, is_known=True)
    await people.must_own_tax_id(work, details, person.id)
    request = _request(work, person, details)
    await abandon(work, FOLDER, await requests.cancel_older_own(work.db, person.id, work.now))
    await requests.add(work.db, request)
    papers = papers_of_change(person, details)
    documents = await expect(work, FOLDER, request.id, papers, until=request.expires_at, patient_id=person.id)
    work.record(Event.OWN_CREATED, request.id, patient_id=person.id)
    return request, documents


async def complete(work: Work, id: UUID, document: str) -> PersonRequest:
    """Change the data by the document that the person, or who speaks for them, has signed, once the scans are here.

    Raises NotFound, Conflict (the status, or what is missing), Rejected, NotActive.
    """
    await _hold_identity(work, id)
    request = await _own(work, id)
    changed = moved(request, Status.SIGNED, work.now, work.actor.user_id)
    opened = await open_signed(work, document, field=SIGNED)
    message = "Signed content does not match the previously created content"
    must_equal(without_nulls(opened.content), without_nulls(own_to_be_signed(request)), message=message)
    await _must_be_signed_for(work, request, opened.signer)
    await close(work, FOLDER, id)
    # BG-20: the signed document is kept before anything is changed by it.
    name = await documents.keep(work.db, f"{FOLDER}/{id}", opened.document)
    await _take_over(work, request)
    changed = replace(changed, signed_document=name)
    await requests.save(work.db, changed)
    await keep_taken(work, FOLDER, id)
    return changed


async def _hold_identity(work: Work, id: UUID) -> None:
    """Before the request itself: who asks anew about the same child holds them in this order, too."""
    request = await requests.find(work.db, id)
    if request.is_new and request.is_by(people.patient_of(work.actor)):
        await people.hold_identity(work, request.details)


async def _take_over(work: Work, request: PersonRequest) -> None:
    if not request.is_new:
        await people.update_person(work, request.person_id, request.details)
        work.record(Event.OWN_COMPLETED, request.id, patient_id=request.person_id)
        return
    # PS-31: the details were judged when they were told; what others did since is looked at again.
    await people.must_be_nobody_yet(work, request.details)
    await people.register_person(work, request.details, id=request.person_id)
    for person_id in (request.person_id, request.confirmed_by):
        work.record(Event.CHILD_REGISTERED, request.id, patient_id=person_id)


async def reject(work: Work, id: UUID) -> PersonRequest:
    """Give an own request up. Raises NotFound, Conflict."""
    request = await _own(work, id)
    given_up = moved(request, Status.REJECTED, work.now, work.actor.user_id)
    await requests.save(work.db, given_up)
    await abandon(work, FOLDER, [id])
    work.record(Event.OWN_REJECTED, id, patient_id=people.patient_of(work.actor))
    return given_up


async def _person(work: Work, *, lock: bool = False) -> Person:
    """The active person who asks. Raises Forbidden, NotActive."""
    person = await people.find_person(work.db, people.patient_of(work.actor), lock=lock)
    people.must_be_active(person)
    return person


async def _own(work: Work, id: UUID) -> PersonRequest:
    """An own request of the person who asks, held; another's, or a clinic's, is not found."""
    person_id = people.patient_of(work.actor)
    request = await requests.find(work.db, id, lock=True)
    if not request.is_by(person_id):
        raise NotFound()
    return request


async def _must_be_signed_for(work: Work, request: PersonRequest, signer: Signer) -> None:
    """Raise Rejected unless the signer is the person, or speaks for them today (SG-4, PS-15).

    A tax id that the index does not have yet is only taken from the certificate (CB-4).
    """
    person = await _person(work, lock=True)
    if request.is_new:
        # PS-31: a child is registered by nobody's key but the parent's.
        if not people.has_number(person, signer):
            raise rejected(SIGNED, "Does not match the signer drfo")
        return
    must_keep_tax_id(person, request.details)  # a clinic may have written one down meanwhile
    speakers = [each.person for each in await people.confidants(work.db, person.id, work.today)]
    if not any(people.has_number(each, signer) for each in (person, *speakers)):
        raise rejected(SIGNED, "Does not match the signer drfo")
    told = request.details.tax_id
    if told and told != person.tax_id and not same_number(told, signer.drfo):
        raise rejected(SIGNED, "Does not match the signer drfo")


def _request(work: Work, person: Person, details: PersonDetails) -> PersonRequest:
    return PersonRequest(
        id=work.new_id(),
        version=THREE_FIELDS,
        status=Status.APPROVED,
        channel=OWN_CHANNEL,
        legal_entity_id=None,
        person_id=person.id,
        is_new=False,
        identity=identity_of(details, person.id),
        details=details,
        method=AuthenticationType.NA,
        content=printed_form(details, SOURCE, work.today, is_new=False),
        expires_at=work.now + TERM,
        inserted_at=work.now,
        inserted_by=work.actor.user_id,
        updated_at=work.now,
        updated_by=work.actor.user_id,
    )
