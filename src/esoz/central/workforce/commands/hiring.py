"""Hiring: a party found or made, an employee, the role of the user."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from esoz.central import identity
from esoz.central.organisations import (
    Cause,
    consequences,
    find_legal_entity,
    must_be_acting,
    must_be_own_division,
    phone_faults,
)
from esoz.kernel.clock import Days
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict, Invalid, Rejected
from esoz.kernel.spelling import same_name
from esoz.kernel.work import Work
from esoz.spec.roles import employee_types

from .. import store
from ..model import (
    BLOCKS,
    LEVELS,
    MAY_LACK_OFFICE,
    NO_QUALIFICATION,
    NO_TRAINING,
    OWNERS,
    SPECIALITIES,
    Employee,
    EmployeeDetails,
    Event,
    Party,
    PartyDetails,
    Status,
    Training,
    age,
    is_document_for_tax_id,
    officio,
    tax_id_is_valid,
)
from .black_list import must_not_be_black_listed

OLDEST = 150  # EM-7


async def hire(
    work: Work, details: EmployeeDetails, *, legal_entity_id: UUID, user_id: UUID | None = None, id: UUID | None = None
) -> Employee:
    """Make an approved employee, with the party found or made, and the role for the user (EM-17…EM-19).

    Raises Rejected naming the fields below `$.employee_request`, or Conflict.
    """
    await check_details(work, details, legal_entity_id=legal_entity_id)
    party = await _party(work, details.party)
    if user_id is not None:
        await _give_access(work, user_id, party.id, legal_entity_id, details.employee_type)
    if details.employee_type in OWNERS:
        await _retire_owners(work, party.id, legal_entity_id)
    employee = _employee(work, details, party, legal_entity_id, id or work.new_id())
    await store.add_employee(work.db, employee, work.actor.user_id)
    work.record(Event.EMPLOYEE_HIRED, employee.id)
    return employee


async def check_details(work: Work, details: EmployeeDetails, *, legal_entity_id: UUID) -> None:
    """Raise Rejected naming the fields, or Conflict, unless somebody may be hired so (EM-1…EM-9, EM-11)."""
    entity = await find_legal_entity(work.db, legal_entity_id)
    must_be_acting(entity)
    faults = tuple(_faults(details, entity.type, work.days))
    if faults:
        raise Rejected(invalid=faults)
    await must_not_be_black_listed(work, details.party.tax_id)
    if details.division_id is not None:  # EM-9
        entry = "$.employee_request.division_id"
        await must_be_own_division(work.db, details.division_id, legal_entity_id, entry=entry)


async def change(work: Work, employee: Employee, details: EmployeeDetails, *, user_id: UUID) -> Employee:
    """Write what is told now of an employee and of the party (EM-12); raise Rejected naming the fields, or Conflict."""
    await check_details(work, details, legal_entity_id=employee.legal_entity_id)
    party = await _party(work, details.party)
    await _give_access(work, user_id, party.id, employee.legal_entity_id, details.employee_type)
    anew = _employee(work, details, party, employee.legal_entity_id, employee.id)
    changed = replace(
        anew,
        start_date=employee.start_date,
        inserted_at=employee.inserted_at,
        minfin_validation_status=employee.minfin_validation_status,
    )
    await store.save_employee(work.db, changed, work.actor.user_id)
    work.record(Event.EMPLOYEE_UPDATED, employee.id)
    return changed


async def count_declaration(db: Connection, party_id: UUID, by: int) -> int:
    """Change the number of live declarations of a party by +1 or -1 and return it; the party stays locked."""
    return await store.count_declaration(db, party_id, by)


def _employee(work: Work, details: EmployeeDetails, party: Party, legal_entity_id: UUID, id: UUID) -> Employee:
    training = details.training or NO_TRAINING
    chosen = officio(training.specialities)
    return Employee(
        id=id,
        party=party,
        legal_entity_id=legal_entity_id,
        division_id=details.division_id,
        employee_type=details.employee_type,
        position=details.position,
        status=Status.APPROVED,
        start_date=details.start_date,
        education=training,
        speciality=chosen.speciality if chosen else None,
        speciality_level=chosen.level if chosen else None,
        inserted_at=work.now,
        updated_at=work.now,
    )


async def _party(work: Work, details: PartyDetails) -> Party:
    # EM-17: found by tax id and birth date, then updated; else made.
    known = await store.lock_party(work.db, details.tax_id, details.birth_date)
    values = {field: getattr(details, field) for field in PartyDetails.__dataclass_fields__}
    values["email"] = details.email.lower()
    if known is not None:
        party = replace(known, **values, updated_at=work.now)
        await _tell_of_name(work, known, party)
    else:
        party = Party(id=work.new_id(), **values, inserted_at=work.now, updated_at=work.now)
    await store.save_party(work.db, party)
    return party


async def _tell_of_name(work: Work, before: Party, after: Party) -> None:
    # EM-20: contracts are signed by name; a new one, not a new spelling, suspends those where they are the owner.
    if not same_name(before.full_name, after.full_name):
        for legal_entity_id in await store.owned_by(work.db, after.id, sorted(OWNERS)):
            await consequences.of(work, legal_entity_id, Cause.OWNER_NAME)


async def _give_access(work: Work, user_id: UUID, party_id: UUID, client_id: UUID, role: str) -> None:
    # EM-17, EM-19: a user belongs to one party; the role is named like the type of the employee.
    if await store.link_user(work.db, user_id, party_id, work.now) != party_id:
        raise Conflict("Email is already used by another person")
    await identity.give_role(work, user_id, client_id, role)


async def _retire_owners(work: Work, party_id: UUID, client_id: UUID) -> None:
    # EM-18: one owner at a time; the ones before lose role, consent and tokens.
    owners = await store.other_owners(work.db, client_id, sorted(OWNERS))
    await store.retire_owners(work.db, [each.id for each in owners], work.now)
    if any(owner.party.id != party_id for owner in owners):
        await consequences.of(work, client_id, Cause.OWNER)
    for owner in owners:
        if owner.party.id != party_id:
            for user_id in await store.users_of_party(work.db, owner.party.id):
                await identity.take_role(work, user_id, client_id, owner.employee_type)


def _faults(details: EmployeeDetails, legal_entity_type: str, days: Days) -> Iterator[Invalid]:
    root = "$.employee_request"
    # EM-1 (the newer types by the published roles)
    if details.employee_type not in _allowed(legal_entity_type):
        yield Invalid(f"{root}.employee_type", "inclusion", "value is not allowed in enum")
    if details.employee_type == "DOCTOR" and details.division_id is None:
        yield Invalid(f"{root}.division_id", "required", "required property division_id was not present")
    yield from _party_faults(details.party, f"{root}.party", days)
    yield from _training_faults(details, root)


def _party_faults(party: PartyDetails, root: str, days: Days) -> Iterator[Invalid]:
    # EM-7
    if party.no_tax_id and not is_document_for_tax_id(party.tax_id):
        yield Invalid(f"{root}.tax_id", "format", "string does not match pattern of a passport number")
    if not party.no_tax_id and not tax_id_is_valid(party.tax_id):
        yield Invalid(f"{root}.tax_id", "invalid", "invalid tax_id value")
    if not (party.birth_date <= days.latest and age(party.birth_date, days.today) <= OLDEST):
        yield Invalid(f"{root}.birth_date", "invalid", "invalid birth_date value")
    kinds = [document.type for document in party.documents]
    if len(set(kinds)) < len(kinds):
        yield Invalid(f"{root}.documents", "invalid", "No duplicate values.")
    yield from phone_faults(party.phones, f"{root}.phones")


def _training_faults(details: EmployeeDetails, root: str) -> Iterator[Invalid]:
    block = BLOCKS.get(details.employee_type)
    training = details.training
    if block is None:
        if training is not None:
            yield Invalid(f"{root}.doctor", "invalid", "field doctor is not allowed")  # EM-2
        return
    if training is None or not training.educations:
        yield Invalid(f"{root}.{block}", "required", f"required property {block} was not present")  # EM-2
        return
    for number, qualification in enumerate(training.qualifications):
        if qualification.type in NO_QUALIFICATION.get(details.employee_type, frozenset()):
            message = f"qualification type {qualification.type} is not allowed for {details.employee_type}"
            yield Invalid(f"{root}.{block}.qualifications[{number}].type", "invalid", message)  # EM-6
    yield from _office_faults(details.employee_type, training, f"{root}.{block}.specialities")


def _office_faults(employee_type: str, training: Training, place: str) -> Iterator[Invalid]:
    block, chosen = BLOCKS[employee_type], officio(training.specialities)
    if chosen is None:
        if any(each.speciality_officio for each in training.specialities):
            yield Invalid(place, "invalid", "employee have more than one speciality with active speciality_officio")
        elif employee_type not in MAY_LACK_OFFICE:
            yield Invalid(place, "invalid", "employee doesn't have speciality with active speciality_officio")
        return  # EM-3
    if chosen.speciality not in SPECIALITIES.get(employee_type, {chosen.speciality}):
        message = f"speciality {chosen.speciality} with active speciality_officio is not allowed for {block}"
        yield Invalid(place, "invalid", message)  # EM-4
    if chosen.level not in LEVELS.get(employee_type, {chosen.level}):
        yield Invalid(f"{place}.level", "inclusion", "value is not allowed in enum")  # EM-5


def _allowed(legal_entity_type: str) -> frozenset[str]:
    try:
        return employee_types(legal_entity_type)
    except KeyError:
        return frozenset()
