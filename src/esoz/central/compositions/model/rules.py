"""What a medical conclusion must be before it is stored: rules of its kind over what it says and what it names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.people import age
from esoz.central.workforce import Employee
from esoz.kernel.clock import is_ahead, kyiv_date
from esoz.kernel.faults import Faults, fault, none_chosen
from esoz.kernel.references import Referent, Target
from esoz.spec.compositions import Before, Days, Settings, Wrong, wrong_days, wrong_patient

from .compositions import Composition, Status
from .drafts import APPENDS, REPLACES, VALIDITY, Draft, EventPeriod

IN_ENUM = "value is not allowed in enum"
ID = "identifier.value"
# What the sections may point at: everything that is published as read with a conclusion.
ENTRY_KINDS = frozenset(
    {
        "episode",
        "episode_of_care",
        "encounter",
        "condition",
        "observation",
        "diagnostic_report",
        "procedure",
        "clinical_impression",
        "immunization",
        "service_request",
        "medication_request",
        "medication_dispense",
        "device_request",
        "device_dispense",
        "composition",
    }
)
REFERENCES: Mapping[str, frozenset[str]] = {
    "custodian": frozenset({"legal_entity"}),
    "encounter": frozenset({"encounter"}),
    "author": frozenset({"employee"}),
}
# The XHTML that words of a section may use; nothing that acts, loads or carries an attribute but its namespace.
TAG = re.compile(r"<(?!/?(?:div|p|br|b|i|strong|em|ul|ol|li|table|tbody|thead|tr|td|th|span)\s*/?>)")
NAMESPACE = re.compile(r"^\s*<div xmlns=\\?[\"']http://www\.w3\.org/1999/xhtml\\?[\"']\s*>")


class Patient(msgspec.Struct, frozen=True):
    """What the rules ask of who it is about; somebody unidentified may have neither."""

    gender: str | None
    birth_date: date | None
    is_identified: bool


class Visit(msgspec.Struct, frozen=True):
    """The encounter that it is written from."""

    clinic: UUID | None
    episode_id: UUID
    started: datetime
    stands: bool


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a conclusion names, as it was found; what is not here does not exist."""

    now: datetime
    clinic: UUID | None
    settings: Settings
    patient: Patient
    visit: Visit | None
    employees: Mapping[UUID, Employee]
    found: Mapping[Target, Referent]
    related: Mapping[UUID, Composition]
    overlapping: Sequence[Composition] = ()
    chain_days: int = 0
    replaced: frozenset[UUID] = frozenset()
    continued: frozenset[UUID] = frozenset()


def form_faults(draft: Draft) -> Faults:
    """CM-2 … CM-9: what the published shape leaves open: kinds of references, how many, the words of statuses."""
    if draft.status != Status.FINAL:
        yield fault("$.status", IN_ENUM, rule="inclusion")
    for name in ("type", "category"):
        if not getattr(draft, name).code:
            yield fault(f"$.{name}.coding", "expected at least 1 items", rule="length")
    for entry, kind, kinds in _pointed_at(draft):
        if kind not in kinds:
            yield fault(f"{entry}.identifier.type.coding[0].code", IN_ENUM, rule="inclusion")
    if not draft.section:
        yield fault("$.section", "expected at least 1 items", rule="length")
    if not draft.legal_attesters:
        yield none_chosen("$.attester", "$.attester[0].mode")
    for name, count in (("$.event", _many(draft.event)), ("$.relates_to", _many(draft.relates_to))):
        if count:
            yield fault(name, "expected items to be unique", rule="unique")


def _pointed_at(draft: Draft) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Every reference with its place, its kind, and the kinds that may stand there."""
    for name, kinds in REFERENCES.items():
        yield f"$.{name}", getattr(draft, name).kind, kinds
    for number, each in enumerate(draft.attester):
        yield f"$.attester[{number}].party", each.party.kind, frozenset({"employee"})
    for number, relation in enumerate(draft.relates_to):
        place = f"$.relates_to[{number}].resource_reference"
        yield place, relation.resource_reference.kind, frozenset({"composition"})
    for place, (kind, _) in draft.entries():
        yield place, kind, ENTRY_KINDS


def _many(items: Sequence[Any]) -> bool:
    """Whether two of them are of one kind."""
    kinds = [getattr(each, "type", None) or each.code.code for each in items]
    return len(kinds) != len(set(kinds))


def draft_faults(draft: Draft, around: Surroundings) -> Faults:
    """CM-3 … CM-10, everything that depends on the registers and on the record."""
    yield from _staff_faults(draft, around)
    yield from _visit_faults(draft, around)
    yield from _patient_faults(draft, around)
    yield from _date_faults(draft, around)
    yield from _section_faults(draft, around.settings)
    yield from _entry_faults(draft, around)
    yield from _extension_faults(draft, around.settings)
    yield from _relation_faults(draft, around)
    yield from _period_faults(draft, around)


def _staff_faults(draft: Draft, around: Surroundings) -> Faults:
    # CM-3
    if draft.custodian.id != around.clinic:
        yield fault(f"$.custodian.{ID}", "Must be current legal entity")
    for place, id in draft.employees():
        employee = around.employees.get(id)
        entry = f"{place}.{ID}" if ".section" not in place else place
        if employee is None:
            yield fault(entry, "Employee with such ID is not found")
        elif employee.legal_entity_id != around.clinic or not employee.works:
            yield fault(entry, "Employee is not an active employee of the custodian")
    author, allowed = around.employees.get(draft.author.id), around.settings.words("author_employee_type")
    if author is not None and allowed is not None and author.employee_type not in allowed:
        yield fault(f"$.author.{ID}", "Employee type is not allowed to be an author of the composition")


def _visit_faults(draft: Draft, around: Surroundings) -> Faults:
    # CM-4
    entry, visit = f"$.encounter.{ID}", around.visit
    if visit is None:
        yield fault(entry, "Encounter with such id is not found")
        return
    if not visit.stands:
        yield fault(entry, 'Encounter in "entered_in_error" status can not be referenced')
    elif visit.clinic != around.clinic:
        yield fault(entry, "Encounter does not belong to current legal entity")
    days, most = (kyiv_date(draft.date) - kyiv_date(visit.started)).days, around.settings.encounter_age_days.check
    if most is not None and days > most:
        yield fault(entry, f"Encounter must not be older than {most} days")


def _patient_faults(draft: Draft, around: Surroundings) -> Faults:
    # CM-5
    settings, patient = around.settings, around.patient
    if settings.person_identified.check and not patient.is_identified:
        yield fault("$.category", "Composition of this category is not allowed for an unidentified patient")
    years = age(patient.birth_date, kyiv_date(draft.date)) if patient.birth_date is not None else None
    for each in wrong_patient(settings, patient.gender, years):
        yield fault("$.category", f"Composition of this category is not allowed for the {each} of the patient")


def _date_faults(draft: Draft, around: Surroundings) -> Faults:
    # CM-12
    if is_ahead(draft.date, around.now):
        yield fault("$.date", "Date must be in the past")
    elif around.visit is not None and kyiv_date(draft.date) < kyiv_date(around.visit.started):
        yield fault("$.date", "Date must be greater than or equal the encounter start date")


def _section_faults(draft: Draft, settings: Settings) -> Faults:
    # CM-6
    parts = list(draft.parts())
    most, deepest = settings.section_count_limit.check, settings.section_nesting_level.check
    if most is not None and len(parts) > most:
        yield fault("$.section", f"Composition must not have more than {most} sections")
    for place, each in parts:
        if deepest is not None and place.count(".section[") > deepest:
            yield fault(place, f"Sections must not be nested deeper than {deepest} levels")
        yield from _word_faults(place, each, settings)
        if not each.get("entry") and not each.get("text") and not each.get("empty_reason"):
            yield none_chosen(place, *(f"{place}.{name}" for name in ("entry", "text", "empty_reason")))


def _word_faults(place: str, section: Mapping[str, Any], settings: Settings) -> Faults:
    div = (section.get("text") or {}).get("div", "")
    if TAG.search(NAMESPACE.sub("", div, count=1)):
        yield fault(f"{place}.text.div", "Text must be plain XHTML without attributes, links and scripts")
    for name, codings in (("ordered_by", "section_orderby"), ("empty_reason", "section_empty_reason")):
        allowed = settings.words(codings)
        for code in _codes(section.get(name)):
            if allowed is not None and code.upper() not in allowed:
                yield fault(f"{place}.{name}", IN_ENUM, rule="inclusion")


def _codes(node: Any) -> Iterator[str]:
    """The codes of a concept, of what holds one, or of a list of them."""
    if isinstance(node, list):
        for each in node:
            yield from _codes(each)
    elif isinstance(node, dict):
        yield from (each.get("code", "") for each in node.get("coding") or ())
        yield from _codes(node.get("type"))


def _entry_faults(draft: Draft, around: Surroundings) -> Faults:
    # CM-6: what is pointed at is there, and what the kind asks for is among it.
    needed = set(around.settings.required_entries.check or ())
    for place, (kind, id) in draft.entries():
        needed.discard(kind)
        referent = around.found.get((kind, id))
        if referent is None:
            yield fault(f"{place}.{ID}", f"{kind.replace('_', ' ').capitalize()} with such id is not found")
        elif referent.refusal is not None:
            yield fault(f"{place}.{ID}", referent.refusal)
    for kind in sorted(needed):
        message = f"Composition must point at: {kind.replace('_', ' ')}"
        yield fault("$.section", message, rule="required")


def _extension_faults(draft: Draft, settings: Settings) -> Faults:
    # CM-10
    letters = {each.condition["code"]: set(each.check) for each in settings.driver_related_codes}
    for number, each in enumerate(draft.extension):
        place = f"$.extension[{number}].value_codeable_concept"
        if not letters:
            yield fault(place, "Conditions of admission are not allowed for this category")
            continue
        code = next((coding.get("code", "") for coding in each.value_codeable_concept.coding), "")
        for inner, part in enumerate(each.value_codeable_concept.extension):
            for letter in _codes(part.get("value_codeable_concept")):
                if letter not in letters.get(code, set()):
                    yield fault(f"{place}.extension[{inner}].value_codeable_concept", IN_ENUM, rule="inclusion")


def _relation_faults(draft: Draft, around: Surroundings) -> Faults:
    # CM-9
    allowed = around.settings.words("relates_to")
    for number, each in enumerate(draft.relates_to):
        place = f"$.relates_to[{number}]"
        entry, earlier = f"{place}.resource_reference.{ID}", around.related.get(each.resource_reference.id)
        if allowed is not None and each.type not in allowed:
            yield fault(f"{place}.type", IN_ENUM, rule="inclusion")
        elif earlier is None or earlier.custodian_id != around.clinic:
            yield fault(entry, "Composition with such id is not found")
        elif not earlier.stands:
            yield fault(entry, "Composition should be in status FINAL")
        elif (earlier.type, earlier.category) != (draft.type.code, draft.category.code):
            yield fault(entry, "Composition should be of the same type and category")
        elif earlier.id in around.replaced:
            yield fault(entry, "Composition is already replaced")
        elif each.type == APPENDS and earlier.id in around.continued:
            yield fault(entry, "Composition is already continued")


def _period_faults(draft: Draft, around: Surroundings) -> Faults:
    # CM-7
    limits, period = around.settings.validity_period, draft.validity
    entry = f"$.event[{next((n for n, each in enumerate(draft.event) if each.code.code == VALIDITY), 0)}].period"
    if limits is None:
        if period is not None:
            yield fault("$.event", "Period is not allowed for this category")
        return
    if period is None:
        yield fault("$.event", f"Event {VALIDITY} is required for this category", rule="required")
        return
    days, rules = days_of(period), around.settings.continuation
    words = {
        Wrong.ORDER: (".end", "End date must be greater or equal than start date"),
        Wrong.LENGTH: (".end", f"Period must be from {limits.min_days} to {limits.max_days} days"),
        Wrong.EARLY: (".start", f"Period must not begin earlier than {limits.back_days} days ago"),
        Wrong.LATE: (".start", f"Period must not begin later than in {limits.ahead_days} days"),
    }
    if rules is not None:
        gap = f"Period must begin within {rules.gap_days} days after the previous one"
        total = f"Continued periods must not be longer than {rules.total_days} days together"
        words |= {Wrong.GAP: (".start", gap), Wrong.TOTAL: (".end", total)}
    for each in wrong_days(around.settings, days, kyiv_date(around.now), _before(draft, around)):
        place, message = words[each]
        yield fault(f"{entry}{place}", message)
    yield from _overlap_faults(draft, around, entry)


def days_of(period: EventPeriod) -> Days:
    """Calendar days in Kyiv."""
    return Days(kyiv_date(period.start), kyiv_date(period.end))


def _before(draft: Draft, around: Surroundings) -> Before:
    # CM-9
    appended, replaced = (_earlier(draft, around, type) for type in (APPENDS, REPLACES))
    return Before(appended.valid_to if appended else None, around.chain_days, replaced.valid_from if replaced else None)


def _earlier(draft: Draft, around: Surroundings, type: str) -> Composition | None:
    id = draft.related(type)
    return around.related.get(id) if id is not None else None


def _overlap_faults(draft: Draft, around: Surroundings, entry: str) -> Faults:
    # CM-8
    if around.settings.periods_overlap.check is not False:
        return
    others = [each for each in around.overlapping if each.id != draft.related(REPLACES)]
    if others:
        yield fault(entry, f"Period overlaps with composition {others[0].title}")
