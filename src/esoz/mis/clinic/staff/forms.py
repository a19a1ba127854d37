"""Reading the form of an employee request: every fault at its field, in words; and the form of what is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import LONGEST, YES, Reading
from esoz.kernel.tax_id import tax_id_is_valid
from esoz.mis.base.dictionaries import Dictionaries
from esoz.spec.employees import BLOCKS, LEVELS, MAY_LACK_OFFICE, NO_QUALIFICATION, SPECIALITIES

from .model.fields import (
    CHOICE,
    DAY,
    DEGREE,
    EDUCATIONS,
    MOST_ROWS,
    NEEDS_DIVISION,
    OF_PARTY,
    OF_TRAINING,
    ORDER,
    QUALIFICATIONS,
    SPECIALITY,
    TICK,
    Block,
    Question,
    blocks_for,
    rows_needed,
)

LONGEST_EMAIL, LONGEST_STORY = 254, 1000
OLDEST = 150  # EM-7
TEXTS = ("last_name", "first_name", "second_name", "email", "tax_id", "working_experience", "about_myself", "position")
EMPTY = _("Заповніть поле.")
TOO_LONG = {
    LONGEST: _("Текст задовгий: не більше 255 знаків."),
    LONGEST_EMAIL: _("Текст задовгий: не більше 254 знаків."),
    LONGEST_STORY: _("Текст задовгий: не більше 1000 знаків."),
}
NOT_IN_LIST = _("Оберіть значення зі списку.")
BAD_DAY = _("Введіть справжню дату.")
BAD_BIRTH = _("Дата народження не може бути в майбутньому чи понад 150 років тому.")
BAD_EMAIL = _("Введіть електронну пошту, наприклад likar@klinika.ua.")
BAD_TAX_ID = _("РНОКПП має 10 цифр, і остання з них контрольна. Перевірте номер.")
BAD_PASSPORT = _("Введіть номер паспорта: дві літери й шість цифр, або дев’ять цифр ID-картки.")
BAD_NUMBER = _("Введіть ціле число років, від 0 до 80.")
BAD_PHONE = _("Введіть номер у вигляді +380501234567.")
TWICE = _("Такий вид уже вказано. Залиште один.")
NO_OFFICE = _("Позначте одну спеціальність, за якою людина працює на посаді.")
MANY_OFFICES = _("Спеціальність на посаді може бути лише одна.")
NOT_FOR_ROLE = _("Для цієї ролі така спеціальність на посаді не дозволена.")
NOT_FOR_ROLE_POSITION = _("Для цієї ролі такої посади немає. Оберіть посаду зі списку.")
NOT_LEVEL = _("Для цієї ролі така категорія не дозволена.")

_PASSPORT = re.compile(r"(?:\d{9}|[А-ЯЁЄІЇҐA-Z]{2}\d{6})", re.ASCII)
_PHONE = re.compile(r"\+38\d{10}", re.ASCII)


@dataclass(slots=True, kw_only=True)
class EmployeeReading(Reading):
    """What was typed about somebody for a role, what is wrong with it by field, and the published block of it."""

    role: str
    books: Dictionaries

    def line(self, name: str, *, needed: bool = True, longest: int = LONGEST) -> str | None:
        """A line; None when it is left empty."""
        return self.text(name, too_long=TOO_LONG[longest], missing=EMPTY if needed else "", longest=longest)

    def iso_day(self, name: str, *, needed: bool = True) -> str | None:
        """A day as 2026-11-22; None when it is left empty."""
        day = self.day(name, wrong=BAD_DAY, missing=EMPTY if needed else "")
        return day.isoformat() if day else None

    def choice(self, name: str, book: str, *, needed: bool = True) -> str | None:
        """A code of a dictionary."""
        text = self.line(name, needed=needed)
        if text and not self.books.has(book, text):
            self.faults[name] = NOT_IN_LIST
        return text

    def answer(self, name: str, question: Question) -> object:
        """What was answered to one question of a row."""
        if question.kind == TICK:
            return self.tick(name)
        if question.kind == DAY:
            return self.iso_day(name, needed=question.is_needed)
        if question.kind == CHOICE:
            return self.choice(name, question.book, needed=question.is_needed)
        return self.line(name, needed=question.is_needed)

    def rows(self, block: Block) -> list[dict[str, Any]]:
        """The rows of a list that are filled in, with `row`, their number in the form."""
        found = []
        for row in range(1, rows_of(self.values, block) + 1):
            names = [block.field(row, each.name) for each in block.questions if each.kind != TICK]
            is_empty = not any(self.values.get(name, "").strip() for name in names)
            if is_empty and row > rows_needed(block, self.role):
                continue
            payload = {each.name: self.answer(block.field(row, each.name), each) for each in block.questions}
            found.append({"row": row, **omit_none(payload)})
        return found


def omit_none(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if value is not None}


def rows_of(values: Mapping[str, str], block: Block) -> int:
    """How many rows of a list the form has."""
    asked = values.get(f"{block.name}_rows", "1")
    most = 1 if block is DEGREE else MOST_ROWS
    return min(max(int(asked), 1), most) if asked.isdecimal() and len(asked) < 4 else 1


@dataclass(frozen=True, slots=True)
class Offers:
    """What this clinic offers in the form: positions for the role, code → words; divisions, id → name."""

    positions: Mapping[str, str]
    divisions: Mapping[str, str]


def read(
    role: str, values: Mapping[str, str], books: Dictionaries, offers: Offers, today: date
) -> tuple[dict[str, Any], dict[str, str]]:
    """The published `employee_request` of what was typed, and what is wrong by field."""
    reading = EmployeeReading(values, role=role, books=books)
    payload: dict[str, Any] = {
        "position": _position(reading, offers.positions),
        "start_date": reading.iso_day("start_date"),
        "status": "NEW",
        "employee_type": role,
        "division_id": _division(reading, offers.divisions),
        "party": _party(reading, today),
    }
    if role in BLOCKS:
        payload[BLOCKS[role]] = _training(reading)
    return omit_none(payload), _in_order(reading.faults)


def _in_order(errors: Mapping[str, str]) -> dict[str, str]:
    """Faults in the order of the form; those of the lists stand below it."""
    return dict(sorted(errors.items(), key=lambda fault: ORDER.index(fault[0]) if fault[0] in ORDER else len(ORDER)))


def _position(reading: EmployeeReading, positions: Mapping[str, str]) -> str | None:
    code = reading.line("position")
    if code and code not in positions:
        reading.faults["position"] = NOT_FOR_ROLE_POSITION if reading.books.has("POSITION", code) else NOT_IN_LIST
    elif not code and reading.values.get("position_text", "").strip():
        reading.faults["position"] = NOT_IN_LIST
    return code


def _division(reading: EmployeeReading, divisions: Mapping[str, str]) -> str | None:
    division = reading.line("division_id", needed=reading.role in NEEDS_DIVISION)
    if division and division not in divisions:
        reading.faults["division_id"] = NOT_IN_LIST
    return division


def _party(reading: EmployeeReading, today: date) -> dict[str, Any]:
    payload: dict[str, Any] = {name: reading.line(name, needed=name != "second_name") for name in TEXTS[:3]}
    payload |= {
        "birth_date": _birth_date(reading, today),
        "gender": reading.choice("gender", "GENDER"),
        "email": _email(reading),
        "no_tax_id": reading.tick("no_tax_id"),
        "tax_id": _tax_id(reading),
        "working_experience": _years(reading),
        "about_myself": reading.line("about_myself", needed=False, longest=LONGEST_STORY),
    }
    for block in OF_PARTY:
        rows = reading.rows(block)
        _must_differ(reading, block, rows)
        payload[block.name] = [_bare(row) for row in rows] or None
    for row in range(1, rows_of(reading.values, OF_PARTY[1]) + 1):
        name = OF_PARTY[1].field(row, "number")
        number = reading.values.get(name, "").strip()
        if number and not _PHONE.fullmatch(number):
            reading.faults[name] = BAD_PHONE
    return omit_none(payload)


def _bare(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "row"}


def _must_differ(reading: EmployeeReading, block: Block, rows: list[dict[str, Any]]) -> None:
    # EM-7: documents and phones are unique by type.
    seen: set[str] = set()
    for row in rows:
        if row.get("type") in seen:
            reading.faults.setdefault(block.field(row["row"], "type"), TWICE)
        seen.add(row.get("type", ""))


def _birth_date(reading: EmployeeReading, today: date) -> str | None:
    text = reading.iso_day("birth_date")
    if text and not (date.fromisoformat(text) <= today and date.fromisoformat(text).year >= today.year - OLDEST):
        reading.faults["birth_date"] = BAD_BIRTH
    return text


def _email(reading: EmployeeReading) -> str | None:
    email = reading.line("email", longest=LONGEST_EMAIL)
    if email and not is_email(email):
        reading.faults["email"] = BAD_EMAIL
    return email.lower() if email else None


def is_email(text: str) -> bool:
    """Does it look like an address; whether it is one, only a mail to it tells."""
    name, at, host = text.partition("@")
    plain = text.isprintable() and " " not in text and len(text) <= LONGEST_EMAIL
    return plain and bool(name and at and "." in host.strip(".")) and "@" not in host


def _tax_id(reading: EmployeeReading) -> str | None:
    number = reading.line("tax_id")
    if number is None:
        return None
    if reading.tick("no_tax_id"):
        number = number.upper()
        if not _PASSPORT.fullmatch(number):
            reading.faults["tax_id"] = BAD_PASSPORT
    elif not tax_id_is_valid(number):
        reading.faults["tax_id"] = BAD_TAX_ID
    return number


def _years(reading: EmployeeReading) -> int | None:
    text = reading.line("working_experience", needed=False)
    if text is None:
        return None
    if not (text.isdecimal() and text.isascii() and len(text) < 3 and int(text) <= 80):
        reading.faults["working_experience"] = BAD_NUMBER
        return None
    return int(text)


def _training(reading: EmployeeReading) -> dict[str, Any]:
    payload = {block.name: reading.rows(block) for block in OF_TRAINING}
    _check_office(reading, payload[SPECIALITY.name])
    for row in payload[QUALIFICATIONS.name]:
        if row.get("type") in NO_QUALIFICATION.get(reading.role, frozenset()):
            reading.faults[QUALIFICATIONS.field(row["row"], "type")] = NOT_IN_LIST
    degree = payload.pop(DEGREE.name)
    found: dict[str, Any] = {name: [_bare(row) for row in rows] for name, rows in payload.items()}
    if not found[QUALIFICATIONS.name]:
        del found[QUALIFICATIONS.name]
    return found | ({DEGREE.name: _bare(degree[0])} if degree else {})


def _check_office(reading: EmployeeReading, rows: list[dict[str, Any]]) -> None:
    """EM-3, EM-4, EM-5: exactly one speciality of the office, of those that the role may have."""
    chosen = [row for row in rows if row["speciality_officio"]]
    if not chosen and reading.role not in MAY_LACK_OFFICE:
        reading.faults.setdefault(SPECIALITY.field(1, "speciality_officio"), NO_OFFICE)
    for row in chosen[1:]:
        reading.faults[SPECIALITY.field(row["row"], "speciality_officio")] = MANY_OFFICES
    for row in chosen[:1]:
        for name, rule, fault in (("speciality", SPECIALITIES, NOT_FOR_ROLE), ("level", LEVELS, NOT_LEVEL)):
            value = row.get(name)
            if value and value not in rule.get(reading.role, {value}):
                reading.faults.setdefault(SPECIALITY.field(row["row"], name), fault)


def form_of(payload: Mapping[str, Any], email: str, role: str) -> dict[str, str]:
    """The form of what central tells of an employee, to be changed."""
    party = payload["party"]
    values = {name: str(party.get(name) or "") for name in TEXTS[:-1]} | {
        "position": payload["position"],
        "start_date": str(payload.get("start_date") or "")[:10],
        "division_id": (payload.get("division") or {}).get("id", ""),
        "birth_date": party.get("birth_date") or "",
        "gender": party.get("gender") or "",
        "no_tax_id": YES if party.get("no_tax_id") else "",
        "email": email,
    }
    training = payload.get(BLOCKS.get(role, "")) or {}
    for block in blocks_for(role):
        rows = (party if block in OF_PARTY else training).get(block.name) or []
        values |= _form_rows(block, [rows] if isinstance(rows, Mapping) else rows)
    return values


def _form_rows(block: Block, rows: list[Mapping[str, Any]]) -> dict[str, str]:
    values = {f"{block.name}_rows": str(max(len(rows), 1))}
    for number, row in enumerate(rows, 1):
        for question in block.questions:
            value = row.get(question.name)
            values[block.field(number, question.name)] = (
                (YES if value else "") if question.kind == TICK else str(value or "")
            )
    return values


def begun(role: str, positions: Mapping[str, str]) -> dict[str, str]:
    """A form with nothing told yet but what there is no choice of."""
    values = {EDUCATIONS.field(1, "country"): "UA", SPECIALITY.field(1, "speciality_officio"): YES}
    only = {"position": next(iter(positions))} if len(positions) == 1 else {}
    return only | (values if role in BLOCKS else {})


_ENTRY = re.compile(r"^\$\.(?:employee_request\.)?(?:party\.)?(.*)$")
_ROW = re.compile(r"^(?:\w+\.)?(documents|phones|educations|specialities|qualifications)(?:\[(\d+)\])?(?:\.(\w+))?$")
_FIRST = {"documents": "type", "phones": "number", "educations": "country", "specialities": "speciality"}


def field_of(entry: str) -> str:
    """The field of the form that an entry of central's refusal is about; "" when none is."""
    found = _ENTRY.match(entry)
    rest = found[1] if found else ""
    if row := _ROW.match(rest):
        name = "speciality_officio" if row[0].endswith("specialities") else row[3] or _FIRST.get(row[1], "type")
        return f"{row[1]}_{int(row[2] or 0) + 1}_{name}"
    if rest.partition(".")[0] in BLOCKS.values():
        part = rest.partition(".")[2]
        return f"science_degree_1_{part.rpartition('.')[2]}" if part else "educations_1_country"
    return rest if rest in TEXTS or rest in ("birth_date", "gender", "start_date", "division_id", "no_tax_id") else ""
