"""What a patient takes already, or soon may.

Prescriptions in force, dispensed ones whose course still runs, and those that wait for a signature.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from esoz.kernel.pages.reading import day_of

from .prescriptions import Prescription


class Stage(StrEnum):
    """How far a medicine is on its way to the patient."""

    IN_FORCE = "in_force"
    DISPENSED = "dispensed"
    UNSIGNED = "unsigned"


_ENDED = frozenset({"EXPIRED", "REJECTED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One medicine: its substances by their international names, the primary one first, and the last day it counts."""

    stage: Stage
    name: str
    substances: tuple[str, ...] = ()
    number: str = ""
    last_day: date | None = None

    @property
    def latin(self) -> str:
        return " + ".join(self.substances)

    def reaches(self, day: date) -> bool:
        """Whether it is still being taken on a day, or may still be fetched from a pharmacy."""
        return self.last_day is not None and self.last_day >= day


def may_be_dispensed_in_part(request: Mapping[str, Any]) -> bool:
    """Whether a prescription that ended may have left medicine with the patient: only its dispenses tell."""
    return request.get("status") in _ENDED and request.get("intent") != "plan"


def has_dispense(dispenses: Iterable[Mapping[str, Any]]) -> bool:
    """Whether anything went over the counter for good."""
    return any(each.get("status") == "PROCESSED" for each in dispenses)


def of_request(request: Mapping[str, Any], *, was_dispensed: bool = False) -> Taken | None:
    """A prescription of central; None when the patient neither has the medicine nor can get it."""
    if request.get("intent") == "plan":
        return None
    if request.get("status") == "ACTIVE":
        # Not fetched by the end of its course, it is dispensed all the same until its last day of dispensing.
        days = (_day(request, "ended_at"), _day(request, "dispense_valid_to"))
        return _taken(Stage.IN_FORCE, request, max((day for day in days if day), default=None))
    if request.get("status") == "COMPLETED" or was_dispensed:
        return _taken(Stage.DISPENSED, request, _day(request, "ended_at"))
    return None


def of_draft(draft: Mapping[str, Any]) -> Taken | None:
    """A draft of central that waits for somebody's signature."""
    if draft.get("status") != "NEW" or draft.get("intent") == "plan":
        return None
    return _taken(Stage.UNSIGNED, draft, _day(draft, "ended_at"))


def of_ours(rx: Prescription, today: date) -> Taken | None:
    """One of this clinic that nobody has signed yet; None when it never can be as it stands: its first day is past."""
    first = day_of(rx.form.get("started_at", ""))
    if first is None or first < today:
        return None
    return Taken(
        stage=Stage.UNSIGNED,
        name=rx.drug.name,
        substances=tuple(each.latin for each in rx.drug.ingredients),
        number=rx.request_number,
        last_day=day_of(rx.form.get("ended_at", "")),
    )


def _taken(stage: Stage, document: Mapping[str, Any], last_day: date | None) -> Taken:
    medicine = document.get("medication_info") or {}
    ingredients = sorted(medicine.get("ingredients") or (), key=lambda each: not each.get("is_primary"))
    return Taken(
        stage=stage,
        name=str(medicine.get("medication_name") or ""),
        substances=tuple(str(each["name_original"]) for each in ingredients if each.get("name_original")),
        number=str(document.get("request_number") or ""),
        last_day=last_day,
    )


def _day(document: Mapping[str, Any], name: str) -> date | None:
    return day_of(str(document.get(name) or "")[:10])
