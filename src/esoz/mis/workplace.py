"""Who works here: a person, and the place they work at now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from esoz.kernel.errors import Forbidden
from esoz.spec.roles import client_type_scopes, role_scopes

# Roles that may record what was done for a patient (scope encounter:write) and those of a pharmacy.
MEDICAL = frozenset({"DOCTOR", "SPECIALIST", "ASSISTANT", "MED_COORDINATOR"})
# Roles with the scope medication_request_request:sign.
PRESCRIBING = frozenset({"DOCTOR", "SPECIALIST", "MED_COORDINATOR"})
PHARMACY = frozenset({"PHARMACIST", "PHARMACY_OWNER"})
# Heads of clinics and pharmacies: they answer for who comes in.
HEADS = frozenset({"OWNER", "PHARMACY_OWNER"})
# Roles with the scope person:read: they look for patients.
SEARCHING = frozenset(
    {
        "DOCTOR",
        "SPECIALIST",
        "ASSISTANT",
        "MED_COORDINATOR",
        "MED_ADMIN",
        "RECEPTIONIST",
        "OWNER",
        "ADMIN",
    }
)
EVERYBODY = MEDICAL | PHARMACY | SEARCHING | {"HR", "NHS_SIGNER"}


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
    """A signed-in user; `tax_id` is what their КЕП must carry."""

    id: UUID
    last_name: str
    first_name: str
    second_name: str
    tax_id: str | None
    workplace: Workplace | None
    signed_in_at: datetime | None = None

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
        return frozenset({self.workplace.role}) if self.workplace else frozenset()

    @property
    def work(self) -> Workplace:
        """Where they work now. Raises Forbidden before a workplace is chosen."""
        if self.workplace is None:
            raise Forbidden()
        return self.workplace


def scopes_for(roles: frozenset[str], clinic_type: str) -> frozenset[str]:
    """All that central may grant to these roles at a clinic of this type (AUTH-28: what both lists allow)."""
    owned = frozenset[str]().union(*(role_scopes(role) for role in roles))
    return owned & client_type_scopes(clinic_type)
