"""Who works here: a person, and the place they work at now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from esoz.kernel.errors import Forbidden
from esoz.spec.roles import client_type_scopes, employee_types, role_scopes, roles

# Roles of people who work in no clinic and no pharmacy.
_ELSEWHERE = frozenset({"PATIENT", "MIS_USER", "NHS_ADMIN"})
EVERYBODY = frozenset(roles()) - _ELSEWHERE


def holders(scope: str) -> frozenset[str]:
    """Roles of clinics and pharmacies that the published table gives this scope."""
    return frozenset(role for role in EVERYBODY if scope in role_scopes(role))


# Who may record what was done for a patient, who prescribes, who looks for patients.
MEDICAL = holders("encounter:write")
PRESCRIBING = holders("medication_request_request:sign")
SEARCHING = holders("person:read")
# Who registers people and changes what is registered of them.
REGISTERING = holders("person_request:write")
# Who changes how a patient confirms what they do.
CONFIRMING = holders("authentication_method_request:write")
# Who may be shown what central keeps of a person: documents, addresses, telephones.
PERSONAL = holders("personal_data:read")
# Those of a pharmacy.
PHARMACY = frozenset({"PHARMACIST", "PHARMACY_OWNER"})
# Heads of clinics and pharmacies: they answer for who comes in.
HEADS = frozenset({"OWNER", "PHARMACY_OWNER"})
# Who hires and dismisses; an administrator sees who works here.
STAFF_KEEPERS = holders("employee:deactivate")
STAFF_READERS = STAFF_KEEPERS | {"ADMIN"}


@dataclass(frozen=True, slots=True)
class Workplace:
    """One person in one role at one clinic; `clinic_id` is the legal entity and the OAuth client."""

    id: UUID
    clinic_id: UUID
    clinic_name: str
    clinic_type: str
    role: str
    employee_id: UUID
    division_id: UUID | None
    division_name: str
    position: str


@dataclass(frozen=True, slots=True)
class Worker:
    """A signed-in user; `tax_id` is what their КЕП must carry.

    `others`: what else they are at the same clinic. Central gives one token for all roles at a clinic, so the pages of
    all of them are open at once.
    """

    id: UUID
    last_name: str
    first_name: str
    second_name: str
    tax_id: str | None
    workplace: Workplace | None
    signed_in_at: datetime | None = None
    others: tuple[Workplace, ...] = ()
    has_choice: bool = False  # there is another clinic, or another position of the same role, to go to

    @property
    def name(self) -> str:
        """Ковальчук Ґалина Їжаківна, терапевт"""
        full = " ".join(part for part in (self.last_name, self.first_name, self.second_name) if part)
        return f"{full}, {self.workplace.position}" if self.workplace and self.workplace.position else full

    @property
    def organisation(self) -> str:
        return self.workplace.clinic_name if self.workplace else ""

    @property
    def roles(self) -> frozenset[str]:
        """All roles at the present clinic."""
        return frozenset(place.role for place in (self.workplace, *self.others) if place)

    @property
    def employees(self) -> frozenset[UUID]:
        """Who they are for central at the present clinic."""
        return frozenset(place.employee_id for place in (self.workplace, *self.others) if place)

    @property
    def work(self) -> Workplace:
        """Where they work now. Raises Forbidden before a workplace is chosen."""
        if self.workplace is None:
            raise Forbidden()
        return self.workplace

    def acting(self, wanted: Collection[str]) -> "Worker":
        """The same person in a position of the present clinic that has one of these roles, the chosen one first.

        What a doctor who is also the head records is recorded by the doctor.
        """
        if self.workplace is None or not wanted or self.workplace.role in wanted:
            return self
        fit = next((place for place in self.others if place.role in wanted), None)
        if fit is None:
            return self
        rest = tuple(place for place in (self.workplace, *self.others) if place is not fit)
        return replace(self, workplace=fit, others=rest)


def chosen_at_once(places: Sequence[Workplace]) -> Workplace | None:
    """Where somebody works who has nothing to choose: one clinic, and no role twice; None when they have to."""
    clinics, held = {place.clinic_id for place in places}, {place.role for place in places}
    return places[0] if len(clinics) == 1 and len(held) == len(places) else None


def hired_as(clinic_type: str) -> frozenset[str]:
    """Types of employees that a clinic of this type may ask for: all but its head (EM-1, EM-10); none if unknown."""
    try:
        return employee_types(clinic_type) & EVERYBODY - HEADS
    except KeyError:
        return frozenset()


def scopes_for(roles: frozenset[str], clinic_type: str) -> frozenset[str]:
    """All that central may grant to these roles at a clinic of this type (AUTH-28: what both lists allow)."""
    owned = frozenset[str]().union(*(role_scopes(role) for role in roles))
    return owned & client_type_scopes(clinic_type)
