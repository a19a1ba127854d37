"""Which of the clinic's services an employee gives: central's employee roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

# The types of employees that services are given by, as central takes them.
PROVIDERS = frozenset({"DOCTOR", "SPECIALIST", "ASSISTANT", "MED_COORDINATOR", "LABORANT", "PHARMACIST"})


@dataclass(frozen=True, slots=True)
class HealthcareService:
    """A healthcare service of the clinic."""

    id: str
    category: str
    speciality: str
    division: str


@dataclass(frozen=True, slots=True)
class EmployeeRole:
    """A service that an employee gives or gave."""

    id: str
    service: HealthcareService
    is_active: bool
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class EmployeeRoles:
    """What an employee gives, and what of the clinic's services they could give besides."""

    roles: Sequence[EmployeeRole]
    free: Sequence[HealthcareService]
