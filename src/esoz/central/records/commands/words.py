"""Words for references to records: what a doctor reads beside an id (EN-11)."""

from collections.abc import Iterator
from uuid import UUID

import msgspec

from esoz.central.dictionaries import dictionaries
from esoz.kernel.fhir import CodeableConcept

from ..model import ENCOUNTERS, ENTITIES
from ..model.documents import Document, Names
from ..model.encounter import Surroundings


def record_names(content: Document, around: Surroundings) -> Names:
    """The words of everything a package brings or names: of its code, of its kind of encounter, of its episode."""
    names = {target: words_of(code) for target, code in _codes(content, around)}
    if around.episode is not None:
        names |= {(kind, around.episode.id): around.episode.name for kind in ("episode", "episode_of_care")}
    return names


def words_of(code: CodeableConcept) -> str:
    """The words of the first code in its dictionary; else the text given with it."""
    return (code.coding and dictionaries.describe(code.system, code.code)) or code.text or ""


def _codes(content: Document, around: Surroundings) -> Iterator[tuple[tuple[str, UUID], CodeableConcept]]:
    for kind in (ENCOUNTERS, *ENTITIES):
        for id, stored in around.stored[kind.name].items():
            yield (kind.one, id), stored.code
        documents = [content[kind.one]] if kind is ENCOUNTERS else content.get(kind.name, ())
        for document in documents:
            yield (kind.one, UUID(document["id"])), msgspec.convert(document[kind.code], CodeableConcept)
