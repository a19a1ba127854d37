"""The International Patient Summary: what of a record another doctor needs first, in sections, as one document bundle.

It is in Ukrainian, and a summary: of each diagnosis and each measurement the latest word counts. The whole record is
the other file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from esoz.kernel.pages.display import short_date

from ...prescriptions.model import Prescription, Status
from ...record.model import KINDS, Line, Words
from ...record.model.lines import TAKEN_BACK
from . import people, resources
from .codes import CONDITION_CLINICAL, LOINC, VITAL_SIGNS
from .elements import URIS, Document, Element, Elements, address, coded, id_of, pruned, refer
from .resources import Maker, Telling

IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
DOCUMENT_CODE = "60591-5"  # LOINC: Patient summary Document
EMPTY_REASONS = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
# A record of this kind that is not there says nothing about the patient: nobody may have asked.
UNAVAILABLE = coded(EMPTY_REASONS, "unavailable", "Unavailable")
OVER = frozenset({"resolved", "inactive"})
RECENT = timedelta(days=180)  # a prescription that ended before says little about today
MOST = 100  # entries of a section that grows with every visit
TITLE = "Медичні дані пацієнта: стислий виклад (IPS)"
AUTHOR = "Електронний кабінет пацієнта ЕСОЗ"
NOTHING = "В ЕСОЗ таких записів немає. Це не означає, що їх не могло бути: могли не спитати або не записати."
PRESCRIPTIONS, MEDICATION_STATEMENTS = "prescriptions", "medication_statements"
_KIND = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Content:
    """What central told, by the names of its parts, each list the latest first; `made_at`: when it was asked."""

    made_at: datetime
    person: Document
    records: Mapping[str, Sequence[Document]]
    prescriptions: Sequence[Document]


@dataclass(frozen=True, slots=True)
class Source:
    """What of one part of the record stands in a section, and how it is made; `kind` is the name of the part."""

    kind: str
    make: Maker
    chosen: Callable[[Content], Sequence[Document]]
    beside: Maker | None = None  # a resource that is reached through the one that is listed


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the summary by its code of LOINC; `is_required` ones stand there when empty too."""

    code: str
    title: str
    sources: Sequence[Source]
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class _Written:
    """A section, and the resources that it brings into the bundle."""

    section: Element
    resources: Sequence[Element]


def summary(content: Content, words: Words) -> Element:
    """The bundle. The same content gives the same one, but for its own id."""
    elements = Elements(words)
    patient = people.patient(elements, content.person)
    telling = Telling(elements, refer(patient["id"]))
    written = [found for each in SECTIONS if (found := _written(each, telling, content))]
    author: Element = {
        "resourceType": "Device",
        "id": id_of("Device", "cabinet"),
        "deviceName": [{"name": AUTHOR, "type": "user-friendly-name"}],
    }
    composition = _composition(content, words, patient["id"], author["id"], [each.section for each in written])
    entries = [composition, patient, author, *(each for one in written for each in one.resources)]
    made_at = content.made_at.isoformat()
    return {
        "resourceType": "Bundle",
        "id": id_of("Bundle", f"{content.person['id']} {made_at}"),
        "meta": {"profile": [f"{IPS}Bundle-uv-ips"]},
        "language": "uk",
        "identifier": {"system": URIS, "value": address(id_of("Bundle", f"{content.person['id']} {made_at}"))},
        "type": "document",
        "timestamp": made_at,
        "entry": [{"fullUrl": address(each["id"]), "resource": pruned(each)} for each in entries],
    }


def _composition(content: Content, words: Words, patient: str, author: str, sections: Sequence[Element]) -> Element:
    return {
        "resourceType": "Composition",
        "id": id_of("Composition", f"{content.person['id']} {content.made_at.isoformat()}"),
        "meta": {"profile": [f"{IPS}Composition-uv-ips"]},
        "language": "uk",
        "status": "final",
        "type": coded(LOINC, DOCUMENT_CODE, "Patient summary Document"),
        "subject": refer(patient),
        "date": content.made_at.isoformat(),
        "author": [refer(author, AUTHOR)],
        "title": TITLE,
        "confidentiality": "N",
        "section": list(sections),
    }


def _written(section: Section, telling: Telling, content: Content) -> _Written | None:
    words = telling.elements.words
    found = [(source, each) for source in section.sources for each in source.chosen(content)]
    shown: Element = {"title": section.title, "code": coded(LOINC, section.code)}
    if not found:
        empty = shown | {"text": _narrative([NOTHING]), "emptyReason": UNAVAILABLE}
        return _Written(empty, ()) if section.is_required else None
    made = [source.make(telling, each) for source, each in found]
    beside = [source.beside(telling, each) for source, each in found if source.beside is not None]
    told = _narrative([_told(source.kind, each, words) for source, each in found])
    return _Written(shown | {"text": told, "entry": [refer(each["id"]) for each in made]}, (*made, *beside))


def _narrative(lines: Sequence[str]) -> Element:
    items = "".join(f"<li>{escape(pruned(line))}</li>" for line in lines)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><ul>{items}</ul></div>'}


def _told(kind: str, document: Document, words: Words) -> str:
    """One entry in words."""
    if kind == PRESCRIPTIONS:
        found = Prescription(document)
        ends = f"{short_date(found.first_day)}–{short_date(found.last_day)}" if found.last_day else ""
        return "; ".join(filter(None, (found.substance, *found.instructions, ends)))
    line = Line.of(_KIND[kind], document, words)
    details = [f"{name}: {told}" for name, told in line.details]
    return "; ".join(filter(None, (line.title, line.value, short_date(line.day) if line.day else "", *details)))


def _standing(content: Content, name: str) -> Iterator[Document]:
    """Records of a kind that were not taken back."""
    kind = _KIND[name]
    return (each for each in content.records.get(name, ()) if each.get(kind.status) != TAKEN_BACK)


def _code(document: Document, path: str) -> object:
    """What makes two records be about the same: their first code, or their words."""
    concept = document.get(path) or {}
    codings = concept.get("coding") or ()
    if codings:
        return codings[0].get("system"), codings[0].get("code")
    return concept.get("text") or document["id"]


def latest(documents: Iterator[Document], path: str = "code") -> Sequence[Document]:
    """Of records about the same the first: the lists of central begin with the latest."""
    found: dict[object, Document] = {}
    for each in documents:
        found.setdefault(_code(each, path), each)
    return list(found.values())


def _conditions(content: Content, *, is_over: bool) -> Sequence[Document]:
    """The latest word about each diagnosis that nobody refuted."""
    told = latest(_standing(content, "conditions"))
    return [
        each
        for each in told
        if each.get("verification_status") != "refuted"
        and (CONDITION_CLINICAL.get(str(each.get("clinical_status"))) in OVER) is is_over
    ]


def problems(content: Content) -> Sequence[Document]:
    return _conditions(content, is_over=False)


def past_problems(content: Content) -> Sequence[Document]:
    return _conditions(content, is_over=True)[:MOST]


def allergies(content: Content) -> Sequence[Document]:
    """Allergies that nobody refuted; those of one code stand each by itself, for few codes are in use."""
    return [each for each in _standing(content, "allergy_intolerances") if each.get("verification_status") != "refuted"]


def _measured(content: Content, *, is_vital: bool) -> Sequence[Document]:
    told = latest(_standing(content, "observations"))
    return [each for each in told if (VITAL_SIGNS in resources.categories_of(each)) is is_vital][:MOST]


def prescribed(content: Content) -> Sequence[Document]:
    """Prescriptions that are in use, and those that ended in the last half year."""
    since = (content.made_at - RECENT).date().isoformat()
    return [
        each
        for each in content.prescriptions
        if (found := Prescription(each)).status is not Status.REJECTED and (found.is_usable or found.last_day >= since)
    ]


def _of(name: str, most: int | None = None) -> Callable[[Content], Sequence[Document]]:
    return lambda content: list(_standing(content, name))[:most]


def _vital_signs(content: Content) -> Sequence[Document]:
    return _measured(content, is_vital=True)


def _results(content: Content) -> Sequence[Document]:
    return _measured(content, is_vital=False)


def _statements(content: Content) -> Sequence[Document]:
    """Medicines that the patient told of, the latest word about each."""
    return latest(_standing(content, MEDICATION_STATEMENTS), "medication_code")[:MOST]


SECTIONS: Sequence[Section] = (
    Section(
        "48765-2",
        "Алергії та непереносимість",
        [Source("allergy_intolerances", resources.allergy, allergies)],
        is_required=True,
    ),
    Section(
        "10160-0",
        "Ліки",
        [
            Source(PRESCRIPTIONS, people.prescription, prescribed),
            Source(MEDICATION_STATEMENTS, resources.statement, _statements),
        ],
        is_required=True,
    ),
    Section("11450-4", "Діагнози", [Source("conditions", resources.condition, problems)], is_required=True),
    Section("11348-0", "Перенесені хвороби", [Source("conditions", resources.condition, past_problems)]),
    Section(
        "11369-6",
        "Щеплення",
        [Source("immunizations", resources.immunization, _of("immunizations"))],
        is_required=True,
    ),
    Section(
        "30954-2",
        "Обстеження й аналізи",
        [
            Source("diagnostic_reports", resources.report, _of("diagnostic_reports", MOST)),
            Source("observations", resources.observation, _results),
        ],
        is_required=True,
    ),
    Section("8716-3", "Вимірювання й спостереження", [Source("observations", resources.observation, _vital_signs)]),
    Section(
        "47519-4",
        "Процедури та операції",
        [Source("procedures", resources.procedure, _of("procedures", MOST))],
        is_required=True,
    ),
    Section(
        "46264-8",
        "Медичні вироби й імпланти",
        [Source("devices", people.device_use, _of("devices"), beside=people.device)],
    ),
)
