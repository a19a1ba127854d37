"""A referral as its doctor writes it: what is asked for, the document that is signed, words of its states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.fhir import concept, reference
from esoz.kernel.pages import mark as _
from esoz.mis.base.workplace import Workplace

KIND, RECALL, CANCEL = "service_request", "service_request_recall", "service_request_cancel"
CATEGORIES = "eHealth/SNOMED/service_request_categories"
REASONS = {"recall": "eHealth/service_request_recall_reasons", "cancel": "eHealth/service_request_cancel_reasons"}
ENDED = {"recall": "recalled", "cancel": "entered_in_error"}
KINDS = {"recall": RECALL, "cancel": CANCEL}
SERVICE, GROUP = "service", "service_group"
LONGEST_TEXT = 2000
LONGEST_LETTER = 1000


class Event(StrEnum):
    LISTED = "referrals.listed"
    READ = "referral.read"
    PRINTED = "referral.printed"
    RESENT = "referral.resent"
    WRITTEN = "referral.written"
    CHECKED = "referral.checked"
    FOUND = "referral.found"
    TAKEN = "referral.taken"
    RELEASED = "referral.released"
    COMPLETED = "referral.completed"


class Way(StrEnum):
    """Whether a referral was written in this clinic, or taken in it."""

    SENT = "sent"
    TAKEN = "taken"


PRIORITIES: Mapping[str, str] = {"routine": _("Планово"), "urgent": _("Терміново")}
CATEGORY_WORDS: Mapping[str, str] = {
    "counselling": _("Консультація"),
    "laboratory_procedure": _("Лабораторне дослідження"),
    "diagnostic_procedure": _("Діагностичне обстеження"),
    "imaging": _("Візуалізація: рентген, УЗД, томографія"),
    "education": _("Навчання пацієнта"),
    "surgical_procedure": _("Хірургічне втручання"),
}
# Words and colour of the tag.
STATUSES: Mapping[str, tuple[str, str]] = {
    "active": (_("Чинне"), "green"),
    "in_progress": (_("У роботі"), "blue"),
    "completed": (_("Виконано"), "grey"),
    "recalled": (_("Відкликано"), "grey"),
    "entered_in_error": (_("Внесено помилково"), "grey"),
}
TAKEN_HERE = (_("У роботі"), "blue")
UNKNOWN = (_("Стан невідомий"), "yellow")


def status_tag(request: Mapping[str, Any]) -> tuple[str, str]:
    """The word and the colour of a referral's state: one that a clinic has taken is at work, whatever its status."""
    if request.get("status") == "active" and request.get("used_by_legal_entity"):
        return TAKEN_HERE
    return STATUSES.get(str(request.get("status")), UNKNOWN)


@dataclass(frozen=True, slots=True)
class Service:
    """What may be asked for: a service or a group of services; a group has no category of its own."""

    id: UUID
    kind: str
    code: str
    name: str
    category: str = ""

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}" if self.kind == SERVICE else f"{self.name} ({self.code})"


def services_in(rows: Sequence[Mapping[str, Any]]) -> list[Service]:
    """Everything that may be asked for in a part of central's catalogue, each once."""
    found = {each.id: each for row in rows for each in _in_group(row)}
    return list(found.values())


def _in_group(row: Mapping[str, Any]) -> Iterator[Service]:
    if row.get("is_active") and row.get("request_allowed"):
        yield Service(UUID(row["id"]), GROUP, row["code"], row["name"])
    for each in row.get("services") or ():
        if each.get("is_active") and each.get("request_allowed"):
            yield Service(UUID(each["id"]), SERVICE, each["code"], each["name"], each.get("category") or "")
    for group in row.get("groups") or ():
        yield from _in_group(group)


@dataclass(frozen=True, slots=True)
class Order:
    """What the form asks for."""

    service: Service
    category: str
    priority: str
    encounter_id: UUID
    condition_ids: Sequence[UUID] = ()
    note: str = ""
    instruction: str = ""
    programme_id: UUID | None = None


def content_of(order: Order, id: UUID | None, work: Workplace) -> dict[str, Any]:
    """The document that is signed; without an id and a programme it is what is only checked."""
    content: dict[str, Any] = {
        "status": "active",
        "intent": "order",
        "priority": order.priority,
        "category": concept(CATEGORIES, order.category),
        "code": reference(order.service.kind, order.service.id),
        "context": reference("encounter", order.encounter_id),
        "requester_employee": reference("employee", work.employee_id),
        "requester_legal_entity": reference("legal_entity", work.clinic_id),
    }
    if order.condition_ids:
        content["reason_reference"] = [reference("condition", each) for each in order.condition_ids]
    if order.note:
        content["note"] = order.note
    if order.instruction:
        content["patient_instruction"] = order.instruction
    if id is not None:
        content["id"] = str(id)
        if order.programme_id is not None:
            content["program"] = reference("medical_program", order.programme_id)
    plain: dict[str, Any] = msgspec.to_builtins(content)
    return plain


def ending_of(request: Mapping[str, Any], action: str, reason: str, letter: str) -> bytes:
    """The referral exactly as central shows it, with why it ends: what is signed to take it back."""
    told = {"status_reason": msgspec.to_builtins(concept(REASONS[action], reason))}
    return msgspec.json.encode({**request, **told, **({"explanatory_letter": letter} if letter else {})})


# Places of the signed document, and the fields of the form that they come from.
_FIELDS: Mapping[str, str] = {
    "$.code": "service",
    "$.category": "category",
    "$.priority": "priority",
    "$.program": "programme",
    "$.context": "encounter",
    "$.note": "note",
    "$.patient_instruction": "instruction",
    "$.reason_reference": "encounter",
    "$.status_reason": "reason",
    "$.explanatory_letter": "letter",
}


def field_of(_content: Mapping[str, Any], entry: str) -> str:
    """The form's field that an entry of central's refusal is about."""
    entry = entry.replace("$.service_request.", "$.")
    return next((field for place, field in _FIELDS.items() if entry.startswith(place)), "")
