"""Reimbursement contracts: shape, and whether one lets a division dispense by a programme."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict


class Event(StrEnum):
    """What the audit log tells of this context."""

    IMPORTED = "contracts.imported"


class Status(StrEnum):
    VERIFIED = "VERIFIED"
    TERMINATED = "TERMINATED"


class Contract(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contract by the published names; both days belong to it."""

    id: UUID
    contract_number: str
    contractor_legal_entity_id: UUID
    contractor_divisions: tuple[UUID, ...]
    medical_programs: tuple[UUID, ...]
    start_date: date
    end_date: date
    status: Status = Status.VERIFIED
    is_suspended: bool = False

    def covers(self, programme_id: UUID, day: date) -> bool:
        """Whether it is in force that day, suspended or not, and is about the programme."""
        in_force = self.status is Status.VERIFIED and self.start_date <= day <= self.end_date
        return in_force and programme_id in self.medical_programs


def must_cover(contracts: Iterable[Contract], division_id: UUID, programme_id: UUID, day: date) -> None:
    """MD-2: a contract in force, not suspended, about this programme, in which this division takes part."""
    covering = [each for each in contracts if each.covers(programme_id, day)]
    if not covering:
        raise Conflict("Program cannot be used - no active contract exists")
    standing = [each for each in covering if not each.is_suspended]
    if not standing:
        raise Conflict("Contract is suspended")
    if not any(division_id in each.contractor_divisions for each in standing):
        raise Conflict("Division should be participant of a contract to create dispense")


def must_be_whole(contracts: Sequence[Contract]) -> None:
    """Raise ValueError naming the first faults of a file; one without any would end all contracts of the country."""
    if not contracts:
        raise ValueError("the file has no reimbursement contract")
    faults = [f"{id}: told twice" for id, times in Counter(each.id for each in contracts).items() if times > 1]
    faults += [f"{each.id}: {fault}" for each in contracts for fault in _faults(each)]
    if faults:
        raise ValueError("; ".join(faults[:5]))


def _faults(contract: Contract) -> Iterator[str]:
    if not contract.contract_number.strip():
        yield "no contract_number"
    if contract.end_date < contract.start_date:
        yield "end_date is before start_date"
    if not contract.contractor_divisions:
        yield "no contractor_divisions"
    if not contract.medical_programs:
        yield "no medical_programs"
