"""The exceptions as they are sent and shown; not published, spelled as dispenses are."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from esoz.central.medications import medication_short
from esoz.central.uploads import Expected
from esoz.kernel.payload import JSON, number, omit_none

from .model import wholesale
from .model.asked import left_of
from .model.emergency import EmergencyDispense
from .model.handing_over import Package
from .model.paper import GivenByPaper, PaperDispense, PaperPrescription, Whole
from .model.wholesale import Supplied, WholesaleRequest, WholesaleSupply


class SignedEmergencyDispense(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signed_emergency_dispense: str
    signed_content_encoding: Literal["base64"] = "base64"


class SignedPaperDispense(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signed_paper_dispense: str
    signed_content_encoding: Literal["base64"] = "base64"


class SignedWholesaleSupply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    signed_wholesale_supply: str
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
        "remaining": _remaining(left),
        "dispenses": [_paper_dispense(each) for each in found.dispenses],
        "documents": _documents(found.documents),
    }


def _remaining(left: Mapping[UUID, Decimal]) -> list[JSON]:
    return [{"medication_id": id, "medication_qty": number(quantity)} for id, quantity in left.items()]


def _documents(expected: Iterable[Expected]) -> list[JSON]:
    return [{"type": each.type, "url": each.url, "has_come": each.has_come} for each in expected]


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


def given_by_paper(found: GivenByPaper) -> JSON:
    """What was handed over in the list, with the blank that it was by."""
    names = ("id", "series", "number", "issued_at", "institution_name", "institution_edrpou", "doctor_name")
    paper = {name: getattr(found.paper, name) for name in names}
    return {**_paper_dispense(found.dispense), "paper_prescription": paper}


def wholesale_short(found: WholesaleRequest) -> JSON:
    """A request in the list."""
    names = ("requester_type", "requester_name", "requester_edrpou", "responsible_name", "responsible_position")
    return {
        "id": found.id,
        "status": found.status,
        **{name: getattr(found, name) for name in names},
        "number": found.number,
        "requested_at": found.requested_at,
        **found.content,
        **omit_none(error_reason=found.error_reason),
        "inserted_at": found.inserted_at,
        "inserted_by": found.inserted_by,
        "updated_at": found.updated_at,
        "updated_by": found.updated_by,
    }


def wholesale_request(found: wholesale.Whole) -> JSON:
    """A request with what is left of it, what was supplied by it and where its scan is to be sent."""
    return {
        **wholesale_short(found.request),
        "remaining": _remaining(left_of(found.request, found.supplies)),
        "supplies": [_supply(each) for each in found.supplies],
        "documents": _documents(found.documents),
    }


def wholesale_supplied(found: Supplied) -> JSON:
    """A supply in the list, with whose request it was by."""
    request = found.request
    names = ("id", "number", "requested_at", "requester_type", "requester_name", "requester_edrpou")
    return {**_supply(found.supply), "wholesale_request": {name: getattr(request, name) for name in names}}


def _supply(found: WholesaleSupply) -> JSON:
    return {
        "id": found.id,
        "status": found.status,
        "supplied_at": found.supplied_at,
        "received_by": found.received_by,
        **found.content,
        **omit_none(note=found.note, error_reason=found.error_reason),
        "inserted_at": found.inserted_at,
        "inserted_by": found.inserted_by,
        "updated_at": found.updated_at,
        "updated_by": found.updated_by,
    }
