"""What the doctor sees and signs: the content of a draft, fixed at its creation."""

from esoz.central.medications import medication_info
from esoz.central.organisations import legal_entity_short
from esoz.central.programmes import Programme, without_settings
from esoz.kernel.payload import JSON, omit_none

from ..model import Draft, Order
from ..model.drafts import Status
from ..model.facts import Facts
from . import parts


def draft_content(draft: Draft, order: Order, facts: Facts, programme: Programme | None, age: int) -> JSON:
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
            **_who_and_where(facts, age),
            "inform_with": draft.inform_with,
            "medication_info": medication_info(facts.dosage, draft.medication_qty),
            "medical_program": without_settings(programme) if programme else None,
            **_as_asked(order),
        }
    )


def _who_and_where(facts: Facts, age: int) -> JSON:
    return {
        "legal_entity": legal_entity_short(facts.legal_entity),
        "division": parts.division_details(facts.division),
        "employee": parts.employee_minimal(facts.employee),
        "person": parts.person_short(facts.person, age),
    }


def _as_asked(order: Order) -> JSON:
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


def shown_draft(draft: Draft, status: Status) -> JSON:
    """The draft as published: what is signed when the status is NEW."""
    return {**draft.content, "status": status}
