"""Questions about persons, each leaving a line that the patient can see."""

from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.errors import Forbidden, NotFound, rejected
from esoz.kernel.work import Work

from . import policy, store
from .model import (
    Access,
    AccessLogFilter,
    AuthenticationMethod,
    AuthenticationType,
    ConfidantPerson,
    ContactMethod,
    Event,
    Method,
    NameSearch,
    Person,
    PersonMatch,
    Relationship,
    SearchCriteria,
    Ward,
    soonest,
)

# Ways in which somebody says yes: with a code, or with papers in the clinic. Who was not asked yet (NA) has none.
CONFIRMING = frozenset(AuthenticationType) - {AuthenticationType.NA}
MERGED = "MERGED"  # the only state that a merge has here
NO_SUCH_PERSON = "Such person not found"
NO_CONTACT = ContactMethod(AuthenticationType.NA, None)


class TooManyResults(Forbidden):
    """The search fits more persons than a page may show (PS-16)."""

    type = "too_many_results"
    default = "This API method returns only exact match results, please retry with more specific search result"


async def search(work: Work, criteria: SearchCriteria, page: Page) -> list[PersonMatch]:
    """Active persons who fit; raise TooManyResults when there is more than one page of them (PS-16)."""
    found = _found(work, await store.search(work.db, criteria, page), page)
    merged = await store.merged(work.db, [person.id for person in found])
    return [PersonMatch(person, merged[person.id]) for person in found]


async def search_by_language(work: Work, criteria: NameSearch, page: Page) -> list[Person]:
    """The same by a name in one language (PS-29)."""
    return _found(work, await store.search_by_language(work.db, criteria, page), page)


def _found(work: Work, found: tuple[list[Person], int], page: Page) -> list[Person]:
    persons, total = found
    if total > page.size:
        raise TooManyResults()
    work.record(Event.PERSONS_SEARCHED, work.actor.client_id or "", found=len(persons))
    for person in persons:
        work.record(Event.PERSONS_SEARCHED, person.id, patient_id=person.id)
    return persons


async def merged_persons(work: Work, id: UUID, page: Page, *, status: str | None) -> Paged:
    """Records that were merged into a person, by one merge or by several one after the other. Raises NotFound."""
    try:
        await store.find_person(work.db, id)
    except NotFound as fault:
        raise NotFound(NO_SUCH_PERSON) from fault
    work.record(Event.MERGED_READ, id, patient_id=id)
    return await store.merged_chain(work.db, id, page, is_asked=status in (None, MERGED))


async def personal_data(work: Work, id: UUID) -> tuple[Person, list[ConfidantPerson]]:
    """Everything that is registered of a person, for the clinic whose doctor the person chose."""
    await policy.must_be_our_patient(work, id)
    person = await store.find_person(work.db, id)
    work.record(Event.PERSONAL_DATA_READ, id, patient_id=id)
    return person, await store.confidants(work.db, id, work.today)


async def authentication_methods(work: Work, id: UUID) -> list[Method]:
    """How an active person authenticates; anyone else is refused as NoSuchPerson."""
    work.record(Event.AUTHENTICATION_METHODS_READ, id, patient_id=id)
    return await _methods(work.db, await _active_person(work.db, id))


async def relationships(
    work: Work, id: UUID, page: Page, *, is_expired: bool | None
) -> tuple[list[tuple[Relationship, Person]], Paged]:
    """Who speaks for an active person, with the person behind; anyone else is refused as NoSuchPerson."""
    await _active_person(work.db, id)
    found, paged = await store.relationships_page(work.db, id, page, is_expired=is_expired, today=work.today)
    others = await store.persons(work.db, [each.confidant_person_id for each in found])
    work.record(Event.RELATIONSHIPS_READ, id, patient_id=id)
    for other in others:
        work.record(Event.RELATIONSHIPS_READ, id, patient_id=other)
    return [(each, others[each.confidant_person_id]) for each in found if each.confidant_person_id in others], paged


async def own_authentication_methods(work: Work) -> list[Method]:
    """How the patient who asks authenticates."""
    id = policy.patient_of(work.actor)
    work.record(Event.OWN_AUTHENTICATION_METHODS_READ, id, patient_id=id)
    return await _methods(work.db, await _active_person(work.db, id))


async def verification(work: Work, id: UUID) -> Person:
    """A person with the state of verification by registers."""
    person = await store.find_person(work.db, id)
    work.record(Event.VERIFICATION_READ, id, patient_id=id)
    return person


async def own_record(work: Work) -> Person:
    """The record of the patient who asks; an inactive one is refused at each call (CB-7)."""
    id = policy.patient_of(work.actor)
    person = await _active_person(work.db, id)
    work.record(Event.OWN_RECORD_READ, id, patient_id=id)
    return person


async def own_record_with_methods(work: Work) -> tuple[Person, list[AuthenticationMethod]]:
    """The same, and how that person authenticates."""
    person = await own_record(work)
    return person, await store.authentication_methods(work.db, person.id)


async def own_phone_method(work: Work) -> AuthenticationMethod:
    """The telephone by which the patient who asks confirms what they do, the first of several. Raises NotFound."""
    id = policy.patient_of(work.actor)
    await _active_person(work.db, id)
    work.record(Event.OWN_AUTHENTICATION_METHODS_READ, id, patient_id=id)
    for method in await store.authentication_methods(work.db, id):
        if method.type is AuthenticationType.OTP and method.is_active and method.phone_number:
            return method
    raise NotFound()


async def own_verification(work: Work) -> Person:
    """The patient who asks, with the state of verification by registers."""
    id = policy.patient_of(work.actor)
    person = await _active_person(work.db, id)
    work.record(Event.OWN_VERIFICATION_READ, id, patient_id=id)
    return person


async def own_access_log(work: Work, filters: AccessLogFilter, page: Page) -> tuple[list[Access], Paged]:
    """Who read or changed the record of the patient who asks."""
    id = policy.patient_of(work.actor)
    await _active_person(work.db, id)
    work.record(Event.OWN_ACCESS_LOG_READ, id, patient_id=id)
    return await store.accesses(work.db, id, filters, page)


async def wards(work: Work) -> list[Ward]:
    """Whom the patient who asks speaks for today; each of those finds it in their log."""
    id = policy.patient_of(work.actor)
    await _active_person(work.db, id)
    found = await store.wards(work.db, id, work.today)
    work.record(Event.RELATIONSHIPS_READ, id, patient_id=id)
    for each in found:
        work.record(Event.RELATIONSHIPS_READ, each.person.id, patient_id=each.person.id)
    return found


async def current_authentication_method(db: Connection, person_id: UUID) -> AuthenticationMethod | None:
    """The method a code is sent by: the oldest active one, as at registration; None when there is none."""
    methods = await store.authentication_methods(db, person_id)
    return methods[0] if methods else None


async def _active_person(db: Connection, id: UUID) -> Person:
    try:
        person = await store.find_person(db, id)
    except NotFound as fault:
        raise policy.NoSuchPerson() from fault
    if not person.is_active:
        raise policy.NoSuchPerson()
    return person


async def _methods(db: Connection, person: Person) -> list[Method]:
    methods = await store.authentication_methods(db, person.id)
    others = await store.persons(db, [each.value for each in methods if each.value])
    return [Method(each, others.get(each.value) if each.value else None) for each in methods]


async def may_confirm(work: Work, method: AuthenticationMethod) -> bool:
    """Whether a method still holds: another's only while they speak for the person (PS-15)."""
    if method.type is not AuthenticationType.THIRD_PERSON or method.value is None:
        return True
    return await store.speaks_for(work.db, method.value, method.person_id, work.today)


async def phone_of(work: Work, method: AuthenticationMethod) -> str | None:
    """The phone behind a method: the person's own, or that of who speaks for them today; None when there is none."""
    if not await may_confirm(work, method):
        return None
    if method.type is AuthenticationType.THIRD_PERSON and method.value is not None:
        theirs = await store.authentication_methods(work.db, method.value)
        return next((each.phone_number for each in theirs if each.type is AuthenticationType.OTP), None)
    return method.phone_number if method.type is AuthenticationType.OTP else None


async def way_to_confirm(
    work: Work, person_id: UUID, method_id: UUID | None, *, field: str = "$.authorize_with"
) -> tuple[AuthenticationMethod, str | None]:
    """How a person says yes, and the phone for it: by the method chosen in `field`, else the first that has a phone.

    Raises Rejected naming `field` when nobody is left who could confirm.
    """
    # AP-3, PS-15: who no longer speaks for the patient confirms nothing, and their silence is no consent.
    found = [each for each in await store.authentication_methods(work.db, person_id) if each.type in CONFIRMING]
    methods = [each for each in found if await may_confirm(work, each)]
    if method_id is not None:
        methods = [method for method in methods if method.id == method_id]
        if not methods:
            raise rejected(field, "Person's authentication method doesn't exist")
    if not methods:
        raise rejected(field, "Person must have authentication method")
    for method in methods:
        phone = await phone_of(work, method)
        if phone is not None:
            return method, phone
    return methods[0], None


async def contact_method(work: Work, person_id: UUID, method_id: UUID | None, *, field: str) -> ContactMethod:
    """How a person is told something: by the method chosen in `field`, else by the soonest.

    Raises Rejected naming `field` when the chosen one is not theirs.
    """
    methods = await store.authentication_methods(work.db, person_id)
    if method_id is not None:
        methods = [method for method in methods if method.id == method_id]
        if not methods:
            raise rejected(field, "Person's authentication method doesn't exist")
    method = soonest(methods)
    return ContactMethod(method.type, await phone_of(work, method)) if method else NO_CONTACT
