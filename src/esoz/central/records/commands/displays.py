"""Words for references to records: what a doctor reads beside an id (EN-11)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.approvals import EPISODES
from esoz.central.dictionaries import dictionaries
from esoz.kernel.fhir import CodeableConcept
from esoz.kernel.references import Target

from ..model import ENCOUNTERS, ENTITIES, Kind
from ..model.documents import Document, Names
from ..model.reference_data import ReferenceData


def record_names(content: Document, reference_data: ReferenceData) -> Names:
    """The words of everything a package brings or names: of its code, of its kind of encounter, of its episode."""
    names = dict(_of_records(content, reference_data))
    if reference_data.episode is not None:
        names |= {(kind, reference_data.episode.id): reference_data.episode.name for kind in EPISODES}
    return names


def display_of(code: CodeableConcept) -> str:
    """The words of the first code in its dictionary; else the text given with it."""
    return (code.coding and dictionaries.describe(code.system, code.code)) or code.text or ""


def with_units(node: Any) -> Any:
    """The same document with words for the unit of every quantity that has a code only."""
    if isinstance(node, list):
        return [with_units(each) for each in node]
    if not isinstance(node, dict):
        return node
    whole = {name: with_units(value) for name, value in node.items()}
    if {"value", "system", "code"} <= whole.keys() and "unit" not in whole:
        whole["unit"] = dictionaries.describe(whole["system"], whole["code"]) or whole["code"]
    return whole


def _of_records(content: Document, reference_data: ReferenceData) -> Iterator[tuple[Target, str]]:
    for kind in (ENCOUNTERS, *ENTITIES):
        for id, stored in reference_data.stored[kind.name].items():
            yield (kind.one, id), stored.display or display_of(stored.code)
        documents = [content[kind.one]] if kind.one in content else content.get(kind.name, ())
        for document in documents:
            yield (kind.one, UUID(document["id"])), _display(kind, document, reference_data)


def _display(kind: Kind, document: Document, reference_data: ReferenceData) -> str:
    """Of a concept its words, of a reference the words of what it names; nothing for anything else."""
    code = document.get(kind.code)
    if not isinstance(code, dict):
        return ""
    if "identifier" in code:
        identifier = code["identifier"]
        found = reference_data.outside.get((identifier["type"]["coding"][0]["code"], UUID(identifier["value"])))
        return found.display if found else ""
    return display_of(msgspec.convert(code, CodeableConcept))
