"""A registration in words, section by section; of a change what was there and what will be, side by side."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from esoz.kernel.pages import mark as _

from .registrations import OFFLINE, OTP, Registration

Describe = Callable[[str, str], str]  # dictionary and code → words
Say = Callable[[str], str]  # a text of ours in the page's language
Person = Mapping[str, Any]

METHODS = {
    OTP: _("Код із SMS"),
    OFFLINE: _("Документи в закладі"),
    "THIRD_PERSON": _("Через законного представника"),
}
REFUSED = _("відмова від прийняття")


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: its name, what it will be, what it was; `field` is where it is corrected."""

    label: str
    value: str
    field: str
    before: str = ""

    @property
    def is_changed(self) -> bool:
        return self.value != self.before


@dataclass(frozen=True, slots=True)
class SummarySection:
    """Facts that belong together."""

    title: str
    rows: tuple[Row, ...]


def sections(found: Registration, describe: Describe, say: Say) -> list[SummarySection]:
    """All that is told of a person; rows that are empty now and were empty before are left out."""
    after, before = found.person, found.before
    made = []
    for title, facts in _SECTIONS:
        old = dict(((label, field), value) for label, value, field in facts(before, describe, say)) if before else {}
        new = dict(((label, field), value) for label, value, field in facts(after, describe, say))
        keys = [*new, *(key for key in old if key not in new)]
        rows = [Row(label, new.get((label, field), ""), field, old.get((label, field), "")) for label, field in keys]
        made.append(SummarySection(title, tuple(row for row in rows if row.value or row.before)))
    if speaker := _speaker(found, describe):
        made.append(speaker)
    return [each for each in made if each.rows]


_Fact = tuple[str, str, str]  # label, value, field


def _identity(person: Person, describe: Describe, say: Say) -> Iterator[_Fact]:
    yield _("Прізвище"), _text(person, "last_name"), "last_name"
    yield _("Ім’я"), _text(person, "first_name"), "first_name"
    yield _("По батькові"), _text(person, "second_name"), "second_name"
    yield _("Стать"), describe("GENDER", _text(person, "gender")), "gender"
    yield _("Дата народження"), _day(_text(person, "birth_date")), "birth_date"
    birth = [_text(person, "birth_country"), _text(person, "birth_settlement")]
    yield _("Місце народження"), ", ".join(part for part in birth if part), "birth_settlement"
    yield _("РНОКПП"), _text(person, "tax_id") or (say(REFUSED) if person.get("no_tax_id") else ""), "tax_id"
    yield _("УНЗР"), _text(person, "unzr"), "unzr"


def _documents(person: Person, describe: Describe, _say: Say) -> Iterator[_Fact]:
    for row, document in enumerate(person.get("documents") or [], 1):
        parts = [_text(document, "number"), _text(document, "issued_by"), _day(_text(document, "issued_at"))]
        last = _day(_text(document, "expiration_date"))
        value = ", ".join(part for part in parts if part) + (f" – {last}" if last else "")
        yield describe("DOCUMENT_TYPE", _text(document, "type")), value, f"document_{row}_type"


def _contacts(person: Person, _describe: Describe, _say: Say) -> Iterator[_Fact]:
    for address in person.get("addresses") or []:
        names = ("zip", "area", "region", "settlement", "street", "building", "apartment")
        label = _("Адреса") if address.get("type") == "RESIDENCE" else _("Адреса реєстрації")
        yield label, ", ".join(_text(address, name) for name in names if address.get(name)), "settlement"
    phones = person.get("phones") or []
    yield _("Телефон"), ", ".join(_text(phone, "number") for phone in phones), "phone"
    yield _("Електронна пошта"), _text(person, "email"), "email"
    contact = person.get("emergency_contact") or {}
    numbers = [_text(phone, "number") for phone in contact.get("phones") or []]
    told = [_text(contact, "last_name"), _text(contact, "first_name"), *numbers]
    yield _("Кого повідомити"), " ".join(part for part in told if part), "contact_last_name"
    yield _("Слово-пароль"), _text(person, "secret"), "code_word"


def way_words(way: Mapping[str, Any], say: Say) -> str:
    """A way to confirm of a registered person, as central tells it: some digits of the telephone, or whose it is."""
    kind = say(METHODS.get(str(way.get("type")), str(way.get("type"))))
    speaker = (way.get("confidant_person") or {}).get("name") or ""
    return ", ".join(
        part for part in (kind, str(way.get("phone_number") or ""), speaker, way.get("alias") or "") if part
    )


def _method(person: Person, _describe: Describe, say: Say) -> Iterator[_Fact]:
    for method in person.get("authentication_methods") or []:
        kind, number = say(METHODS.get(method["type"], method["type"])), _text(method, "phone_number")
        yield _("Як підтверджує"), f"{kind}, {number}" if number else kind, "method"


_SECTIONS: tuple[tuple[str, Callable[[Person, Describe, Say], Iterator[_Fact]]], ...] = (
    (_("Людина"), _identity),
    (_("Документи"), _documents),
    (_("Адреса й контакти"), _contacts),
    (_("Спосіб підтвердження"), _method),
)


def _speaker(found: Registration, describe: Describe) -> SummarySection | None:
    speaker = found.person.get("confidant_person")
    if not speaker:
        return None
    rows = [Row(_("Представник"), found.form.get("confidant_name", ""), "confidant")]
    for paper in speaker["documents_relationship"]:
        parts = [describe("DOCUMENT_RELATIONSHIP_TYPE", paper["type"]), paper["number"], paper["issued_by"]]
        parts.append(_day(paper["issued_at"]))
        rows.append(Row(_("Документ представника"), ", ".join(parts), "confidant"))
    return SummarySection(_("Законний представник"), tuple(rows))


def _text(record: Mapping[str, Any], name: str) -> str:
    return str(record.get(name) or "")


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d.%m.%Y}" if text else ""
