"""Questions about declarations, each leaving a line that the patient can see."""

from collections.abc import Sequence
from uuid import UUID

from esoz.central.organisations import find_division, find_legal_entity
from esoz.central.people import (
    AuthenticationMethod,
    confidants,
    current_authentication_method,
    find_person,
)
from esoz.central.workforce import find_employee
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from .. import policy
from ..model import (
    Declaration,
    DeclarationDetails,
    DeclarationFilter,
    Event,
    NoDeclaration,
    OwnDeclaration,
    Status,
    VerificationFilter,
    WithAnotherClinic,
)
from ..store import declarations as store


async def has_active_declaration(
    work: Work, person_id: UUID, *, employee_ids: Sequence[UUID] | None = None, legal_entity_id: UUID | None = None
) -> bool:
    """Whether the person has an active declaration with one of the employees, or in the legal entity, or at all."""
    return await store.has_active(work.db, person_id, work.today, employee_ids, legal_entity_id)


async def declarations(work: Work, filters: DeclarationFilter, page: Page) -> Paged:
    """A page of declarations; a clinic sees its own (DC-27). Each patient shown can see that it was shown."""
    paged = await store.declarations(work.db, policy.within_reach(work.actor, filters), page, work.today)
    work.record(Event.DECLARATIONS_READ, work.actor.client_id or "")
    for row in paged.rows:
        work.record(Event.DECLARATION_READ, row["id"], patient_id=row["person_id"])
    return paged


async def verifications(work: Work, filters: VerificationFilter, page: Page) -> Paged:
    """Patients of a doctor of ours whom registers judge so; each can see that they were shown."""
    within = policy.patients_within_reach(work.actor, filters)
    paged = await store.verifications(work.db, within, page, work.today)
    work.record(Event.VERIFICATIONS_READ, work.actor.client_id or "", found=len(paged.rows))
    for row in paged.rows:
        work.record(Event.VERIFICATIONS_READ, row["person_id"], patient_id=row["person_id"])
    return paged


async def declaration(work: Work, id: UUID) -> Declaration:
    """One declaration of our own clinic; another's is NotFound."""
    found = await store.find_declaration(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.DECLARATION_READ, id, patient_id=found.person_id)
    return found


async def with_method(work: Work, id: UUID) -> tuple[Declaration, AuthenticationMethod | None]:
    """One declaration of our own clinic as it is today, and how its person authenticates; another's is NotFound."""
    found = await declaration(work, id)
    return found.on(work.today), await current_authentication_method(work.db, found.person_id)


async def declaration_of_person(work: Work, person_id: UUID) -> Declaration:
    """The active declaration of a person with our clinic; raise WithAnotherClinic or NoDeclaration."""
    found = await store.live_declaration(work.db, person_id)
    if found is None or found.on(work.today).status is not Status.ACTIVE:
        raise NoDeclaration()
    if not policy.is_ours(work.actor, found):
        raise WithAnotherClinic()
    work.record(Event.DECLARATION_READ, found.id, patient_id=person_id)
    return found


async def details(work: Work, declaration: Declaration) -> DeclarationDetails:
    """Everyone in a declaration."""
    return DeclarationDetails(
        declaration.on(work.today),
        await find_person(work.db, declaration.person_id),
        await confidants(work.db, declaration.person_id, work.today),
        await find_employee(work.db, declaration.employee_id),
        await find_division(work.db, declaration.division_id),
        await find_legal_entity(work.db, declaration.legal_entity_id),
        await current_authentication_method(work.db, declaration.person_id),
    )


async def own_declarations(work: Work, filters: DeclarationFilter, page: Page) -> Paged:
    """Declarations of the patient who asks (CB-6): `filters` name the person."""
    assert filters.person_id is not None
    work.record(Event.OWN_DECLARATIONS_READ, filters.person_id, patient_id=filters.person_id)
    return await store.declarations(work.db, filters, page, work.today)


async def own_declaration(work: Work, person_id: UUID, id: UUID) -> OwnDeclaration:
    """A declaration of the patient who asks; another person's is NotFound (CB-6)."""
    found = await store.find_declaration(work.db, id)
    if found.person_id != person_id:
        raise NotFound()
    work.record(Event.OWN_DECLARATION_READ, id, patient_id=person_id)
    speakers = await confidants(work.db, person_id, work.today)
    return OwnDeclaration(
        found.on(work.today),
        await find_employee(work.db, found.employee_id),
        await find_division(work.db, found.division_id),
        await find_legal_entity(work.db, found.legal_entity_id),
        speakers[0].person.id if speakers else None,
    )
