"""What central is asked for by a search, and what is wrong with the fields of its form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import in_cyrillic

from .line import read_day

NO_LAST_NAME = _("Введіть прізвище.")
NO_FIRST_NAME = _("Введіть ім’я.")
NO_BIRTH_DATE = _("Введіть дату народження, наприклад 27.03.1985.")
BAD_BIRTH_DATE = _("Введіть справжню дату народження, наприклад 27.03.1985.")
BAD_TAX_ID = _("РНОКПП має 10 цифр.")
BAD_PHONE = _("Введіть телефон у вигляді +380501234567.")
LATIN = _("Введіть українськими літерами, як у документі.")
UNREAD = _(
    "Не зрозуміло: {words}. Залиште прізвище, ім’я, по батькові українськими літерами, дату народження, РНОКПП або"
    " телефон."
)

_TAX_ID = re.compile(r"^\d{10}$")
_LATIN = re.compile("[A-Za-z]")
_PHONE = re.compile(r"^(?:\+?38)?(0\d{9})$")


class Event(StrEnum):
    SEARCHED = "patients.searched"
    OPENED = "patient.opened"
    PERSONAL_READ = "patient.personal_data_read"
    SUMMARY_READ = "patient.summary_read"
    EPISODE_READ = "episode.read"
    ALLERGIES_READ = "patient.allergies_read"


# Statuses of an allergy by which it is none.
NO_ALLERGY = frozenset({"refuted", "entered_in_error"})


def is_in_force(allergy: Mapping[str, Any]) -> bool:
    """An allergy to be reckoned with: active, and neither refuted nor entered in error."""
    status = allergy.get("clinical_status") or "active"
    return status == "active" and allergy.get("verification_status") not in NO_ALLERGY


def allergy_in_words(allergy: Mapping[str, Any]) -> str:
    """What the patient does not tolerate: the text, for the published dictionary has one code for everything.

    Empty when the record says nothing but that code.
    """
    code = allergy.get("code") or {}
    displayed = [str(each.get("display") or "") for each in code.get("coding") or ()]
    return str(code.get("text") or "").strip() or ", ".join(each for each in displayed if each)


@dataclass(frozen=True, slots=True)
class Search:
    """What central is asked for; the first three are required by the published API (PS-16)."""

    last_name: str = ""
    first_name: str = ""
    second_name: str = ""
    birth_date: str = ""
    tax_id: str = ""
    phone_number: str = ""

    def query(self) -> dict[str, str | None]:
        """Parameters of GET /api/persons."""
        return {name: getattr(self, name) or None for name in self.__slots__}

    def without_numbers(self) -> "Search":
        """By what a duplicate has in common in any case: surname, first name, birth date."""
        return Search(self.last_name, self.first_name, birth_date=self.birth_date)

    def with_tax_id_alone(self) -> "Search":
        """The same with the РНОКПП and nothing that narrows it more."""
        return Search(self.last_name, self.first_name, birth_date=self.birth_date, tax_id=self.tax_id)


def read_fields(values: Mapping[str, str], today: date) -> tuple[Search, dict[str, str]]:
    """The search of a form and what is wrong with it, by field."""
    errors: dict[str, str] = {}
    for name, text in (("last_name", NO_LAST_NAME), ("first_name", NO_FIRST_NAME), ("birth_date", NO_BIRTH_DATE)):
        if not values.get(name):
            errors[name] = text
    names = {name: _name(values.get(name, "")) for name in ("last_name", "first_name", "second_name")}
    for name, words in names.items():
        if _LATIN.search(words):
            errors[name] = LATIN
    birth_date = read_day(values.get("birth_date", ""), today)
    if birth_date is None:
        errors.setdefault("birth_date", BAD_BIRTH_DATE)
    tax_id, phone = values.get("tax_id", ""), values.get("phone_number", "")
    if tax_id and not _TAX_ID.match(tax_id):
        errors["tax_id"] = BAD_TAX_ID
    number = _PHONE.match(re.sub(r"[\s()./-]", "", phone))
    if phone and number is None:
        errors["phone_number"] = BAD_PHONE
    search = Search(
        **names,
        birth_date=birth_date.isoformat() if birth_date else "",
        tax_id=tax_id,
        phone_number=f"+38{number[1]}" if number else "",
    )
    return search, errors


def _name(text: str) -> str:
    """A name as it is meant: one kind of apostrophe, letters of one alphabet."""
    return in_cyrillic(re.sub("[ʼ’`]", "'", text))
