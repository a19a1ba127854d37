"""Changes of persons."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from uuid import UUID

from msgspec import structs

from esoz.central.dictionaries import must_be_known
from esoz.central.identity import follow_tax_id
from esoz.kernel import documents
from esoz.kernel.errors import Conflict, Invalid, NotFound, Rejected, rejected
from esoz.kernel.signed import must_be_signed_by, open_signed
from esoz.kernel.spelling import plain_number
from esoz.kernel.work import Work

from . import content, policy, store
from .model import (
    ADULT_AGE,
    NHS,
    PHONE_LIMIT,
    AuthenticationDetails,
    AuthenticationMethod,
    ConfidantDetails,
    Document,
    Event,
    Person,
    PersonDetails,
    Relationship,
    RelationshipDocument,
    age,
    called,
    initial_verification,
    is_called,
    must_be_active,
    person_faults,
    settled,
    tidied,
    tidy,
    told,
    with_others,
    with_word_of_people,
)

_OF_RELATIONS = {"authentication_methods", "confidant_persons"}
EXISTS = "Such person already exists"
VERIFICATION_NEEDED = "VERIFICATION_NEEDED"


async def create_person(work: Work, details: PersonDetails, *, id: UUID | None = None) -> Person:
    """Register an active person who signed the form, with the way to authenticate and those who speak for them.

    Raises Rejected naming the fields below `$.person`, or Conflict when such a person exists (PS-19).
    """
    await must_be_acceptable(work, details)
    return await register_person(work, details, id=id)


async def must_be_acceptable(work: Work, details: PersonDetails, *, is_known: bool = False) -> None:
    """Raise Rejected naming every field below `$.person` that may not be so today.

    `is_known`: new data of somebody who is registered already.
    """
    faults = person_faults(details, work.days, is_known=is_known)
    if faults:
        raise Rejected(invalid=tuple(faults))
    await must_be_known(work.db, details.addresses, entry="$.person.addresses")
    await _must_have_confidants(work, details)
    for method in details.authentication_methods:
        await _must_have_free_phone(work, method)


async def register_person(work: Work, details: PersonDetails, *, id: UUID | None = None) -> Person:
    """The same for details that were found acceptable when they were told; what others did since is looked at again.

    Raises Rejected for a telephone that too many have by now, Conflict when such a person exists by now (PS-19).
    """
    method = details.authentication_methods[0]
    if method.phone_number is not None:
        await hold_phone(work, method.phone_number)
    await _must_have_free_phone(work, method)
    if details.tax_id is not None and await store.tax_id_is_taken(work.db, details.tax_id):
        raise Conflict(EXISTS)
    person = _person(work, details, id or work.new_id())
    await store.add_person(work.db, person, work.actor.user_id)
    await _add_relations(work, person.id, method, details)
    work.record(Event.PERSON_CREATED, person.id, patient_id=person.id)
    return person


async def update_person(work: Work, id: UUID, details: PersonDetails) -> Person:
    """New data of a person, whole; how they confirm and who speaks for them stays, the registers are asked anew.

    Raises NotFound, NotActive (PS-18), Conflict when the tax id is another's (PS-19).
    """
    person = await store.find_person(work.db, id, lock=True)
    must_be_active(person)
    await must_own_tax_id(work, details, id)
    repeated = as_registered(person, details)
    changed = replace(
        _person(work, called(repeated, with_others(person, repeated)), id),
        inserted_at=person.inserted_at,
        death_date=person.death_date,
        preferred_way_communication=details.preferred_way_communication or person.preferred_way_communication,
    )
    changed = with_word_of_people(person, changed)
    await store.update_person(work.db, changed, work.actor.user_id)
    if changed.tax_id != person.tax_id:
        await follow_tax_id(work, id, changed.tax_id)
    work.record(Event.PERSON_UPDATED, id, patient_id=id)
    return changed


def as_registered(person: Person, details: PersonDetails) -> PersonDetails:
    """What a change by a version with one name and no countries of papers repeats means what is registered."""
    known = {_key_of(each): each.issuing_country for each in person.documents}
    documents = tuple(
        structs.replace(each, issuing_country=each.issuing_country or known.get(_key_of(each)))
        for each in details.documents
    )
    same = called(details, with_others(person, details)) if is_called(person, details) else details
    return replace(same, documents=documents)


def _key_of(document: Document) -> tuple[str, str]:
    return document.type, plain_number(document.number)


async def note_register_word(work: Work, id: UUID, register: str, word: Mapping[str, object]) -> Person:
    """Write what a register answered about a person; the word about the person follows from all of them."""
    person = told(await store.find_person(work.db, id, lock=True), register, word, work.now)
    await store.set_verification(work.db, person, work.actor.user_id)
    event = Event.PEOPLE_SPOKE if register == NHS else Event.REGISTER_SPOKE
    work.record(event, id, patient_id=id, register=register)
    return person


async def settle_verification(work: Work, id: UUID, document: str) -> Person:
    """Settle what a register doubts of a patient of ours, by the document that an employee has signed (PS-30).

    Raises Forbidden, Rejected, NotActive, Conflict when nothing is in doubt.
    """
    await policy.must_be_our_patient(work, id)
    tax_id = await policy.tax_id_of_signer(work)
    opened = await open_signed(work, document)
    must_be_signed_by(opened.signer, tax_id, field="$.signed_content")
    register, how = content.settlement_of(work.dependencies.schemas, opened.content)
    person = await store.find_person(work.db, id, lock=True)
    must_be_active(person)
    changed = settled(person, register, how, work.days, work.now)
    name = await documents.keep(work.db, f"person_verifications/{id}", opened.document)
    await store.set_verification(work.db, changed, work.actor.user_id)
    work.record(Event.VERIFICATION_SETTLED, id, patient_id=id, register=register, document=name)
    return changed


async def must_own_tax_id(work: Work, details: PersonDetails, id: UUID) -> None:
    """Raise Conflict when the tax id that a registered person tells is another's (PS-19)."""
    if details.tax_id is None:
        return
    found = await store.find_person_by_tax_id(work.db, details.tax_id)
    if found is not None and found.id != id:
        raise Conflict(EXISTS)


async def hold_identity(work: Work, details: PersonDetails) -> None:
    """One act at a time about people of these numbers, until the transaction ends."""
    await store.lock_identity(work.db, details)


async def must_be_nobody_yet(work: Work, details: PersonDetails) -> None:
    """Raise Conflict when somebody is registered by these numbers already (PS-17, PS-19).

    From fourteen on the tax id tells, whoever has none is known by any document, a child by the birth certificate.
    Asked again when the person is made: two clinics may register the same one at once, so their acts go one by one.
    """
    await hold_identity(work, details)
    if await store.namesakes(work.db, details):
        raise Conflict(EXISTS)


def _person(work: Work, details: PersonDetails, id: UUID) -> Person:
    values = {field.name: getattr(details, field.name) for field in fields(details) if field.name not in _OF_RELATIONS}
    for name in ("first_name", "last_name", "second_name"):
        values[name] = values[name] and tidy(values[name])
    values["names"] = tuple(tidied(name) for name in details.names)
    return Person(
        id=id,
        **values,
        patient_signed=True,
        verification_status=VERIFICATION_NEEDED,
        verification_details=initial_verification(details),
        minfin_validation_status=VERIFICATION_NEEDED,
        inserted_at=work.now,
        updated_at=work.now,
    )


async def add_authentication_method(work: Work, person_id: UUID, details: AuthenticationDetails) -> None:
    """One more way to authenticate; who had none chosen yet has one now."""
    await store.end_methods_not_chosen(work.db, person_id, work.now, work.actor.user_id)
    await _add_method(work, person_id, details)
    work.record(Event.METHOD_ADDED, person_id, patient_id=person_id, type=str(details.type))


async def rename_authentication_method(work: Work, person_id: UUID, id: UUID, alias: str | None) -> None:
    """What the person calls it."""
    await store.set_alias(work.db, (person_id, id), alias, work.now, work.actor.user_id)
    work.record(Event.METHOD_RENAMED, id, patient_id=person_id)


async def end_authentication_method(work: Work, person_id: UUID, id: UUID) -> None:
    """Nobody confirms by it any more."""
    await store.end_method(work.db, (person_id, id), work.now, work.actor.user_id)
    work.record(Event.METHOD_ENDED, id, patient_id=person_id)


async def _add_method(work: Work, person_id: UUID, method: AuthenticationDetails) -> None:
    by = work.actor.user_id
    await store.add_method(
        work.db,
        AuthenticationMethod(
            id=work.new_id(),
            person_id=person_id,
            type=method.type,
            phone_number=method.phone_number,
            value=method.value,
            alias=method.alias,
            started_at=work.now,
            inserted_at=work.now,
            updated_at=work.now,
            inserted_by=by,
            updated_by=by,
        ),
    )


async def _add_relations(work: Work, person_id: UUID, method: AuthenticationDetails, details: PersonDetails) -> None:
    by = work.actor.user_id
    await _add_method(work, person_id, method)
    for confidant in details.confidant_persons:
        await store.add_relationship(work.db, _relationship(work, person_id, confidant), work.now, by)


async def add_confidant(work: Work, person_id: UUID, confidant: ConfidantDetails) -> None:
    """Somebody speaks for the person from now on, until the first of the papers ends."""
    await store.add_relationship(work.db, _relationship(work, person_id, confidant), work.now, work.actor.user_id)
    work.record(Event.CONFIDANT_ADDED, person_id, patient_id=person_id)


async def renew_confidant(
    work: Work, person_id: UUID, relationship_id: UUID, documents: Sequence[RelationshipDocument]
) -> None:
    """Somebody speaks for the person by these papers from now on; no register has confirmed them yet."""
    await store.renew_relationship(
        work.db, (person_id, relationship_id), documents, _end_of(documents), (work.now, work.actor.user_id)
    )
    work.record(Event.CONFIDANT_RENEWED, relationship_id, patient_id=person_id)


async def end_confidant(work: Work, person_id: UUID, relationship_id: UUID) -> None:
    """Nobody speaks for the person by this right any more."""
    await store.end_relationship(work.db, (person_id, relationship_id), work.now, work.actor.user_id)
    work.record(Event.CONFIDANT_ENDED, relationship_id, patient_id=person_id)


def _relationship(work: Work, person_id: UUID, confidant: ConfidantDetails) -> Relationship:
    return Relationship(
        id=work.new_id(),
        person_id=person_id,
        confidant_person_id=confidant.person_id,
        relation_type=confidant.relation_type,
        documents_relationship=confidant.documents_relationship,
        active_to=_end_of(confidant.documents_relationship),
    )


def _end_of(documents: Sequence[RelationshipDocument]) -> date | None:
    """The last day of a right: that of the first of its papers to end."""
    return min((paper.active_to for paper in documents if paper.active_to), default=None)


async def _must_have_confidants(work: Work, details: PersonDetails) -> None:
    """Those who speak for another are active grown-up persons of the index."""
    faults = []
    for number, confidant in enumerate(details.confidant_persons):
        entry = f"$.person.confidant_person[{number}].person_id"
        try:
            person = await store.find_person(work.db, confidant.person_id)
        except NotFound:
            faults.append(Invalid(entry, "invalid", "Confidant person is not found"))
            continue
        if not person.is_active or age(person.birth_date, work.today) < ADULT_AGE:
            faults.append(Invalid(entry, "invalid", "Confidant person must be active and adult"))
    if faults:
        raise Rejected(invalid=tuple(faults))


async def _must_have_free_phone(work: Work, method: AuthenticationDetails) -> None:
    if method.phone_number:
        await must_be_free_phone(work, method.phone_number, entry="$.person.authentication_methods[0].phone_number")


async def hold_phone(work: Work, phone: str) -> None:
    """One act at a time that gives somebody this telephone to confirm with, until the transaction ends (PS-12)."""
    await store.lock_phone(work.db, phone)


async def must_be_free_phone(work: Work, phone: str, *, entry: str) -> None:
    """Raise Rejected at `entry` for a telephone that too many people confirm with already (PS-12)."""
    if await store.count_phone(work.db, phone) >= PHONE_LIMIT:
        raise rejected(entry, f"This phone number is present more than {PHONE_LIMIT} times in the system")
