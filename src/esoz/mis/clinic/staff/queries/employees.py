"""What the pages of people ask."""

from dataclasses import dataclass
from uuid import UUID

from esoz.kernel.db import Paged
from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.sign_in import factors

from ..model.employees import APPROVED, Access, Employee, Event, refusal_to_dismiss
from ..store import people, places

SIZE = 25


@dataclass(frozen=True, slots=True)
class EmployeeFilter:
    """What the list is asked for; empty texts mean any."""

    name: str
    role: str
    status: str
    division: str

    @property
    def values(self) -> dict[str, str]:
        return {"name": self.name, "role": self.role, "status": self.status, "division": self.division}


@dataclass(frozen=True, slots=True)
class Card:
    """All that a clinic knows here of one employee."""

    employee: Employee
    access: Access
    has_factor: bool
    others: list[Employee]
    cannot_dismiss: str


def filter_of(page: MisPage) -> EmployeeFilter:
    """The list's filters from the address; people who work are shown unless something else is said."""
    texts = {name: page.query.get(name, "").strip()[:100] for name in ("name", "role", "division")}
    return EmployeeFilter(**texts, status=page.query.get("status", APPROVED))


async def listed(page: MisPage, chosen: EmployeeFilter) -> Paged:
    """People of the user's clinic."""
    clinic_id = page.user.work.clinic_id
    found = await people.listed(
        page.db,
        clinic_id,
        name=chosen.name,
        role=chosen.role,
        status=chosen.status,
        division_id=_id(chosen.division),
        page=page.list_page(SIZE),
    )
    await record(page, Event.LISTED, clinic_id, found=found.total)
    return found


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def find(page: MisPage, employee_id: UUID, *, lock: bool = False) -> Employee:
    """An employee of the user's clinic. Raises NotFound for anybody else's."""
    found = await people.find(page.db, page.user.work.clinic_id, employee_id, lock=lock)
    if found is None:
        raise NotFound()
    return found


async def card(page: MisPage, employee_id: UUID) -> Card:
    """What the clinic knows of one employee. Raises NotFound."""
    employee = await find(page, employee_id)
    access = await places.access_of(page.db, employee.clinic_id, employee_id)
    await record(page, Event.READ, employee_id)
    return Card(
        employee,
        access,
        bool(access.user_id) and await factors.exists(page.db, access.user_id or employee_id),
        await people.of_person(page.db, employee.clinic_id, employee),
        refusal_to_dismiss(employee, page.user.employees),
    )
