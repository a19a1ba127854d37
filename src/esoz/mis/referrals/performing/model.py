"""What a clinic does with a referral that a patient has brought."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from esoz.kernel.fhir import concept, reference
from esoz.kernel.pages import mark as _

USE, RELEASE, COMPLETE = "use", "release", "complete"
COMPLETE_REASONS = "eHealth/service_request_complete_reasons"
# What may answer a referral, by the part of central's path and the word of references.
ANSWERS: Mapping[str, tuple[str, str]] = {
    "encounters": ("encounter", _("Прийом")),
    "diagnostic_reports": ("diagnostic_report", _("Діагностичний звіт")),
    "procedures": ("procedure", _("Процедура")),
}
KINDS = frozenset(kind for kind, _word in ANSWERS.values())


@dataclass(frozen=True, slots=True)
class Answer:
    """A record of the clinic that a referral may be completed with."""

    kind: str
    id: UUID
    words: str

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.id}"


def usage(clinic_id: UUID, employee_id: UUID, programme: str) -> dict[str, Any]:
    """The body by which the user takes a referral for their clinic."""
    body: dict[str, Any] = {
        "used_by_legal_entity": reference("legal_entity", clinic_id),
        "used_by_employee": reference("employee", employee_id),
    }
    return body | ({"program": reference("medical_program", UUID(programme))} if programme else {})


def completion(answer: str, reason: str) -> dict[str, Any]:
    """The body that completes a referral; `answer` as the form has it, empty without a record."""
    body: dict[str, Any] = {}
    if answer:
        kind, _colon, id = answer.partition(":")
        body["completed_with"] = reference(kind, UUID(id))
    if reason:
        body["status_reason"] = concept(COMPLETE_REASONS, reason)
    return body


def programme_of(request: Mapping[str, Any]) -> str:
    """The programme that pays for a referral, empty where none does."""
    return str(((request.get("program") or {}).get("identifier") or {}).get("value") or "")


def is_free(request: Mapping[str, Any]) -> bool:
    """Whether a referral may be taken."""
    return request.get("status") == "active" and not request.get("used_by_legal_entity")


def called(identity: Mapping[str, Any]) -> str:
    """Шевченко Т. Г.: as much as central tells of whose referral it is."""
    names = (identity.get(name) for name in ("last_name", "first_name", "second_name"))
    return " ".join(str(name) for name in names if name)
