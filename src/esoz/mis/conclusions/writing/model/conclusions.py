"""A conclusion as its doctor writes it: what is stated, the document that is signed, words of its states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import kyiv_moments
from esoz.kernel.compositions import CONCLUSION, Validity, code_of, related, validity
from esoz.kernel.fhir import concept, narrative, reference
from esoz.kernel.pages import mark as _
from esoz.mis.base.workplace import Workplace
from esoz.spec.compositions import Before, Days, Settings

KIND, MARK = "composition", "composition_mark_in_error"
TYPES, CATEGORIES, SECTIONS = "COMPOSITION_TYPES", "COMPOSITION_CATEGORIES", "COMPOSITION_SECTION_CODES"
REASONS = "composition_mark_in_error_reasons"
ADMISSIONS = "eHealth/composition_additional_condition_admission"
ADMISSION = "COMPOSITION_ADDITIONAL_CONDITION_ADMISSION"
ERROR = "ENTERED_IN_ERROR"
VALIDITY = "COMPOSITION_VALIDITY_PERIOD"
REPLACES, APPENDS = "replaces", "appends"
LONGEST_WORDS = 4000
LONGEST_LETTER = 1000
LAST_MINUTE = time(23, 59)


class Event(StrEnum):
    LISTED = "conclusions.listed"
    READ = "conclusion.read"
    PRINTED = "conclusion.printed"
    RESENT = "conclusion.resent"
    WRITTEN = "conclusion.written"
    NUMBERED = "conclusion.numbered"


# Words and colour of the tag.
STATUSES: Mapping[str, tuple[str, str]] = {
    "FINAL": (_("Чинний"), "green"),
    ERROR: (_("Внесено помилково"), "grey"),
}
OVER = (_("Строк минув"), "grey")
REPLACED = (_("Замінено"), "grey")
UNKNOWN = (_("Стан невідомий"), "yellow")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of conclusions as central's register has it."""

    type: str
    category: str
    settings: Settings

    @property
    def key(self) -> str:
        return f"{self.type}/{self.category}"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A conclusion that stands: another one may go on after it, or stand for it."""

    id: str
    title: str
    key: str
    days: Days | None
    appends: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the doctor states. `diagnoses` are the words and ids of the visit's conditions, `entries` the rest."""

    kind: Kind
    encounter_id: UUID
    diagnoses: Sequence[tuple[UUID, str]]
    observations: Sequence[UUID] = ()
    days: Days | None = None
    relation: tuple[str, str] | None = None
    words: str = ""
    admissions: Sequence[str] = ()
    needs: frozenset[str] = field(default_factory=frozenset)


def status_tag(found: Mapping[str, Any], today: date, replaced: frozenset[str] = frozenset()) -> tuple[str, str]:
    """The word and the colour of a conclusion's state; one whose days are over is no mistake, but it is over."""
    if found.get("status") == "FINAL" and found.get("id") in replaced:
        return REPLACED
    days = validity(found)
    if found.get("status") == "FINAL" and days is not None and days.last < today:
        return OVER
    return STATUSES.get(str(found.get("status")), UNKNOWN)


def day_after(days: Validity) -> date:
    """The first day of what goes on after these."""
    return days.last + timedelta(days=1)


def key_of(found: Mapping[str, Any]) -> str:
    return f"{code_of(found, 'type')}/{code_of(found, 'category')}"


def standing(rows: Sequence[Mapping[str, Any]]) -> list[Earlier]:
    """Those of a list that stand and were not replaced."""
    found = [_earlier(row) for row in rows if row.get("status") == "FINAL"]
    replaced = {each.replaces for each in found}
    return [each for each in found if each.id not in replaced]


def replaced_in(rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The conclusions for which another one of the list stands."""
    return frozenset(related(row, REPLACES) for row in rows if row.get("status") == "FINAL")


def _earlier(row: Mapping[str, Any]) -> Earlier:
    title, id = str(row.get("title", "")), str(row.get("id", ""))
    days = validity(row)
    return Earlier(id, title, key_of(row), Days(*days) if days else None, related(row, APPENDS), related(row, REPLACES))


def before(relation: tuple[str, str] | None, earlier: Sequence[Earlier]) -> Before:
    """CM-9: what the days of the earlier ones mean for the new one."""
    by_id = {each.id: each for each in earlier}
    found = by_id.get(relation[1]) if relation else None
    if relation is None or found is None or found.days is None:
        return Before()
    if relation[0] == REPLACES:
        return Before(days=_days_together(by_id.get(found.appends), by_id), replaced_first=found.days.first)
    return Before(end=found.days.last, days=_days_together(found, by_id))


def _days_together(last: Earlier | None, by_id: Mapping[str, Earlier]) -> int:
    return sum(each.days.count for each in _chain(last, by_id) if each.days)


def _chain(each: Earlier | None, by_id: Mapping[str, Earlier]) -> Iterator[Earlier]:
    seen: set[str] = set()
    while each is not None and each.id not in seen:
        seen.add(each.id)
        yield each
        each = by_id.get(each.appends)


def content_of(statement: Statement, id: UUID, title: str, now: datetime, work: Workplace) -> dict[str, Any]:
    """The document that is signed."""
    author = reference("employee", work.employee_id)
    content: dict[str, Any] = {
        "id": str(id),
        "title": title,
        "status": "FINAL",
        "type": concept(TYPES, statement.kind.type),
        "category": concept(CATEGORIES, statement.kind.category),
        "date": now.replace(microsecond=0),
        "custodian": reference("legal_entity", work.clinic_id),
        "encounter": reference("encounter", statement.encounter_id),
        "author": author,
        "section": list(_sections(statement, work.employee_id)),
        "attester": [{"mode": concept("COMPOSITION_ATTESTER_MODES", "legal"), "party": author}],
    }
    if statement.days is not None:
        start, end = moments_of(statement.days)
        content["event"] = [{"code": concept("COMPOSITION_EVENTS", VALIDITY), "period": {"start": start, "end": end}}]
    if statement.admissions:
        content["extension"] = [
            {"code": ADMISSION, "value_codeable_concept": {"extension": [], "coding": [_admission(code)]}}
            for code in statement.admissions
        ]
    if statement.relation is not None:
        type, earlier = statement.relation
        content["relates_to"] = [{"type": type, "resource_reference": reference("composition", UUID(earlier))}]
    plain: dict[str, Any] = msgspec.to_builtins(content)
    return plain


def _admission(code: str) -> dict[str, str]:
    return {"system": ADMISSIONS, "code": code}


def admissible(kind: Kind) -> frozenset[str]:
    """CM-10: the conditions of admission that a conclusion of this kind may set."""
    return frozenset(each.condition["code"] for each in kind.settings.driver_related_codes)


def moments_of(days: Days) -> tuple[datetime, datetime]:
    """The first moment of the first day in Kyiv, and the last minute of the last."""
    return kyiv_moments(days.first, time())[0], kyiv_moments(days.last, LAST_MINUTE)[-1]


def _sections(statement: Statement, employee_id: UUID) -> Iterator[dict[str, Any]]:
    author = [reference("employee", employee_id)]
    entries = [reference("condition", id) for id, _name in statement.diagnoses]
    if "encounter" in statement.needs:
        entries.append(reference("encounter", statement.encounter_id))
    yield {
        "title": "Діагноз",
        "code": concept(SECTIONS, "29548-5"),
        "author": author,
        "text": narrative("\n".join(name for _id, name in statement.diagnoses) or "Без діагнозу"),
        "entry": entries,
    }
    if statement.observations:
        yield {
            "title": "Пологи й новонароджена дитина",
            "code": concept(SECTIONS, "57074-7"),
            "author": author,
            "entry": [reference("observation", each) for each in statement.observations],
        }
    if statement.words:
        yield {
            "title": "Висновок",
            "code": concept(SECTIONS, CONCLUSION),
            "author": author,
            "text": narrative(statement.words),
            "entry": [],
        }


# Places of the signed document, and the fields of the form that they come from; the first that fits.
_FIELDS: Sequence[tuple[str, str]] = (
    ("$.event[0].period.start", "first"),
    ("$.event", "last"),
    ("$.relates_to", "relation"),
    ("$.extension", "admissions"),
    ("$.type", "kind"),
    ("$.category", "kind"),
    ("$.encounter", "encounter"),
    ("$.date", "encounter"),
    ("$.section", "encounter"),
    ("$.author", "kind"),
    ("$.status_reason", "reason"),
    ("$.explanatory_letter", "letter"),
)


def field_of(_content: Mapping[str, Any], entry: str) -> str:
    """The form's field that an entry of central's refusal is about."""
    if ".text." in entry:
        return "words"
    return next((field for place, field in _FIELDS if entry.startswith(place)), "")
