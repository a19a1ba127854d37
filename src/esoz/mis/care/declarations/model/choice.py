"""Whom a patient may choose here: doctors, where they receive, how the patient confirms."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

ADULT_AGE = 18
DECLARING = frozenset({"PRIMARY_CARE", "MSP"})  # DC-3
FEW = 10  # so few free places are told as a warning


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """A doctor of the clinic, with the places that they have in the whole country.

    `count` and `limit` are central's; what waits for a signature takes a place as well, which only central knows.
    """

    employee_id: UUID
    last_name: str
    first_name: str
    second_name: str
    position: str
    speciality: str
    count: int
    limit: int
    division_id: UUID | None = None
    division_name: str = ""

    @property
    def free(self) -> int:
        """Free places, as far as central tells."""
        return max(self.limit - self.count, 0)

    @property
    def is_nearly_full(self) -> bool:
        return self.free <= FEW

    def takes(self, age: int) -> bool:
        """A pediatrician takes children, a therapist adults, a family doctor everyone."""
        # DC-5
        match self.speciality:
            case "THERAPIST":
                return age >= ADULT_AGE
            case "PEDIATRICIAN":
                return age < ADULT_AGE
            case "FAMILY_DOCTOR":
                return True
        return False


@dataclass(frozen=True, slots=True)
class Place:
    """A division where patients are received."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Way:
    """How the patient confirms: a code to a phone (`told` is the masked number, or who holds it), or papers."""

    id: UUID
    kind: str
    told: str


def is_primary_care(clinic_type: str) -> bool:
    """Whether doctors of a clinic of this type may be chosen (DC-3)."""
    return clinic_type in DECLARING


def ranked(doctors: Iterable[Doctor], own: Collection[UUID], age: int) -> list[Doctor]:
    """Those who take a patient of this age: the user first, then by free places, the fullest last."""
    fit = [each for each in doctors if each.takes(age)]
    return sorted(fit, key=lambda each: (each.employee_id not in own, not each.free, each.last_name, each.first_name))
