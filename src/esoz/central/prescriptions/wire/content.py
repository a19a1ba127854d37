"""What the doctor sees and signs: the content of a draft, fixed at its creation."""

from typing import Protocol

from esoz.central.medications import Dosage, medication_info
from esoz.central.organisations import Division, LegalEntity, legal_entity_short
from esoz.central.people import Person
from esoz.central.programmes import Programme, without_settings
from esoz.central.workforce import Employee
from esoz.kernel.payload import Object, omit_none

from ..model import Draft, Order
from . import parts


class Surroundings(Protocol):
    """Who prescribes what, where and to whom."""

    @property
    def legal_entity(self) -> LegalEntity: ...

    @property
    def division(self) -> Division: ...

    @property
    def employee(self) -> Employee: ...

    @property
    def person(self) -> Person: ...

    @property
    def dosage(self) -> Dosage: ...


def draft_content(
    draft: Draft, order: Order, surroundings: Surroundings, programme: Programme | None, age: int
) -> Object:
    """The data of `Get medication request requests details` with the status NEW."""
    return omit_none(
        {
            "id": draft.id,
            "status": draft.status,
            "request_number": draft.request_number,
            "created_at": draft.created_at,
            "started_at": draft.started_at,
            "ended_at": draft.ended_at,
            "dispense_valid_from": draft.dispense_valid_from,
            "dispense_valid_to": draft.dispense_valid_to,
            **_who_and_where(surroundings, age),
            "inform_with": draft.inform_with,
            "medication_info": medication_info(surroundings.dosage, draft.medication_qty),
            "medical_program": without_settings(programme) if programme else None,
            **_as_asked(order),
        }
    )


def _who_and_where(surroundings: Surroundings, age: int) -> Object:
    return {
        "legal_entity": legal_entity_short(surroundings.legal_entity),
        "division": parts.division_details(surroundings.division),
        "employee": parts.employee_minimal(surroundings.employee),
        "person": parts.person_short(surroundings.person, age),
    }


def _as_asked(order: Order) -> Object:
    names = (
        "intent",
        "category",
        "based_on",
        "context",
        "dosage_instruction",
        "priority",
        "prior_prescription",
        "container_dosage",
        "note",
    )
    return {name: getattr(order, name) for name in names}
