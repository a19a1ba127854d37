"""A division as it is asked for and told: fields, address, hours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from esoz.kernel.pages import mark as _

LONGEST, LONGEST_EMAIL = 255, 254
DAYS: Mapping[str, str] = {
    "mon": _("Понеділок"),
    "tue": _("Вівторок"),
    "wed": _("Середа"),
    "thu": _("Четвер"),
    "fri": _("П’ятниця"),
    "sat": _("Субота"),
    "sun": _("Неділя"),
}
STATUSES: Mapping[str, tuple[str, str]] = {"ACTIVE": (_("Діє"), "green"), "INACTIVE": (_("Не діє"), "grey")}

EMPTY = _("Заповніть поле.")
TOO_LONG = {
    LONGEST: _("Текст задовгий: не більше 255 знаків."),
    LONGEST_EMAIL: _("Текст задовгий: не більше 254 знаків."),
}
NOT_IN_LIST = _("Оберіть значення зі списку.")
BAD_EMAIL = _("Введіть електронну пошту, наприклад likar@klinika.ua.")
BAD_PHONE = _("Введіть номер у вигляді +380501234567.")
BAD_ZIP = _("Поштовий індекс має п’ять цифр.")
BAD_HOURS = _("Введіть години у вигляді 08:00-18:00; перерву позначте комою: 08:00-12:00, 13:00-18:00.")
NO_SETTLEMENT = _("Оберіть населений пункт зі знайдених.")

_PHONE = re.compile(r"\+38\d{10}", re.ASCII)
_ZIP = re.compile(r"\d{5}", re.ASCII)
_SPAN = re.compile(r"\s*([01]?\d|2[0-3])[:.]([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3])[:.]([0-5]\d)\s*", re.ASCII)


ENDS_SOON = timedelta(days=60)  # that long before its end a licence asks for a new one


class Event(StrEnum):
    READ = "clinic.read"
    DIVISION_READ = "division.read"
    DIVISION_MADE = "division.created"
    DIVISION_CHANGED = "division.changed"
    DIVISION_OPENED = "division.activated"
    DIVISION_CLOSED = "division.deactivated"


@dataclass(slots=True)
class Reading:
    """What was typed, and what is wrong with it by field."""

    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, *, needed: bool = True, longest: int = LONGEST) -> str:
        text = self.values.get(name, "").strip()
        if not text and needed:
            self.errors[name] = EMPTY
        if len(text) > longest:
            self.errors[name] = TOO_LONG[longest]
        return text

    def fitting(self, name: str, pattern: re.Pattern[str], fault: str, *, needed: bool = True) -> str:
        text = self.text(name, needed=needed)
        if text and not pattern.fullmatch(text):
            self.errors[name] = fault
        return text


def read(values: Mapping[str, str], types: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The published body without its address, and what is wrong by field."""
    reading = Reading(values)
    email = reading.text("email", longest=LONGEST_EMAIL)
    name, at, host = email.partition("@")
    if email and not (name and at and "." in host.strip(".") and " " not in email):
        reading.errors["email"] = BAD_EMAIL
    kind = reading.text("type")
    if kind and kind not in types:
        reading.errors["type"] = NOT_IN_LIST
    body = {
        "name": reading.text("name"),
        "type": kind,
        "email": email.lower(),
        "phones": [{"type": "MOBILE", "number": reading.fitting("phone", _PHONE, BAD_PHONE)}],
    }
    hours = {day: spans for day in DAYS if (spans := _spans(reading, day))}
    return body | ({"working_hours": hours} if hours else {}), reading.errors


def _spans(reading: Reading, day: str) -> list[list[str]]:
    """«08:00-12:00, 13:00-18:00» → [["08.00", "12.00"], ["13.00", "18.00"]]; nothing for a day off."""
    text = reading.text(f"hours_{day}", needed=False)
    spans = [_SPAN.fullmatch(part) for part in text.split(",")] if text else []
    found: list[list[str]] = []
    for span in spans:
        begins, ends = (f"{int(span[1]):02}.{span[2]}", f"{int(span[3]):02}.{span[4]}") if span else ("", "")
        if begins >= ends or (found and found[-1][1] > begins):
            reading.errors[f"hours_{day}"] = BAD_HOURS
            return []
        found.append([begins, ends])
    return found


def read_address(
    values: Mapping[str, str], settlement: Mapping[str, Any] | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The published address in a settlement of the register, and what is wrong by field."""
    reading = Reading(values)
    body = {name: reading.text(name, needed=name != "apartment") for name in ("street", "building", "apartment")}
    body["zip"] = reading.fitting("zip", _ZIP, BAD_ZIP, needed=False)
    if settlement is None:
        reading.errors["settlement"] = NO_SETTLEMENT
        return {}, reading.errors
    place = {
        "type": "RESIDENCE",
        "country": "UA",
        "area": settlement["region"],
        "region": settlement.get("district") or "",
        "settlement": settlement["settlement_name"],
        "settlement_type": settlement["type"],
        "settlement_id": settlement["id"],
        "street_type": "STREET",
    }
    return {name: value for name, value in (place | body).items() if value}, reading.errors


def form_of(division: Mapping[str, Any]) -> dict[str, str]:
    """The form of what central tells of a division."""
    phones = division.get("phones") or [{}]
    hours = division.get("working_hours") or {}
    values = {name: str(division.get(name) or "") for name in ("name", "type", "email")}
    values["phone"] = phones[0].get("number", "")
    for day in DAYS:
        spans = [" - ".join(span).replace(".", ":").replace(" ", "") for span in hours.get(day) or []]
        values[f"hours_{day}"] = ", ".join(spans)
    return values


def licence_state(license: Mapping[str, Any], today: date) -> tuple[str, str]:
    """What a head has to know of a licence, and the colour of it; the last day still counts."""
    ends = date.fromisoformat(license["expiry_date"]) if license.get("expiry_date") else None
    if not license.get("is_active", True) or (ends is not None and ends < today):
        return _("Не діє"), "red"
    if date.fromisoformat(license["active_from_date"]) > today:
        return _("Ще не діє"), "grey"
    if ends is not None and ends - today <= ENDS_SOON:
        return _("Скоро закінчиться"), "yellow"
    return _("Діє"), "green"


def in_one_line(address: Mapping[str, Any]) -> str:
    """An address in one line."""
    names = ("zip", "area", "region", "settlement", "street", "building", "apartment")
    return ", ".join(str(address[name]) for name in names if address.get(name))


def place_label(settlement: Mapping[str, Any]) -> str:
    """A settlement as pickers show it: «Садове, Полтавський, Полтавська»."""
    names = ("settlement_name", "district", "region")
    return ", ".join(str(settlement[name]) for name in names if settlement.get(name))


_ENTRY = re.compile(r"^\$\.(name|type|email|phones|addresses|working_hours)(?:\[\d+\])?(?:\.(\w+))?")
_FIELDS = {"phones": "phone", "working_hours": "hours_mon", "addresses": "settlement"}
_OF_ADDRESS = frozenset({"street", "building", "apartment", "zip"})


def field_of(entry: str) -> str:
    """The field of the form that an entry of central's refusal is about; "" when none is."""
    found = _ENTRY.match(entry)
    if found is None:
        return ""
    if found[1] == "addresses" and found[2] in _OF_ADDRESS:
        return found[2]
    if found[1] == "working_hours" and found[2] in DAYS:
        return f"hours_{found[2]}"
    return _FIELDS.get(found[1], found[1])
