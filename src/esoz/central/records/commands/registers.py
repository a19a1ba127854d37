"""Employees, divisions and clinics that a document names, each asked for once."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar
from uuid import UUID

from esoz.central.organisations import Division, LegalEntity, known_division, known_legal_entity
from esoz.central.workforce import Employee, known_employee
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from ..model.documents import Names
from ..model.staff import Doctor, Location

T = TypeVar("T")


class Registers:
    """The registers as one act sees them; who is dismissed after it still worked then."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._employees: dict[UUID, Employee | None] = {}
        self._divisions: dict[UUID, Division | None] = {}
        self._legal_entities: dict[UUID, LegalEntity | None] = {}

    async def employee(self, id: UUID) -> Employee | None:
        return await self._once(self._employees, known_employee, id)

    async def division(self, id: UUID) -> Division | None:
        return await self._once(self._divisions, known_division, id)

    async def legal_entity(self, id: UUID) -> LegalEntity | None:
        return await self._once(self._legal_entities, known_legal_entity, id)

    async def _once(
        self, known: dict[UUID, T | None], find: Callable[[Work, UUID], Awaitable[T]], id: UUID
    ) -> T | None:
        if id not in known:
            try:
                known[id] = await find(self._work, id)
            except NotFound:
                known[id] = None
        return known[id]

    async def doctor(self, id: UUID) -> Doctor | None:
        """What the rules ask of an employee, or None when there is none."""
        found = await self.employee(id)
        if found is None:
            return None
        worked = found.worked_at(self._work.now)
        return Doctor(found.id, found.legal_entity_id, found.employee_type, worked, found.speciality)

    async def location(self, id: UUID) -> Location | None:
        """What the rules ask of a division, or None when there is none."""
        found = await self.division(id)
        return Location(found.legal_entity_id, found.acts) if found else None

    async def names(self, targets: Iterable[tuple[str, UUID]]) -> Names:
        """EN-11: the words shown for references to people and organisations."""
        found = {target: await self._display(*target) for target in set(targets)}
        return {target: display for target, display in found.items() if display}

    async def _display(self, kind: str, id: UUID) -> str | None:
        if kind == "employee":
            employee = await self.employee(id)
            return employee.party.full_name if employee else None
        if kind == "division":
            division = await self.division(id)
            return division.name if division else None
        if kind == "legal_entity":
            legal_entity = await self.legal_entity(id)
            return legal_entity.name if legal_entity else None
        return None
