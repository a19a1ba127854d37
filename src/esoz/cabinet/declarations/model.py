"""A declaration as a patient reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from esoz.kernel.pages import mark as _

OPEN_END_YEARS = 50  # a declaration has no term: central writes an end date so far away that it means none


class Event(StrEnum):
    LIST_READ = "declarations.read"
    READ = "declaration.read"
    TEXT_READ = "declaration.text_read"
    ENDED = "declaration.ended"


ACTIVE = "active"  # the one status that a patient can end
LIVE = (ACTIVE, "pending_verification")  # with these the patient has chosen a doctor
BY_PATIENT = "manual_person"  # the reason that central writes then
LONGEST_REASON = 1000


# Word and colour of each status of central.
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "active": (_("Чинна"), "green"),
    "pending_verification": (_("Перевіряє НСЗУ"), "yellow"),
    "terminated": (_("Припинена"), "grey"),
    "closed": (_("Закрита"), "grey"),
    "rejected": (_("Відхилена"), "red"),
}
# Why it ended, as central codes it.
REASON_WORDS: Mapping[str, str] = {
    "manual_person": _("За бажанням пацієнта"),
    "manual_employee": _("За рішенням закладу"),
    "auto_employee_deactivate": _("Лікар звільнився"),
    "manual_employee_deactivate": _("Лікаря звільнено із закладу"),
    "auto_deactivation_legal_entity": _("Заклад припинив роботу"),
    "no_tax_id": _("Перевірка: немає РНОКПП"),
    "offline": _("Перевірка паперових документів"),
    "over_limit": _("Лікар має забагато декларацій"),
    "auto_dracs_death": _("Пацієнт помер"),
    "auto_person_deactivate": _("Записи про пацієнта об’єднано"),
    "auto_reorganization": _("Заклад реорганізовано"),
    "request_cancelled": _("Підписано нову декларацію"),
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """One choice of a doctor. Another central may name doctor and clinic by ids only: then there are no names."""

    content: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def is_active(self) -> bool:
        return self.content.get("status") == ACTIVE

    @property
    def is_live(self) -> bool:
        return self.content.get("status") in LIVE

    @property
    def was_ended_by_patient(self) -> bool:
        return not self.is_active and self.content.get("reason") == BY_PATIENT

    @property
    def number(self) -> str:
        return str(self.content.get("declaration_number") or "")

    @property
    def doctor(self) -> Mapping[str, Any]:
        """The names of the doctor; empty when central tells the id only."""
        party: Mapping[str, Any] = (self.content.get("employee") or {}).get("party") or {}
        return party

    @property
    def position(self) -> str:
        """A code of POSITION."""
        return str((self.content.get("employee") or {}).get("position") or "")

    @property
    def speciality(self) -> str:
        """A code of SPECIALITY_TYPE."""
        return str((self.content.get("employee") or {}).get("speciality") or "")

    @property
    def address(self) -> Mapping[str, Any]:
        """Where the doctor receives; empty when it is not told."""
        addresses = (self.content.get("division") or {}).get("addresses") or ()
        chosen: Mapping[str, Any] = next((each for each in addresses if each.get("type") == "RESIDENCE"), {})
        return chosen

    @property
    def phones(self) -> Sequence[str]:
        """Telephones of the division."""
        return [str(each["number"]) for each in (self.content.get("division") or {}).get("phones") or ()]

    @property
    def clinic(self) -> str:
        entity = self.content.get("legal_entity") or {}
        return str(entity.get("public_name") or entity.get("short_name") or entity.get("name") or "")

    @property
    def division(self) -> str:
        return str((self.content.get("division") or {}).get("name") or "")

    @property
    def end(self) -> str:
        """The last day; empty when the declaration has no term."""
        start, end = self.content.get("start_date"), self.content.get("end_date")
        if not start or not end:
            return ""
        return "" if date.fromisoformat(end).year - date.fromisoformat(start).year >= OPEN_END_YEARS else str(end)
