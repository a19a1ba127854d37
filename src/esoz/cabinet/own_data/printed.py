"""The patient's record on paper, as PDF/UA: who it is about, then every kind of records, the latest first."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any

from esoz.kernel.pages.display import short_date
from esoz.kernel.printing import Text, typeset

from ..prescriptions.model import STATUS_WORDS, Prescription
from ..record.model import KINDS, Line, Visit, Words
from ..record.queries import ENCOUNTERS

TEMPLATE = files("esoz.cabinet.own_data").joinpath("record.typ").read_bytes()
MOST = 500  # records of a kind: a longer list would be a book that nobody reads, and the other file has it whole
FIRST = ("allergy_intolerances", "conditions")  # what a doctor asks for first
NO_ALLERGIES = "В ЕСОЗ алергій не записано. Це не означає, що їх немає."
TAKEN_BACK = "Запис скасовано: лікар позначив його як внесений помилково."
NOT_DONE = "Не зроблено."
PRESCRIPTIONS = "prescriptions"

Document = Mapping[str, Any]


def record_sheet(found: Mapping[str, Any], words: Words, today: date) -> bytes:
    """The whole record, with the counts of what was left out."""
    by_name = {kind.name: kind for kind in KINDS}
    kinds = [*(by_name[name] for name in FIRST), *(kind for kind in KINDS if kind.name not in FIRST)]
    lists = [_part(kind.title, [_line(kind, each, words) for each in _some(found, kind.name)]) for kind in kinds]
    visits = _part("Прийоми", [_visit(Visit(each, words)) for each in _some(found, ENCOUNTERS)])
    medicines = _part("Рецепти", [_prescription(Prescription(each)) for each in _some(found, PRESCRIPTIONS)])
    lists[len(FIRST) : len(FIRST)] = [medicines, visits]
    totals = [_left_out(found, name) for name in (*(kind.name for kind in kinds), ENCOUNTERS, PRESCRIPTIONS)]
    return typeset(
        TEMPLATE,
        {
            "name": _name(found["person"]),
            "printed": short_date(today),
            "person": _person(found["person"], words),
            "parts": [part for part in lists if part["rows"]],
            "missing": [str(part["title"]) for part in lists if not part["rows"]],
            "allergies": "" if _some(found, FIRST[0]) else NO_ALLERGIES,
            "is_cut": any(totals),
        },
    )


def _some(found: Mapping[str, Any], name: str) -> Sequence[Document]:
    listed: Sequence[Document] = found.get(name) or ()
    return listed[:MOST]


def _left_out(found: Mapping[str, Any], name: str) -> bool:
    return len(found.get(name) or ()) > MOST


def _part(title: str, rows: list[Text]) -> dict[str, Text]:
    return {"title": title, "rows": rows}


def _row(title: str, day: str, details: Sequence[tuple[str, str]], *notes: str) -> Text:
    named: list[Text] = [{"name": name, "text": text} for name, text in details if text]
    return {"title": title, "day": day, "details": named, "notes": [note for note in notes if note]}


def _line(kind: Any, document: Document, words: Words) -> Text:
    line = Line.of(kind, document, words)
    title = f"{line.title}: {line.value}" if line.value else line.title
    notes = (TAKEN_BACK if line.is_taken_back else "", NOT_DONE if line.is_not_done else "")
    day = words.day(line.day) if line.day else ""
    return _row(title or "Без назви", day, [*line.details, ("Хто записав", line.author)], *notes)


def _visit(visit: Visit) -> Text:
    details = [
        ("Лікар", visit.doctor),
        ("Де", visit.division),
        ("Причина звернення", "; ".join(visit.reasons)),
        ("Діагнози", "; ".join(visit.diagnoses)),
        ("Що зроблено", "; ".join(visit.actions)),
        ("Призначення й поради", visit.advice),
    ]
    return _row(
        visit.kind or "Прийом", visit.words.moment(visit.start), details, TAKEN_BACK if visit.is_taken_back else ""
    )


def _prescription(found: Prescription) -> Text:
    status, _colour = STATUS_WORDS[found.status]
    last_day = short_date(found.last_day) if found.last_day else ""
    details = [
        ("Номер рецепта", found.number),
        ("Стан", status),
        ("Дійсний до", last_day),
        ("Як приймати", "; ".join(found.instructions)),
    ]
    first = short_date(found.first_day) if found.first_day else ""
    return _row(found.substance or "Ліки", first, details)


def _name(person: Document) -> str:
    return " ".join(filter(None, (person.get(part) for part in ("last_name", "first_name", "second_name"))))


def _person(person: Document, words: Words) -> list[Text]:
    contact = person.get("emergency_contact") or {}
    phones = ", ".join(str(each.get("number")) for each in contact.get("phones") or ())
    told = [
        ("Дата народження", words.day(person["birth_date"])),
        ("Стать", words.described("GENDER", str(person.get("gender") or ""))),
        ("РНОКПП", str(person.get("tax_id") or "")),
        ("УНЗР", str(person.get("unzr") or "")),
        *((words.described("DOCUMENT_TYPE", each["type"]), each["number"]) for each in person.get("documents") or ()),
        ("Кому телефонувати", ", ".join(filter(None, (_name(contact), phones)))),
    ]
    return [{"name": name, "text": text} for name, text in told if text]
