"""Referrals as published; what is signed stands in content.py."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.people import ContactMethod, age, mask_phone
from esoz.kernel import jobs
from esoz.kernel.clock import kyiv_date
from esoz.kernel.errors import rejected
from esoz.kernel.fhir import Reference
from esoz.kernel.operation import Reply
from esoz.kernel.payload import JSON

from .content import shown
from .model import PrequalifiedOrder
from .model.found import Found
from .model.programmes import Verdict

PROGRAMME = "medical_program"


class Prequalification(msgspec.Struct, frozen=True):
    """A referral that is not signed yet, and programmes that may pay for it."""

    service_request: PrequalifiedOrder
    programs: tuple[Reference, ...]


class Qualification(msgspec.Struct, frozen=True):
    """Programmes that may pay the performer."""

    programs: tuple[Reference, ...]


def programme_ids(programs: tuple[Reference, ...]) -> list[UUID]:
    """Their ids; raises Rejected for a reference to anything else."""
    for number, each in enumerate(programs):
        if each.kind != PROGRAMME:
            entry = f"$.programs[{number}].identifier.type.coding[0].code"
            raise rejected(entry, "value is not allowed in enum", rule="inclusion")
    return [each.id for each in programs]


def accepted(job: jobs.Job) -> Reply:
    """202 and where to ask how it went."""
    link = {"entity": "job", "href": f"/jobs/{job.id}"}
    return Reply({"status": job.status, "eta": job.eta, "links": [link]}, status=202)


def verdict(found: Verdict) -> JSON:
    """Whether a programme takes a referral, and why not."""
    answer: JSON = {
        "program_id": found.programme.id,
        "program_name": found.programme.name,
        "status": found.status,
    }
    return answer | ({"rejection_reason": found.reason} if found.reason else {})


def urgent(contact: ContactMethod) -> JSON:
    """How the patient will be told; the number is an empty text when there is none, as the field is required."""
    number = mask_phone(contact.phone) if contact.phone else ""
    return {"authentication_method_current": {"type": contact.type, "number": number}}


def in_list(found: Found) -> JSON:
    """A referral as the list by numbers shows it: with who it is about, as much as a registrar compares."""
    return {**shown(found.request), "identity": _identity(found)}


def _identity(found: Found) -> Mapping[str, Any]:
    patient = found.patient
    day = kyiv_date(found.request.inserted_at)
    years = age(patient.birth_date, day) if patient.birth_date else None
    identity = {
        "last_name": patient.last_name or "",
        "first_name": _initial(patient.first_name),
        "second_name": _initial(patient.second_name),
        "gender": patient.gender,
    }
    return identity | ({} if years is None else {"age": years})


def _initial(name: str | None) -> str:
    return f"{name[0]}." if name else ""
