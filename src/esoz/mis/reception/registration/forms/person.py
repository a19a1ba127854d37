"""The published person of what was typed; central's rules are judged here first, so that nobody waits for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import LONGEST, Reading
from esoz.kernel.spelling import in_cyrillic
from esoz.kernel.tax_id import tax_id_is_valid
from esoz.mis.base.dictionaries import Dictionaries

from ..model.papers import (
    BIRTH_CERTIFICATE,
    KINDS,
    NATIONAL_ID,
    PASSPORT,
    is_child,
    number_as_written,
    wanted_first,
    whole_years,
)
from ..model.registrations import OFFLINE, OTP, THIRD_PERSON
from .fields import FORM_FIELDS, document_field, rows_of

OLDEST = 150  # DC-4
EMPTY = _("Заповніть поле.")
TOO_LONG = _("Текст задовгий: не більше 255 знаків.")
NOT_IN_LIST = _("Оберіть значення зі списку.")
BAD_NAME = _("Введіть українськими літерами, як у документі: без цифр і без літер ы, ъ, э, ё.")
BAD_DAY = _("Введіть справжню дату.")
BAD_BIRTH = _("Дата народження не може бути в майбутньому чи понад 150 років тому.")
BAD_TAX_ID = _("РНОКПП має 10 цифр, і остання з них контрольна. Перевірте номер.")
NO_TAX_ID = _("Введіть РНОКПП. Якщо людина відмовилася від нього, поставте позначку нижче.")
TAX_ID_REFUSED = _("Людина відмовилася від РНОКПП: залиште поле порожнім або зніміть позначку.")
BAD_UNZR = _("УНЗР має вигляд 19850327-01234 і починається з дати народження.")
NEEDS_UNZR = _("Для ID-картки вкажіть УНЗР: на картці це «Запис №».")
BAD_NUMBER = _("Номер не схожий на номер такого документа. Перевірте літери й цифри.")
ISSUED_LATER = _("Дата видачі не може бути в майбутньому.")
ISSUED_BEFORE_BIRTH = _("Документ не могли видати до народження. Перевірте дати.")
NEEDS_LAST_DAY = _("Для цього документа вкажіть, до якого дня він дійсний.")
OVER = _("Документ уже недійсний. Попросіть інший.")
TWICE = _("Такий документ уже вказано. Залиште один.")
TWO_PASSPORTS = _("Паспорт може бути лише один: або книжечка, або ID-картка.")
NEEDS_BIRTH_CERTIFICATE = _("Для дитини до 14 років потрібне свідоцтво про народження.")
NO_SETTLEMENT = _("Оберіть населений пункт зі знайдених.")
BAD_ZIP = _("Індекс має 5 цифр.")
BAD_PHONE = _("Введіть номер у вигляді +380501234567.")
BAD_EMAIL = _("Введіть електронну пошту, наприклад patsiient@poshta.ua.")
BAD_WORD = _("Слово-пароль має від 6 до 20 знаків.")
NO_METHOD = _("Оберіть, як людина підтверджуватиме свої дії.")

_NAME = re.compile(r"(?!.*[ЫЪЭЁыъэё])[А-ЯҐЇІЄа-яґїіє'’ʼ\-\s]{1,255}")
_UNZR = re.compile(r"(\d{8})-?(\d{5})", re.ASCII)
_ZIP = re.compile(r"\d{5}", re.ASCII)
_PHONE = re.compile(r"(?:\+?38)?(0\d{9})", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_METHODS = {OTP, OFFLINE, THIRD_PERSON}


@dataclass(slots=True, kw_only=True)
class PersonReading(Reading):
    """What was typed about a person on a day, what is wrong with it by field."""

    books: Dictionaries
    today: date

    def line(self, name: str, *, needed: bool = True) -> str | None:
        return self.text(name, too_long=TOO_LONG, missing=EMPTY if needed else "", longest=LONGEST)

    def name(self, name: str, *, needed: bool = True) -> str | None:
        """PS-13, PS-19: a name in Ukrainian letters, with single spaces and one kind of apostrophe."""
        typed = self.line(name, needed=needed)
        if typed is None:
            return None
        text = in_cyrillic(re.sub("[ʼ’`]", "'", " ".join(typed.split())))
        if not _NAME.fullmatch(text):
            self.fault(name, BAD_NAME)
        return text

    def date_of(self, name: str, *, needed: bool = True) -> date | None:
        return self.day(name, wrong=BAD_DAY, missing=EMPTY if needed else "")

    def choice(self, name: str, book: str, *, needed: bool = True) -> str | None:
        return self.code(
            name, lambda code: self.books.has(book, code), wrong=NOT_IN_LIST, missing=EMPTY if needed else ""
        )

    def number_of_phone(self, name: str, *, needed: bool = True) -> str | None:
        """+380501234567 of what people type: 050 123-45-67, 380501234567."""
        typed = self.line(name, needed=needed)
        if typed is None:
            return None
        found = _PHONE.fullmatch(re.sub(r"[\s()./-]", "", typed))
        if found is None:
            self.fault(name, BAD_PHONE)
            return None
        return f"+38{found[1]}"


def begun(asked: Mapping[str, str], born: date, today: date) -> dict[str, str]:
    """A form with what the search for duplicates has told already."""
    return {
        **{name: asked.get(name, "") for name in ("last_name", "first_name", "second_name", "tax_id")},
        "birth_date": born.isoformat(),
        "birth_country": "Україна",
        "document_rows": "1",
        document_field(1, "type"): wanted_first(born, today),
        "street_type": "STREET",
        "method": THIRD_PERSON if is_child(born, today) else OTP,
    }


def read(
    values: Mapping[str, str],
    books: Dictionaries,
    today: date,
    settlement: Mapping[str, Any] | None,
    *,
    is_change: bool = False,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The published person of what was typed, without who speaks for them; and what is wrong by field.

    `is_change`: of somebody who is registered, whose way to confirm is changed elsewhere.
    """
    reading = PersonReading(values, books=books, today=today)
    person: dict[str, Any] = {name: reading.name(name) for name in ("last_name", "first_name")}
    person["second_name"] = reading.name("second_name", needed=False)
    person["gender"] = reading.choice("gender", "GENDER")
    born = _birth_date(reading)
    person["birth_date"] = born
    person |= {name: reading.line(name) for name in ("birth_country", "birth_settlement")}
    person |= _numbers(reading, born)
    person["documents"] = _documents(reading, born)
    person["addresses"] = [_address(reading, settlement)]
    person |= _contacts(reading)
    if not is_change:
        person["authentication_methods"] = [_method(reading, born)]
    return _told(person), _in_order(reading.faults)


def _in_order(faults: Mapping[str, str]) -> dict[str, str]:
    """Faults in the order of the form."""
    return dict(sorted(faults.items(), key=lambda fault: FORM_FIELDS.index(fault[0])))


def _told(person: dict[str, Any]) -> dict[str, Any]:
    """Without what was left empty; days as they are published."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in person.items()
        if value is not None
    }


def _birth_date(reading: PersonReading) -> date | None:
    born = reading.date_of("birth_date")
    if born and not (born <= reading.today and whole_years(born, reading.today) <= OLDEST):
        reading.fault("birth_date", BAD_BIRTH)
    return born


def _numbers(reading: PersonReading, born: date | None) -> dict[str, Any]:
    """PS-1, PS-2, PS-3."""
    refused, number = reading.tick("no_tax_id"), reading.typed("tax_id").replace(" ", "")
    if refused and number:
        reading.fault("tax_id", TAX_ID_REFUSED)
    elif not refused and not number and born and not is_child(born, reading.today):
        reading.fault("tax_id", NO_TAX_ID)
    elif number and not tax_id_is_valid(number):
        reading.fault("tax_id", BAD_TAX_ID)
    unzr = reading.typed("unzr").replace(" ", "") or None
    found = _UNZR.fullmatch(unzr) if unzr else None
    if unzr and (found is None or (born and found[1] != f"{born:%Y%m%d}")):
        reading.fault("unzr", BAD_UNZR)
    return {"no_tax_id": refused, "tax_id": number or None, "unzr": f"{found[1]}-{found[2]}" if found else unzr}


def _documents(reading: PersonReading, born: date | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in range(1, rows_of(reading.values) + 1):
        names = [document_field(row, name) for name in ("number", "issued_by", "issued_at", "expiration_date")]
        if row > 1 and not any(reading.typed(name) for name in names):
            continue
        kind = reading.choice(document_field(row, "type"), "DOCUMENT_TYPE")
        if kind in {document.get("type") for document in found} - {None}:
            reading.fault(document_field(row, "type"), TWICE)
        found.append(_told({"type": kind, **_content(reading, row, kind, born)}))
    _check_set(reading, {document.get("type", "") for document in found}, born)
    return found


def _content(reading: PersonReading, row: int, kind: str | None, born: date | None) -> dict[str, Any]:
    """PS-9, PS-10, PS-13: one document."""
    number_field, issued_field, last_field = (
        document_field(row, name) for name in ("number", "issued_at", "expiration_date")
    )
    known = KINDS.get(kind or "")
    typed = reading.line(number_field)
    number = number_as_written(typed, kind) if typed else None
    if number and known and known.number and not known.number.fullmatch(number):
        reading.fault(number_field, BAD_NUMBER)
    issued, last = reading.date_of(issued_field), reading.date_of(last_field, needed=False)
    if issued and issued > reading.today:
        reading.fault(issued_field, ISSUED_LATER)
    if issued and born and issued < born:
        reading.fault(issued_field, ISSUED_BEFORE_BIRTH)
    if known and known.expires and not reading.typed(last_field):
        reading.fault(last_field, NEEDS_LAST_DAY)
    if last and last < reading.today:
        reading.fault(last_field, OVER)
    return {
        "number": number,
        "issued_by": reading.line(document_field(row, "issued_by")),
        "issued_at": issued,
        "expiration_date": last,
    }


def _check_set(reading: PersonReading, kinds: set[str], born: date | None) -> None:
    """PS-3, PS-4, PS-5: what goes together."""
    if born and is_child(born, reading.today) and BIRTH_CERTIFICATE not in kinds:
        reading.fault(document_field(1, "type"), NEEDS_BIRTH_CERTIFICATE)
    if {NATIONAL_ID, PASSPORT} <= kinds:
        reading.fault(document_field(1, "type"), TWO_PASSPORTS)
    if NATIONAL_ID in kinds and not reading.typed("unzr"):
        reading.fault("unzr", NEEDS_UNZR)


def _address(reading: PersonReading, settlement: Mapping[str, Any] | None) -> dict[str, Any]:
    """The one address of residence, in a settlement of the register (DC-3)."""
    index = reading.line("zip", needed=False)
    if index and not _ZIP.fullmatch(index):
        reading.fault("zip", BAD_ZIP)
    street = reading.line("street", needed=False)
    own = {
        "street_type": reading.choice("street_type", "STREET_TYPE", needed=False) if street else None,
        "street": street,
        "building": reading.line("building", needed=False),
        "apartment": reading.line("apartment", needed=False),
        "zip": index,
    }
    if settlement is None:
        reading.fault("settlement", NO_SETTLEMENT)
        return {}
    place = {
        "type": "RESIDENCE",
        "country": "UA",
        "area": settlement["region"],
        "region": settlement.get("district"),
        "settlement": settlement["settlement_name"],
        "settlement_type": settlement["type"],
        "settlement_id": settlement["id"],
    }
    return {name: value for name, value in (place | own).items() if value}


def _contacts(reading: PersonReading) -> dict[str, Any]:
    phone = reading.number_of_phone("phone", needed=False)
    email = reading.line("email", needed=False)
    if email and not _EMAIL.fullmatch(email):
        reading.fault("email", BAD_EMAIL)
    contact = {
        "last_name": reading.name("contact_last_name"),
        "first_name": reading.name("contact_first_name"),
        "phones": [{"type": "MOBILE", "number": reading.number_of_phone("contact_phone")}],
    }
    word = reading.line("code_word")
    if word and not 6 <= len(word) <= 20:  # PS-13
        reading.fault("code_word", BAD_WORD)
    return {
        "phones": [{"type": "MOBILE", "number": phone}] if phone else None,
        "email": email.lower() if email else None,
        "emergency_contact": contact,
        "secret": word,
    }


def _method(reading: PersonReading, born: date | None) -> dict[str, Any]:
    """PS-7: how the person will confirm what they do; below fourteen another person does."""
    kind = THIRD_PERSON if born and is_child(born, reading.today) else reading.typed("method")
    if kind not in _METHODS:
        reading.fault("method", NO_METHOD)
        return {}
    if kind != OTP:
        return {"type": kind}
    return {"type": kind, "phone_number": reading.number_of_phone("method_phone") or ""}
