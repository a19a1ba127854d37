"""How programmes stand in documents, some of which are signed: the shape is part of what was signed."""

from esoz.central.medications import Medication, manufacturer, strength
from esoz.kernel.payload import JSON, number, omit_none

from .model import Participant, Programme


def without_settings(programme: Programme) -> JSON:
    """`Medical_Program_Response_without_settings`."""
    return omit_none(
        {
            **shortest(programme),
            "is_active": programme.is_active,
            "medication_dispense_allowed": programme.medication_dispense_allowed,
            "medication_dispense_allowed_text": programme.medication_dispense_allowed_text,
            "medication_request_allowed": programme.medication_request_allowed,
            "medication_request_allowed_text": programme.medication_request_allowed_text,
            "type": programme.type,
            "inserted_at": programme.inserted_at,
            "inserted_by": programme.inserted_by,
            "updated_at": programme.updated_at,
            "updated_by": programme.updated_by,
        }
    )


def shortest(programme: Programme) -> JSON:
    """`Medical_Program_Response_min_without_settings`."""
    return {
        "id": programme.id,
        "name": programme.name,
        "funding_source": programme.funding_source,
        "mr_blank_type": programme.mr_blank_type,
    }


def participant(value: Participant, medication: Medication) -> JSON:
    """One package that a pharmacy may give by a programme, with what the state pays for it (hryvnias)."""
    return omit_none(
        {
            "id": value.id,
            "medication_id": medication.id,
            "medication_name": medication.name,
            "form": medication.form,
            "manufacturer": manufacturer(medication),
            "reimbursement_amount": number(value.reimbursement_amount),
            "wholesale_price": number(value.wholesale_price),
            "consumer_price": number(value.consumer_price),
            "reimbursement_daily_dosage": number(value.reimbursement_daily_dosage),
            "estimated_payment_amount": number(value.estimated_payment_amount),
            "container_dosage": strength(medication.container),
            "package_min_qty": number(medication.package_min_qty),
            "package_qty": number(medication.package_qty),
            "start_date": value.start_date,
            "end_date": value.end_date,
            "registry_number": value.registry_number,
            "drlz_sku_id": medication.drlz_sku_id,
            "package_qty_divisible": value.package_qty_divisible,
        }
    )
