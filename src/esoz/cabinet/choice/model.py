"""A request for a declaration as a patient reads it, and the exact bytes that are signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from esoz.kernel.pages import mark as _


class Event(StrEnum):
    BEGUN = "choice.begun"
    READ = "choice.read"
    SIGNED = "choice.signed"
    WITHDRAWN = "choice.withdrawn"


class Status(StrEnum):
    """Statuses of central."""

    NEW = "NEW"
    APPROVED = "APPROVED"
    SIGNED = "SIGNED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


_STATUSES = frozenset(Status)
OPEN = frozenset({Status.NEW, Status.APPROVED})
OWN = "PIS"  # the channel of requests that the patient sent themselves
# Word, colour, what to do next.
STATUS_WORDS: Mapping[Status, tuple[str, str, str]] = {
    Status.NEW: (_("Чекає на Ваш підпис"), "yellow", _("Прочитайте й підпишіть декларацію протягом доби.")),
    Status.APPROVED: (_("Чекає на підпис лікаря"), "blue", _("Нічого робити не потрібно: лікар підпише декларацію.")),
    Status.SIGNED: (_("Підписано"), "green", ""),
    Status.REJECTED: (_("Скасовано"), "grey", _("Декларації не створено. Оберіть лікаря ще раз, якщо потрібно.")),
    Status.CANCELLED: (_("Замінено новішою"), "grey", _("Ви звернулися до цього лікаря ще раз, тож ця спроба не діє.")),
    Status.EXPIRED: (_("Час минув"), "grey", _("Підпису не було протягом доби. Оберіть лікаря ще раз.")),
}
# The same of a request that a clinic has prepared.
BY_CLINIC = (
    _("Чекає на Вашу згоду"),
    "yellow",
    _("Цю декларацію готує заклад. Назвіть там код із SMS або покажіть документи, якщо справді обираєте цього лікаря."),
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, from the list of central or from its details."""

    content: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def number(self) -> str:
        return str(self.content.get("declaration_number") or "")

    @property
    def declaration_id(self) -> str:
        """Known in the details only."""
        return str(self.content.get("declaration_id") or "")

    @property
    def status(self) -> Status:
        """Small letters in the list of central, capitals in its details."""
        return Status(str(self.content["status"]).upper())

    @property
    def is_known(self) -> bool:
        """Is its status one that there are words for."""
        return str(self.content.get("status")).upper() in _STATUSES

    @property
    def is_own(self) -> bool:
        return self.content.get("channel") == OWN

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_to_be_signed(self) -> bool:
        """The same, and the document is here: lists do not bring it."""
        return self.waits_for_me and bool(self.document)

    @property
    def waits_for_me(self) -> bool:
        """Did this very patient send it, and has not signed it yet."""
        return self.is_own and self.status is Status.NEW

    @property
    def words(self) -> tuple[str, str, str]:
        """Word, colour and what to do next."""
        is_by_clinic = self.status is Status.NEW and not self.is_own
        return BY_CLINIC if is_by_clinic else STATUS_WORDS[self.status]

    @property
    def document(self) -> Mapping[str, Any]:
        """What is to be signed; empty in lists, and when the request is over."""
        found: Mapping[str, Any] = self.content.get("data_to_be_signed") or {}
        return found

    @property
    def doctor(self) -> Mapping[str, Any]:
        """The names of the doctor; empty when central tells ids only."""
        party: Mapping[str, Any] = (self._part("employee")).get("party") or {}
        return party

    @property
    def clinic(self) -> str:
        entity = self._part("legal_entity")
        return str(entity.get("public_name") or entity.get("short_name") or entity.get("name") or "")

    @property
    def division(self) -> str:
        return str(self._part("division").get("name") or "")

    def is_with(self, employee_id: str, division_id: str) -> bool:
        """Is it to this doctor at this place."""
        return (self._part("employee").get("id"), self._part("division").get("id")) == (employee_id, division_id)

    def _part(self, name: str) -> Mapping[str, Any]:
        part: Mapping[str, Any] = self.content.get(name) or self.document.get(name) or {}
        return part


def to_be_signed(document: Mapping[str, Any]) -> bytes:
    """The exact bytes: what central has prepared, with the patient's word that the printed form is signed (DC-18)."""
    person = {**document["person"], "patient_signed": True}
    return msgspec.json.encode({**document, "person": person})


def expected_drfo(document: Mapping[str, Any]) -> str:
    """The tax number that the key must belong to; empty when somebody may sign for the patient, or there is none."""
    person = document["person"]
    return "" if person.get("confidant_person") else str(person.get("tax_id") or "")
