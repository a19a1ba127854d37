"""A referral as a patient reads it, from central's answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from esoz.kernel.barcodes import IN_BARS
from esoz.kernel.clock import KYIV
from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_name

Answer = Mapping[str, Any]

LONGEST_CODED = 40  # of a longer number the bars would be too narrow for a scanner
AUTOEXPIRED = "autoexpired"


class Event(StrEnum):
    LIST_READ = "referrals.read"
    READ = "referral.read"
    PRINTED = "referral.printed"


class Status(StrEnum):
    """Statuses of central; EXPIRED is ours: its days are over and nobody has taken it."""

    ACTIVE = "active"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    EXPIRED = "expired"
    RECALLED = "recalled"
    ENTERED_IN_ERROR = "entered_in_error"


# Word and colour of each status.
STATUS_WORDS: Mapping[Status, tuple[str, str]] = {
    Status.ACTIVE: (_("Чинне"), "green"),
    Status.IN_PROGRESS: (_("У роботі"), "blue"),
    Status.COMPLETED: (_("Виконано"), "grey"),
    Status.EXPIRED: (_("Строк минув"), "grey"),
    Status.RECALLED: (_("Відкликано"), "red"),
    Status.ENTERED_IN_ERROR: (_("Виписано помилково"), "red"),
}
PRIORITY_WORDS: Mapping[str, str] = {"routine": _("Планово"), "urgent": _("Терміново")}
# The dictionary has these in English.
CATEGORY_WORDS: Mapping[str, str] = {
    "counselling": _("Консультація"),
    "laboratory_procedure": _("Лабораторне дослідження"),
    "diagnostic_procedure": _("Діагностичне обстеження"),
    "imaging": _("Візуалізація: рентген, УЗД, томографія"),
    "education": _("Навчання пацієнта"),
    "surgical_procedure": _("Хірургічне втручання"),
}
# What answered it: in words, and where it stands in the record.
ANSWERS: Mapping[str, tuple[str, str]] = {
    "encounter": (_("Прийом у лікаря"), "/record/visits/{id}"),
    "diagnostic_report": (_("Результат обстеження"), "/record/examinations"),
    "procedure": (_("Процедура або операція"), "/record/procedures"),
}


def words_of(reference: object) -> str:
    """How a register calls what is pointed at; empty when nobody says: a forbidden group may hide it."""
    return str(reference.get("display_value") or "") if isinstance(reference, Mapping) else ""


@dataclass(frozen=True, slots=True)
class Referral:
    """One referral."""

    content: Answer

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def number(self) -> str:
        return str(self.content["requisition"])

    @property
    def has_codes(self) -> bool:
        """Whether a scanner could read its number."""
        return len(self.number) <= LONGEST_CODED and bool(IN_BARS.fullmatch(self.number))

    @property
    def service(self) -> str:
        return words_of(self.content.get("code"))

    @property
    def clinic(self) -> str:
        """Who wrote it."""
        return words_of(self.content.get("requester_legal_entity"))

    @property
    def doctor(self) -> str:
        return words_of(self.content.get("requester_employee"))

    @property
    def programme(self) -> str:
        return words_of(self.content.get("program"))

    @property
    def taken_by(self) -> str:
        """The clinic that has it in hand."""
        return words_of(self.content.get("used_by_legal_entity"))

    @property
    def performer(self) -> str:
        return words_of(self.content.get("used_by_employee"))

    @property
    def category(self) -> tuple[str, str]:
        """Dictionary and code."""
        return _coding(self.content.get("category"))

    @property
    def reason(self) -> tuple[str, str]:
        """Why it ended: dictionary and code."""
        return _coding(self.content.get("status_reason"))

    @property
    def answer(self) -> tuple[str, str, str] | None:
        """What it was answered with: kind in words, how a register calls it, where it is read."""
        reference = self.content.get("completed_with") or {}
        identifier = reference.get("identifier") or {}
        __, kind = _coding(identifier.get("type"))
        if kind not in ANSWERS:
            return None
        words, path = ANSWERS[kind]
        return words, words_of(reference), path.format(id=identifier.get("value"))

    @property
    def last_day(self) -> date:
        """The last day in Kyiv on which a clinic takes it."""
        return datetime.fromisoformat(self.content["expiration_date"]).astimezone(KYIV).date()

    def status_on(self, today: date) -> Status:
        """One that a clinic has taken is at work, whatever its status; what nobody took in time is over (SR-5)."""
        status = Status(self.content["status"])
        if status is Status.ACTIVE:
            if self.content.get("used_by_legal_entity"):
                return Status.IN_PROGRESS
            return Status.EXPIRED if today > self.last_day else status
        return Status.EXPIRED if status is Status.RECALLED and self.reason[1] == AUTOEXPIRED else status

    def is_named(self, words: str) -> bool:
        """By the beginnings of words of the service, or by digits of the number."""
        name = f" {plain_name(self.service)}"
        digits = "".join(letter for letter in words if letter not in "- ")
        is_number = bool(digits) and digits in self.number.replace("-", "")
        return is_number or all(f" {word}" in name for word in plain_name(words).split())


def _coding(concept: object) -> tuple[str, str]:
    codings = concept.get("coding") if isinstance(concept, Mapping) else None
    first = codings[0] if codings else {}
    return str(first.get("system") or ""), str(first.get("code") or "")
