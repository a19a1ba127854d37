"""A patient as this workplace knows them, and what a search asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from esoz.kernel.pages import mark as _

NO_LAST_NAME = _("Введіть прізвище.")
NO_FIRST_NAME = _("Введіть ім’я.")
NO_BIRTH_DATE = _("Введіть дату народження, наприклад 27.03.1985.")
BAD_BIRTH_DATE = _("Введіть справжню дату народження, наприклад 27.03.1985.")
BAD_TAX_ID = _("РНОКПП має 10 цифр.")
BAD_PHONE = _("Введіть телефон у вигляді +380501234567.")

_DAY = re.compile(r"^(?:(\d{1,2})[./-](\d{1,2})[./-](\d{4})|(\d{4})-(\d{2})-(\d{2}))$")
_TAX_ID = re.compile(r"^\d{10}$")
_PHONE_IN_LINE = re.compile(r"(?<!\d)(?:\+38|38)?[ (]*0\d{2}[ )-]*\d{3}[ -]*\d{2}[ -]*\d{2}(?!\d)")
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


def read_line(text: str) -> dict[str, str]:
    """Fields from one line: «Шевченко Тарас Григорович 09.03.1964», with a РНОКПП or a telephone anywhere in it."""
    found: dict[str, str] = {}
    names: list[str] = []
    if phone := _PHONE_IN_LINE.search(text):
        found["phone_number"] = re.sub(r"[ ()-]", "", phone[0])
        text = text.replace(phone[0], " ")
    for word in text.replace(",", " ").split():
        if day := _DAY.match(word):
            found["birth_date"] = word if day[4] else f"{int(day[1]):02}.{int(day[2]):02}.{day[3]}"
        elif _TAX_ID.match(word):
            found["tax_id"] = word
        else:
            names.append(word)
    found |= dict(zip(("last_name", "first_name", "second_name"), names, strict=False))
    return found


def read_fields(values: Mapping[str, str]) -> tuple[Search, dict[str, str]]:
    """The search of a form and what is wrong with it, by field."""
    errors: dict[str, str] = {}
    for name, text in (("last_name", NO_LAST_NAME), ("first_name", NO_FIRST_NAME), ("birth_date", NO_BIRTH_DATE)):
        if not values.get(name):
            errors[name] = text
    birth_date = _as_day(values.get("birth_date", ""))
    if birth_date is None:
        errors.setdefault("birth_date", BAD_BIRTH_DATE)
    tax_id, phone = values.get("tax_id", ""), values.get("phone_number", "")
    if tax_id and not _TAX_ID.match(tax_id):
        errors["tax_id"] = BAD_TAX_ID
    number = _PHONE.match("".join(phone.split()))
    if phone and number is None:
        errors["phone_number"] = BAD_PHONE
    search = Search(
        last_name=_name(values.get("last_name", "")),
        first_name=_name(values.get("first_name", "")),
        second_name=_name(values.get("second_name", "")),
        birth_date=birth_date or "",
        tax_id=tax_id,
        phone_number=f"+38{number[1]}" if number else "",
    )
    return search, errors


def _name(text: str) -> str:
    """A name with one kind of apostrophe, as central keeps names."""
    return " ".join(text.replace("ʼ", "'").replace("’", "'").replace("`", "'").split())


def _as_day(text: str) -> str | None:
    """2026-11-22 of either spelling; "" of nothing; None when there is no such day."""
    found = _DAY.match(text)
    if not text or found is None:
        return None if text else ""
    year, month, day = (found[4], found[5], found[6]) if found[4] else (found[3], found[2], found[1])
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
