"""The exceptions as they are sent and shown; not published, spelled as dispenses are."""

from datetime import date
from typing import Literal

import msgspec

from esoz.central.medications import medication_short
from esoz.kernel.payload import JSON, number, omit_none

from .model.emergency import EmergencyDispense
from .model.handing_over import Package
from .model.paper import PaperDispense, PaperPrescription, Whole, left_of


class SignedEmergencyDispense(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signed_emergency_dispense: str
    signed_content_encoding: Literal["base64"] = "base64"


class SignedPaperDispense(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signed_paper_dispense: str
    signed_content_encoding: Literal["base64"] = "base64"


class CancelBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    error_reason: str


def package(found: Package) -> JSON:
    """A package of the register."""
    medication = found.medication
    return {
        "id": medication.id,
        **medication_short(medication),
        "innm_dosage_id": medication.innm_dosage_id,
        "dosage_name": found.dosage_name,
        "mr_blank_type": found.blank_type,
        "code_atc": list(medication.code_atc),
        "package_qty": number(medication.package_qty),
        "package_min_qty": number(medication.package_min_qty),
    }


def emergency_dispense(found: EmergencyDispense) -> JSON:
    """An entry of the journal of the war."""
    return {
        "id": found.id,
        "status": found.status,
        "dispensed_at": found.dispensed_at,
        "reason": found.reason,
        **found.content,
        **omit_none(note=found.note, error_reason=found.error_reason),
        "inserted_at": found.inserted_at,
        "inserted_by": found.inserted_by,
        "updated_at": found.updated_at,
        "updated_by": found.updated_by,
    }


def paper_short(found: PaperPrescription, today: date) -> JSON:
    """A blank in the list."""
    return {
        "id": found.id,
        "status": found.status_on(today),
        "series": found.series,
        "number": found.number,
        "institution_name": found.institution_name,
        "institution_edrpou": found.institution_edrpou,
        "doctor_name": found.doctor_name,
        "issued_at": found.issued_at,
        "valid_to": found.valid_to,
        **found.content,
        **omit_none(error_reason=found.error_reason),
        "inserted_at": found.inserted_at,
        "inserted_by": found.inserted_by,
        "updated_at": found.updated_at,
        "updated_by": found.updated_by,
    }


def paper_prescription(found: Whole) -> JSON:
    """A blank with what is left of it, what was handed over by it and where its picture is to be sent."""
    left = left_of(found.paper, found.dispenses)
    return {
        **paper_short(found.paper, found.today),
        "remaining": [{"medication_id": id, "medication_qty": number(quantity)} for id, quantity in left.items()],
        "dispenses": [_paper_dispense(each) for each in found.dispenses],
        "documents": [{"type": each.type, "url": each.url, "has_come": each.has_come} for each in found.documents],
    }


def _paper_dispense(found: PaperDispense) -> JSON:
    return {
        "id": found.id,
        "status": found.status,
        "dispensed_at": found.dispensed_at,
        **found.content,
        **omit_none(note=found.note, error_reason=found.error_reason),
        "inserted_at": found.inserted_at,
        "inserted_by": found.inserted_by,
        "updated_at": found.updated_at,
        "updated_by": found.updated_by,
    }
