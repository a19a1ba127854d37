"""A record that answers a referral: whose hands the referral is in, and whether the record is what was asked for."""

from uuid import UUID

from esoz.kernel.faults import Faults, fault
from esoz.kernel.fhir import Reference
from esoz.kernel.references import Answerable

from .reference_data import ReferenceData

REFERRAL = "service_request"


def answer_faults(entry: str, referral: Reference | None, reference_data: ReferenceData) -> Faults:
    """EN-9: the clinic that writes the answer has taken the referral; that it is there and open is asked elsewhere."""
    if referral is None:
        return
    if referral.kind != REFERRAL:
        yield fault(f"{entry}.identifier.type.coding[0].code", "value is not allowed in enum", rule="inclusion")
        return
    asked = _asked(referral, reference_data)
    if asked is None:
        return
    if asked.taken_by is None:
        yield fault(f"{entry}.identifier.value", "Service request must be used")
    elif asked.taken_by != reference_data.legal_entity_id:
        yield fault(f"{entry}.identifier.value", "Service request is used by another legal_entity")


def service_faults(
    entry: str, referral: Reference | None, service_id: UUID, title: str, reference_data: ReferenceData
) -> Faults:
    """CE-10: the service of the record was asked for, by itself or by a group that has it."""
    asked = _asked(referral, reference_data) if referral is not None else None
    service = reference_data.services.get(service_id)
    if asked is None or service is None:
        return  # said by the rules of references
    place = f"{entry}.identifier.value"
    if asked.is_group and asked.category != service.category:
        yield fault(place, "Service request category should be equal to service category")
    elif service_id not in asked.services and asked.is_group:
        yield fault(place, f"Service referenced in {title} should belong to service group")
    elif service_id not in asked.services:
        yield fault(place, f"Should reference the same service that is referenced in {title}")


def _asked(referral: Reference, reference_data: ReferenceData) -> Answerable | None:
    """A referral that may be answered; others are refused where all references are looked at."""
    found = reference_data.outside.get((referral.kind, referral.id))
    return found if isinstance(found, Answerable) and found.refusal is None else None
