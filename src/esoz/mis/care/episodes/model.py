"""What an episode's forms ask for, their rules, and the documents made of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import KYIV, kyiv_date
from esoz.kernel.fhir import Coding, concept, reference
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import day_of
from esoz.mis.base.workplace import Workplace

OPENING, CLOSING = "episode", "episode_close"
TYPES = "eHealth/episode_types"
REASONS = "eHealth/episode_closing_reasons"
PRIMARY_CARE = frozenset({"PRIMARY_CARE", "MSP", "MSP_LIMITED"})
LONGEST_TEXT = 2000

NO_TYPE = _("Оберіть тип епізоду.")
NO_NAME = _("Введіть назву епізоду.")
NO_START = _("Введіть дату початку.")
FUTURE = _("Дата ще не настала. Введіть сьогоднішню або ранішу.")
NO_REASON = _("Оберіть причину закриття.")
NO_END = _("Введіть дату завершення.")
TOO_EARLY = _("Епізод почався пізніше. Введіть дату не раніше за його початок.")
TOO_LONG = _("Текст задовгий: щонайбільше 2000 знаків.")

# Entries of central's refusals → fields of the forms.
FIELDS = {
    "$.type": "type",
    "$.type.code": "type",
    "$.name": "name",
    "$.period.start": "started_on",
    "$.period.end": "ended_on",
    "$.status_reason": "reason",
    "$.status_reason.coding[0].code": "reason",
    "$.closing_summary": "summary",
}


def opening_errors(values: Mapping[str, str], types: Mapping[str, str], today: date) -> dict[str, str]:
    """Field → what is wrong with a new episode (EP-1: type of the dictionary, start not in the future)."""
    errors = {}
    if values.get("type") not in types:
        errors["type"] = NO_TYPE
    if not values.get("name"):
        errors["name"] = NO_NAME
    elif len(values["name"]) > LONGEST_TEXT:
        errors["name"] = TOO_LONG
    started = day_of(values.get("started_on", ""))
    if started is None:
        errors["started_on"] = NO_START
    elif started > today:
        errors["started_on"] = FUTURE
    return errors


def closing_errors(
    values: Mapping[str, str], reasons: Mapping[str, str], today: date, *, started_on: date | None
) -> dict[str, str]:
    """Field → what is wrong with the end of an episode (EP-3: reason of the dictionary, end not before start)."""
    errors = {}
    if values.get("reason") not in reasons:
        errors["reason"] = NO_REASON
    ended = day_of(values.get("ended_on", ""))
    if ended is None:
        errors["ended_on"] = NO_END
    elif ended > today:
        errors["ended_on"] = FUTURE
    elif started_on is not None and ended < started_on:
        errors["ended_on"] = TOO_EARLY
    if len(values.get("summary", "")) > LONGEST_TEXT:
        errors["summary"] = TOO_LONG
    return errors


def opening(episode_id: UUID, values: Mapping[str, str], place: Workplace) -> bytes:
    """The published body of POST /api/patients/{id}/episodes."""
    start = datetime.combine(date.fromisoformat(values["started_on"]), time(), KYIV).astimezone(UTC)
    body: dict[str, Any] = {
        "id": episode_id,
        "type": Coding(TYPES, values["type"]),
        "status": "active",
        "name": values["name"],
        "managing_organization": reference("legal_entity", place.clinic_id),
        "period": {"start": start},
        "care_manager": reference("employee", place.employee_id),
    }
    return msgspec.json.encode(body)


def closing(values: Mapping[str, str], now: datetime) -> bytes:
    """The published body of PATCH …/actions/close: today the present moment, another day its last second."""
    day = date.fromisoformat(values["ended_on"])
    end = now if day == kyiv_date(now) else datetime.combine(day, time(23, 59, 59), KYIV).astimezone(UTC)
    body: dict[str, Any] = {
        "period": {"end": end.replace(microsecond=0)},
        "status_reason": concept(REASONS, values["reason"]),
    }
    if values.get("summary"):
        body["closing_summary"] = values["summary"]
    return msgspec.json.encode(body)


def usual_type(clinic_type: str) -> str:
    """The type that is chosen beforehand: primary care for its clinics, outpatient care for others."""
    return "PHC" if clinic_type in PRIMARY_CARE else "AMB"
