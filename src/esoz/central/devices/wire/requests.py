"""Requests of devices on the wire: `device_request`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from esoz.central.device_definitions import Definition, ProgramDevice
from esoz.central.dictionaries import dictionaries
from esoz.central.people import AuthenticationType, Person, age, mask_phone
from esoz.central.programmes import Programme
from esoz.central.records import check_signed
from esoz.kernel.clock import kyiv_date
from esoz.kernel.decoding import convert
from esoz.kernel.fhir import Reference, reference
from esoz.kernel.payload import JSON, number, omit_none

from ..content.requests import shown_request
from ..model import Order, Request
from ..model.orders import UNIT, Participation
from ..model.views import FoundRequest, RequestView

CREATE = "post_api_patients_ID_device_requests"
NO_PHONE = AuthenticationType.OFFLINE  # the publication knows no patient who was never asked how they are told


class Prequalification(msgspec.Struct, frozen=True):
    """Body of prequalify."""

    device_request: Order
    programs: Sequence[Reference]


class Qualify(msgspec.Struct, frozen=True):
    """Body of qualify."""

    location: Reference
    programs: Sequence[Reference]


def read_order(content: Mapping[str, Any], *, is_checked: bool = False) -> Order:
    """A signed request. Raises Rejected with every fault of its shape, unless that `is_checked` already."""
    if not is_checked:
        check_signed(CREATE, content)
    return convert(content, Order)


def details(view: RequestView) -> JSON:
    """`Device_Request_Response_Details`."""
    return {**shown_request(view.request), "remaining_quantity": quantity(view.remaining, view.request.unit)}


def own(request: Request, remaining: Decimal) -> JSON:
    """The same for the patient, in a list."""
    return {**shown_request(request), "remaining_quantity": quantity(remaining, request.unit)}


def urgent(view: RequestView) -> JSON:
    """How the patient is told, and the code where it is to be printed."""
    contact = view.contact
    kind = NO_PHONE if contact.type is AuthenticationType.NA else contact.type
    current = {"type": kind, "phone_number": mask_phone(contact.phone) if contact.phone else None}
    return omit_none({"authentication_method_current": omit_none(current), "verification_code": view.code})


def quantity(value: Decimal, unit: str) -> JSON:
    """A number of pieces, with the words of its unit."""
    words = dictionaries.describe(UNIT, unit) or unit
    return {"value": number(value), "system": UNIT, "code": unit, "unit": words}


def found(each: FoundRequest) -> JSON:
    """A request that was found by its number, with whose it is."""
    return {**shown_request(each.request), "identity": _identity(each.person, each.request)}


def _identity(person: Person, request: Request) -> JSON:
    return {
        "last_name": person.last_name,
        "first_name": person.first_name,
        "second_name": person.second_name or "",
        "gender": person.gender,
        "age": age(person.birth_date, kyiv_date(request.authored_on)),
    }


def context(request: Request, episode: str) -> JSON:
    """`Medical_Event_Context_Care_Plan_with_Episode_Response`."""
    care_plan = None if request.care_plan_id is None else reference("care_plan", request.care_plan_id, "")
    held = None if request.episode_id is None else reference("episode", request.episode_id, episode)
    return omit_none({"episode": held, "care_plan": care_plan})


def verdict(programme: Programme, reason: str) -> JSON:
    """VALID, or INVALID with the reason."""
    return omit_none(
        {
            "program_id": programme.id,
            "program_name": programme.name,
            "status": "INVALID" if reason else "VALID",
            "rejection_reason": reason or None,
        }
    )


def qualified(programme: Programme, reason: str, participants: Sequence[Participation]) -> JSON:
    """A verdict with what may be handed over by the programme."""
    return {**verdict(programme, reason), "participants": [_participant(*each) for each in participants]}


def _participant(definition: Definition, part: ProgramDevice) -> JSON:
    reimbursement = {
        "type": part.reimbursement_type,
        "percentage_discount": number(part.percentage_discount),
        "reimbursement_amount": number(part.reimbursement_amount),
    }
    return omit_none(
        {
            "id": part.id,
            "device_definition": _device(definition),
            "reimbursement": omit_none(reimbursement),
            "wholesale_price": number(part.wholesale_price),
            "consumer_price": number(part.consumer_price),
            "reimbursement_daily_count": part.reimbursement_daily_count,
            "estimated_payment_amount": number(part.estimated_payment_amount),
            "max_daily_count": part.max_daily_count,
            "registry_number": part.registry_number,
            "start_date": part.start_date or "",
            "end_date": part.end_date,
        }
    )


def _device(definition: Definition) -> JSON:
    names = ("id", "device_names", "classification_types", "manufacturer", "model_number", "packaging")
    return omit_none({name: getattr(definition, name) for name in names})
