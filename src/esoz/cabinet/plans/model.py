"""A care plan as a patient reads it, from central's answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from esoz.kernel.clock import KYIV
from esoz.kernel.pages import mark as _

Answer = Mapping[str, Any]


class Event(StrEnum):
    LIST_READ = "care_plans.read"
    READ = "care_plan.read"


# Word and colour of each status of central.
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "new": (_("Складено"), "blue"),
    "active": (_("Діє"), "green"),
    "completed": (_("Завершено"), "grey"),
    "cancelled": (_("Скасовано"), "red"),
    "terminated": (_("Строк минув"), "grey"),
}
ACTIVITY_WORDS: Mapping[str, tuple[str, str]] = {
    "scheduled": (_("Заплановано"), "blue"),
    "in_progress": (_("Виконується"), "green"),
    "completed": (_("Виконано"), "grey"),
    "cancelled": (_("Скасовано"), "red"),
}
KIND_WORDS: Mapping[str, str] = {
    "service_request": _("Послуга"),
    "medication_request": _("Ліки"),
    "device_request": _("Медичний виріб"),
}


def words_of(reference: object) -> str:
    """How a register calls what is pointed at; empty when nobody says: a forbidden group may hide it."""
    return str(reference.get("display_value") or "") if isinstance(reference, Mapping) else ""


def coding_of(concept: object) -> tuple[str, str]:
    """Dictionary and code of a concept, empty texts when there is none."""
    codings = concept.get("coding") if isinstance(concept, Mapping) else None
    first = codings[0] if codings else {}
    return str(first.get("system") or ""), str(first.get("code") or "")


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that is planned."""

    detail: Answer

    @property
    def name(self) -> str:
        return words_of(self.detail.get("product_reference"))

    @property
    def code(self) -> tuple[str, str]:
        """Dictionary and code where devices of a kind are planned."""
        return coding_of(self.detail.get("product_codeable_concept"))

    @property
    def kind(self) -> str:
        return KIND_WORDS.get(str(self.detail.get("kind")), "")

    @property
    def status_words(self) -> tuple[str, str]:
        return ACTIVITY_WORDS[str(self.detail["status"])]

    @property
    def amount(self) -> Answer | None:
        """How much is planned."""
        return self.detail.get("quantity")

    @property
    def left(self) -> Answer | None:
        """How much may still be prescribed."""
        return self.detail.get("remaining_quantity")


@dataclass(frozen=True, slots=True)
class Plan:
    """One care plan, with what it plans where that was asked."""

    content: Answer
    activities: Sequence[Activity] = ()

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def title(self) -> str:
        return str(self.content.get("title") or "")

    @property
    def number(self) -> str:
        return str(self.content["requisition"])

    @property
    def status(self) -> str:
        return str(self.content["status"])

    @property
    def doctor(self) -> str:
        return words_of(self.content.get("author"))

    @property
    def clinic(self) -> str:
        return words_of(self.content.get("managing_organization"))

    @property
    def first_day(self) -> date:
        return _day(self.content["period"]["start"])

    @property
    def last_day(self) -> date | None:
        end = self.content["period"].get("end")
        return _day(end) if end else None

    @property
    def diagnoses(self) -> list[tuple[str, str]]:
        """Dictionaries and codes of what it is for."""
        return [coding_of(each) for each in self.content.get("addresses") or ()]

    @property
    def reason(self) -> tuple[str, str]:
        """Why it ended: dictionary and code."""
        history: Sequence[Answer] = self.content.get("status_history") or ({},)
        return coding_of(history[-1].get("status_reason"))


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(KYIV).date()
