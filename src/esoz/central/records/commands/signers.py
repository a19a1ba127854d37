"""EN-2: the certificate, the clinic and the token all belong to who answers for a signed record."""

from collections.abc import Sequence
from uuid import UUID

from esoz.central.workforce import Employee, known_employees_of_user, known_party_of_user
from esoz.kernel.errors import Conflict, Forbidden, rejected
from esoz.kernel.signed import must_be_signed_by
from esoz.kernel.work import Signer, Work

from ..model.encounter import must_be_signers_own
from .registers import Registers

ADMINISTRATORS = frozenset({"MED_ADMIN"})


async def must_be_signed_by_employee(
    work: Work, registers: Registers, signer: Signer, employee_id: UUID, *, place: str
) -> None:
    """The signer is this employee of the caller's clinic, and calls. Raises Rejected naming `place`, Conflict."""
    employee = await registers.employee(employee_id)
    if employee is None:
        raise rejected(f"{place}.identifier.value", "Employee with such ID is not found")
    await _must_be_signed_by(work, signer, employee)


async def must_be_signed_by_employee_or_administrator(
    work: Work, registers: Registers, signer: Signer, employee_id: UUID, *, place: str
) -> None:
    """CN-1, and the roles of 2026: a medical administrator takes back what anybody in their clinic has signed."""
    for own in await _own_employees(work):
        if own.employee_type in ADMINISTRATORS:
            await _must_be_signed_by(work, signer, own)
            return
    await must_be_signed_by_employee(work, registers, signer, employee_id, place=place)


async def _own_employees(work: Work) -> Sequence[Employee]:
    if work.actor.user_id is None or work.actor.client_id is None:
        return []
    return await known_employees_of_user(work, work.actor.user_id, work.actor.client_id)


async def _must_be_signed_by(work: Work, signer: Signer, employee: Employee) -> None:
    if not signer.drfo:
        raise Conflict("Invalid drfo")
    must_be_signed_by(signer, employee.party.tax_id, field="$.signed_data")
    must_be_signers_own(
        employee.legal_entity_id, clinic=work.actor.client_id, is_caller=await _is_caller(work, employee)
    )


async def _is_caller(work: Work, employee: Employee) -> bool:
    if work.actor.user_id is None:
        return False
    try:
        party = await known_party_of_user(work, work.actor.user_id)
    except Forbidden:
        return False
    return party.id == employee.party.id
