"""The printed form of a declaration as HTML: what the patient reads and signs, as the published `content` holds it.

The sections are those of the form of the declaration in order 503 of the Ministry of Health of 19.03.2018.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from html import escape
from typing import Any, TypeAlias

from esoz.central.people import NO_LAST_NAME

Part: TypeAlias = Mapping[str, Any]
Row: TypeAlias = tuple[str, str]
OPEN_END_YEARS = 50  # an end so far away means that there is none
TITLE = "Декларація про вибір лікаря, який надає первинну медичну допомогу"
CHOICE = (
    "Я обираю цього лікаря для надання мені (особі, яку я представляю) первинної медичної допомоги. Мені роз’яснено"
    " порядок її надання, право будь-коли обрати іншого лікаря і те, що ця декларація припиняє попередню."
)
CONSENT = (
    "Я даю згоду на обробку персональних даних у електронній системі охорони здоров’я та на доступ обраного лікаря до"
    " моїх медичних даних (даних особи, яку я представляю)."
)


def printout(document: Part) -> str:
    """The form of a document that is to be signed."""
    sections = [
        ("Пацієнт", _person(document["person"])),
        *(("Законний представник", _person(each)) for each in document["person"].get("confidant_person") or ()),
        ("Лікар", _doctor(document)),
        ("Надавач медичних послуг", _clinic(document)),
        ("Строк", _term(document)),
    ]
    body = "".join(f"<h2>{name}</h2><table>{_rows(rows)}</table>" for name, rows in sections)
    number = escape(document["declaration_number"])
    return (
        f'<!doctype html><html lang="uk"><head><meta charset="utf-8"><title>{TITLE}</title></head><body>'
        f"<h1>{TITLE}</h1><p>№ <strong>{number}</strong></p>{body}<p>{CHOICE}</p><p>{CONSENT}</p>"
        "<p>Підпис пацієнта або законного представника: ____________________</p>"
        "<p>Дата: ____________________</p></body></html>"
    )


def _rows(rows: Iterable[Row]) -> str:
    return "".join(f'<tr><th scope="row">{name}</th><td>{escape(value)}</td></tr>' for name, value in rows if value)


def _person(person: Part) -> Iterator[Row]:
    yield "Прізвище, ім’я, по батькові", _name(person)
    yield "Дата народження", _day(person.get("birth_date"))
    yield "Місце народження", _joined(person.get("birth_country"), person.get("birth_settlement"))
    yield "РНОКПП", str(person.get("tax_id") or ("відмова від номера" if person.get("no_tax_id") else ""))
    yield "УНЗР", str(person.get("unzr") or "")
    for paper in person.get("documents") or person.get("documents_person") or ():
        yield "Документ", _paper(paper)
    for paper in person.get("documents_relationship") or ():
        yield "Підстава представництва", _paper(paper)
    for address in person.get("addresses") or ():
        yield "Адреса", _address(address)
    yield "Телефон", ", ".join(each["number"] for each in person.get("phones") or ())
    if contact := person.get("emergency_contact"):
        phones = ", ".join(each["number"] for each in contact.get("phones") or ())
        yield "Контактна особа", _joined(_name(contact), phones)


def _doctor(document: Part) -> Iterator[Row]:
    party = document["employee"]["party"]
    yield "Прізвище, ім’я, по батькові", _name(party)
    yield "Телефон", ", ".join(each["number"] for each in party.get("phones") or ())


def _clinic(document: Part) -> Iterator[Row]:
    entity, division = document["legal_entity"], document["division"]
    yield "Назва", entity["name"]
    yield "Код ЄДРПОУ", entity["edrpou"]
    yield "Місце надання послуг", division["name"]
    for address in division.get("addresses") or ():
        yield "Адреса", _address(address)
    yield "Телефон", ", ".join(each["number"] for each in division.get("phones") or ())


def _term(document: Part) -> Iterator[Row]:
    start, end = date.fromisoformat(document["start_date"]), date.fromisoformat(document["end_date"])
    yield "Діє з", _day(document["start_date"])
    yield "Діє до", "безстроково" if end.year - start.year >= OPEN_END_YEARS else f"{end:%d.%m.%Y} включно"


def _name(names: Part) -> str:
    """Last, first, second name; who has no last name has NO_LAST_NAME there."""
    parts = (names.get(each) for each in ("last_name", "first_name", "second_name"))
    return " ".join(str(part) for part in parts if part and part != NO_LAST_NAME)


def _paper(paper: Part) -> str:
    return _joined(paper.get("number"), paper.get("issued_by"), _day(paper.get("issued_at")))


def _address(address: Part) -> str:
    names = ("zip", "area", "region", "settlement", "street", "building", "apartment")
    return _joined(*(address.get(name) for name in names))


def _day(text: str | None) -> str:
    return f"{date.fromisoformat(text):%d.%m.%Y}" if text else ""


def _joined(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)
