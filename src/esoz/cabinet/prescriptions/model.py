"""A prescription as a patient reads it, from central's published answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from esoz.kernel.pages import mark as _

Answer = Mapping[str, Any]


class Event(StrEnum):
    LIST_READ = "prescriptions.read"
    READ = "prescription.read"
    QR_SHOWN = "prescription.qr_shown"
    TOGETHER_SHOWN = "prescriptions.shown_together"
    PRINTED = "prescriptions.printed"


class Status(StrEnum):
    """Statuses of central; BLOCKED is ours, for an active prescription that pharmacies may not use now."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"
    BLOCKED = "BLOCKED"


# Word and colour of each status.
STATUS_WORDS: Mapping[Status, tuple[str, str]] = {
    Status.ACTIVE: (_("Чинний"), "green"),
    Status.COMPLETED: (_("Використаний"), "grey"),
    Status.EXPIRED: (_("Строк минув"), "grey"),
    Status.REJECTED: (_("Відкликаний"), "red"),
    Status.BLOCKED: (_("Призупинений"), "yellow"),
}
FILTERS = (Status.ACTIVE, Status.COMPLETED, Status.EXPIRED, Status.REJECTED)
# What a pharmacy handed over, or holds for the patient at this moment.
TAKEN = frozenset({"NEW", "PROCESSED"})


@dataclass(frozen=True, slots=True)
class Prescription:
    """One prescription; `left` is None when it is not known."""

    content: Answer
    left: Decimal | None = None

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def number(self) -> str:
        return str(self.content["request_number"])

    @property
    def code(self) -> str:
        """The code for the pharmacist; empty when there is none, or in a list."""
        return str(self.content.get("verification_code") or "")

    @property
    def status(self) -> Status:
        status = Status(self.content["status"])
        return Status.BLOCKED if status is Status.ACTIVE and self.content.get("block_reason_code") else status

    @property
    def is_plan(self) -> bool:
        """A plan of a course: nothing is handed over by it."""
        return self.content.get("intent") == "plan"

    @property
    def is_usable(self) -> bool:
        """Whether a pharmacy hands something over by it now."""
        return self.status is Status.ACTIVE and not self.is_plan

    def opens_later(self, today: date) -> bool:
        """One of a series whose days have not come: a pharmacy does not take it yet."""
        first = str(self.content.get("dispense_valid_from") or "")
        return self.is_usable and bool(first) and date.fromisoformat(first) > today

    @property
    def follows(self) -> str:
        """The id of the prescription that it comes after; empty when it names none."""
        prior = (self.content.get("prior_prescription") or {}).get("identifier") or {}
        return str(prior.get("value") or "")

    @property
    def substance(self) -> str:
        name = str(self.medicine.get("medication_name") or "")
        return name[:1].upper() + name[1:]

    @property
    def quantity(self) -> Decimal:
        return Decimal(str(self.medicine.get("medication_qty") or 0))

    @property
    def first_day(self) -> str:
        return str(self.content.get("dispense_valid_from") or self.content.get("started_at") or "")

    @property
    def last_day(self) -> str:
        return str(self.content.get("dispense_valid_to") or self.content.get("ended_at") or "")

    @property
    def instructions(self) -> list[str]:
        """How to take it, in the doctor's words."""
        lines = self.content.get("dosage_instruction") or []
        return [text for line in lines if (text := line.get("patient_instruction") or line.get("text"))]

    def days_left(self, today: date) -> int | None:
        """Days of validity, today included; None when the last day is not known."""
        return (date.fromisoformat(self.last_day) - today).days + 1 if self.last_day else None

    @property
    def medicine(self) -> Answer:
        """What is prescribed, as central tells of it."""
        info: Answer = self.content.get("medication_info") or {}
        return info


def places(prescriptions: Iterable[Prescription]) -> Mapping[str, tuple[int, int]]:
    """Id → place in its series and how many are in it, for those that follow one another among these."""
    known = {each.id: each for each in prescriptions}
    behind = {each.follows: each for each in known.values() if each.follows in known and _is_next(each, known)}
    found: dict[str, tuple[int, int]] = {}
    for first in known.values():
        if first.id in behind and not (first.follows in known and behind.get(first.follows) is first):
            chain = [first]
            while (link := behind.get(chain[-1].id)) is not None and len(chain) <= len(known):
                chain.append(link)
            found |= {each.id: (place, len(chain)) for place, each in enumerate(chain, 1)}
    return found


def _is_next(prescription: Prescription, known: Mapping[str, Prescription]) -> bool:
    """Written on the same day: a prescription may name an earlier one without being of its series."""
    return prescription.content.get("created_at") == known[prescription.follows].content.get("created_at")


# What the patient was told of a prescription, by which way, and what became of it; central's words.
NOTICE_WORDS: Mapping[str, str] = {
    "prescription_created": _("Рецепт виписано: номер і код"),
    "prescription_sent_again": _("Номер і код надіслано ще раз"),
    "prescription_rejected": _("Рецепт відкликано"),
    "dispense_returned": _("Аптека записала повернення ліків"),
}
WAY_WORDS: Mapping[str, str] = {"push": _("Дія"), "viber": "Viber", "sms": "SMS"}
TOLD_WORDS: Mapping[str, tuple[str, str]] = {
    "under_way": (_("Надсилається"), "yellow"),
    "delivered": (_("Доставлено"), "green"),
    "sent": (_("Надіслано"), "green"),
    "failed": (_("Не доставлено"), "red"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One message about a prescription."""

    content: Answer

    @property
    def kind(self) -> str:
        return str(self.content.get("kind") or "")

    @property
    def status(self) -> str:
        return str(self.content.get("status") or "")

    @property
    def at(self) -> str:
        return str(self.content.get("ended_at") or self.content.get("inserted_at") or "")

    @property
    def told_by(self) -> Answer:
        """The way that told the patient, or that is trying to; with its masked address."""
        ways = self.content.get("ways") or []
        told = [each for each in ways if each.get("way") == self.content.get("way")]
        found: Answer = (told or ways or [{}])[-1]
        return found


@dataclass(frozen=True, slots=True)
class Dispense:
    """What one pharmacy handed over."""

    content: Answer

    @property
    def request_id(self) -> str:
        return str((self.content.get("medication_request") or {}).get("id") or "")

    @property
    def is_taken(self) -> bool:
        return self.content["status"] in TAKEN

    @property
    def quantity(self) -> Decimal:
        return sum((Decimal(str(line["medication_qty"])) for line in self.content.get("details") or ()), Decimal(0))

    @property
    def kept(self) -> Decimal:
        """What was not taken back of it."""
        return self.quantity - Decimal(str(self.content.get("returned_qty") or 0))


DISPENSE_WORDS: Mapping[str, tuple[str, str]] = {
    "NEW": (_("Аптека готує"), "yellow"),
    "PROCESSED": (_("Видано"), "green"),
    "REJECTED": (_("Скасовано"), "grey"),
    "EXPIRED": (_("Не завершено"), "grey"),
    "RETURNED": (_("Повернено"), "grey"),
}


def with_left(content: Answer, dispenses: Iterable[Dispense]) -> Prescription:
    """The prescription with what is left of it. Central does not tell patients, but tells them all dispenses."""
    whole = Prescription(content)
    taken = sum((each.kept for each in dispenses if each.is_taken and each.request_id == whole.id), Decimal(0))
    return Prescription(content, max(whole.quantity - taken, Decimal(0)))
