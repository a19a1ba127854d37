"""A device on prescription: what a doctor chooses and types, the document that is signed, what central tells of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import KYIV
from esoz.kernel.fhir import concept, reference
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

KIND, REVOKING = "device_request", "device_request_revoke"
REASONS = "device_request_revoke_reasons"
UNIT = "device_unit"
FIELDS = ("encounter", "device", "packages", "days", "note")
MOST_PACKAGES, MOST_DAYS, LONGEST_NOTE = 100, 365, 500

NO_ENCOUNTER = _("Оберіть прийом, на якому призначено виріб.")
NO_DEVICE = _("Оберіть медичний виріб зі списку.")
NO_PACKAGES = _("Напишіть, скільки упаковок потрібно: від 1 до 100.")
NO_DAYS = _("Напишіть, на скільки днів цього має вистачити: від 1 до 365.")
LONG_NOTE = _("Примітка задовга: щонайбільше 500 знаків.")
NO_REASON = _("Оберіть причину.")

# Word and colour of a state.
STATES: Mapping[str, tuple[str, str]] = {
    "active": (_("Діє"), "green"),
    "completed": (_("Використано"), "grey"),
    "revoked": (_("Відкликано"), "red"),
    "entered_in_error": (_("Виписано помилково"), "red"),
}
OVER = (_("Строк минув"), "grey")
# Whose refusal of central is about which field.
_FIELDS: Mapping[str, str] = {
    "$.encounter": "encounter",
    "$.code_reference": "device",
    "$.program": "device",
    "$.quantity": "packages",
    "$.occurrence_period": "days",
    "$.note": "note",
    "$.status_reason": "reason",
}


class Event(StrEnum):
    LISTED = "device_requests.listed"
    READ = "device_request.read"
    RESENT = "device_request.resent"


@dataclass(frozen=True, slots=True)
class Offer:
    """A device that a programme lets be prescribed; `count` pieces are in one package."""

    device_id: UUID
    programme_id: UUID
    name: str
    programme: str
    count: float
    unit: str

    @property
    def value(self) -> str:
        return f"{self.programme_id}:{self.device_id}"

    @property
    def label(self) -> str:
        return f"{self.name} · {self.programme}"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the doctor asks for."""

    encounter_id: UUID
    offer: Offer
    packages: int
    days: int
    note: str


def read_wish(
    values: Mapping[str, str], encounters: Sequence[Mapping[str, Any]], offers: Sequence[Offer]
) -> tuple[Wish | None, dict[str, str]]:
    """The form as a wish, or what is wrong with its fields."""
    reading = Reading(values)
    encounter_id = reading.id("encounter", wrong=NO_ENCOUNTER, missing=NO_ENCOUNTER)
    if encounter_id is not None and str(encounter_id) not in {str(each["id"]) for each in encounters}:
        reading.fault("encounter", NO_ENCOUNTER)
    offer = next((each for each in offers if each.value == reading.typed("device")), None)
    if offer is None:
        reading.fault("device", NO_DEVICE)
    packages = _whole(reading, "packages", NO_PACKAGES, MOST_PACKAGES)
    days = _whole(reading, "days", NO_DAYS, MOST_DAYS)
    note = reading.text("note", too_long=LONG_NOTE, longest=LONGEST_NOTE) or ""
    if reading.faults or encounter_id is None or offer is None or packages is None or days is None:
        return None, reading.faults
    return Wish(encounter_id, offer, packages, days, note), {}


def _whole(reading: Reading, name: str, wrong: str, most: int) -> int | None:
    number = reading.number(name, wrong=wrong, missing=wrong)
    if number is None:
        return None
    if not number.is_finite() or number != number.to_integral_value() or not 1 <= number <= most:
        reading.fault(name, wrong)
        return None
    return int(number)


def order(wish: Wish, employee_id: UUID, now: datetime) -> dict[str, Any]:
    """What is asked for, as central checks it before it is signed."""
    last = now.astimezone(KYIV).date() + timedelta(days=wish.days - 1)
    asked = {
        "intent": "order",
        "quantity": {"value": wish.packages * wish.offer.count, "system": UNIT, "code": wish.offer.unit},
        "code_reference": reference("device_definition", wish.offer.device_id),
        "encounter": reference("encounter", wish.encounter_id),
        "requester": reference("employee", employee_id),
        "authored_on": now,
        "occurrence_period": {"start": now, "end": datetime.combine(last, time(23, 59, 59), tzinfo=KYIV)},
    }
    found: dict[str, Any] = msgspec.to_builtins(asked)
    return found


def document(wish: Wish, id: UUID, employee_id: UUID, now: datetime) -> bytes:
    """The bytes to be signed."""
    more: dict[str, Any] = {
        "id": id,
        "status": "active",
        "program": reference("medical_program", wish.offer.programme_id),
    }
    if wish.note:
        more["note"] = wish.note
    return msgspec.json.encode(order(wish, employee_id, now) | more)


def revoking(shown: Mapping[str, Any], reason: str) -> bytes:
    """The request as central shows it, revoked."""
    content = {name: value for name, value in shown.items() if name != "remaining_quantity"}
    return msgspec.json.encode(content | {"status": "revoked", "status_reason": concept(REASONS, reason)})


def field_of(_content: Mapping[str, Any], entry: str) -> str:
    """The form's field that an entry of central's refusal is about."""
    return next((name for place, name in _FIELDS.items() if entry.startswith(place)), "")


def state_tag(request: Mapping[str, Any], today: date) -> tuple[str, str]:
    """Word and colour of a request's state; an active one whose days are over is told so."""
    if request["status"] == "active" and last_day(request) < today:
        return OVER
    return STATES.get(request["status"], (request["status"], "grey"))


def last_day(request: Mapping[str, Any]) -> date:
    """The last day in Kyiv on which the device is given."""
    return datetime.fromisoformat(request["dispense_valid_to"]).astimezone(KYIV).date()


def device_name(request: Mapping[str, Any]) -> str:
    """What is prescribed, in words: the name of a device, or its code."""
    if "code_reference" in request:
        return str(request["code_reference"].get("display_value") or "")
    return " ".join(each["code"] for each in request.get("code", {}).get("coding", ()))
