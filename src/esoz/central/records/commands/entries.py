"""Signed records as they are stored: with words of the registers, what the server adds, and what they are found by."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.fhir import reference
from esoz.kernel.work import Work

from .. import store
from ..model import ENTITIES, IMMUNIZATIONS, OBSERVATIONS, Kind, PlacedRecord, Records
from ..model.documents import Document, Names, moment_at, texts_at, with_names
from ..model.entity import Observation, Specimen
from ..model.kinds import DETECTED_ISSUES, DEVICE_ASSOCIATIONS, DEVICE_DISPENSES, MEDICATION_ADMINISTRATIONS, SPECIMENS
from .displays import with_units


async def store_records(
    work: Work, records: Records, common: store.Ownership, names: Names, *, signed_document: str | None = None
) -> None:
    """Store all records of a signed document. Raises Rejected when a number of a container is taken."""
    await _claim_numbers(work, records, common.person_id)
    reactions = _reactions(records, names)
    for kind in ENTITIES:
        entries = [_entry(work, placed, common, names, reactions) for placed in records.of(kind)]
        await store.create_entries(work.db, kind, common, entries, signed_document=signed_document)
    here = records.ids(IMMUNIZATIONS)
    for immunization_id, caused in reactions.items():
        if immunization_id not in here:
            for reaction in caused:
                await store.append_reaction(work.db, common.person_id, immunization_id, reaction, work.performed_at)


def codes_of(kind: Kind, document: Document) -> list[str]:
    """What a record is about, as codes."""
    return texts_at(document, kind.code)


def keys_of(kind: Kind, document: Document) -> list[str]:
    """What a record is found by, as `parameter=value`."""
    return [f"{name}={value}" for name, place in kind.keys.items() for value in texts_at(document, place)]


def _entry(
    work: Work, placed: PlacedRecord, common: store.Ownership, names: Names, reactions: Mapping[UUID, list[Document]]
) -> store.Entry:
    kind, entity = placed.kind, placed.entity
    document: dict[str, Any] = with_names(placed.document, names)
    if kind in (SPECIMENS, DEVICE_DISPENSES):  # published with the words of the unit, signed without
        document = with_units(document)
    if kind in _ADDED:
        document |= _ADDED[kind](work, placed, common, names)
    if kind is IMMUNIZATIONS and entity.id in reactions:
        document["reactions"] = reactions[entity.id]
    dated = next((moment for place in kind.dates if (moment := moment_at(document, place))), None)
    return store.Entry(entity.id, entity.state, codes_of(kind, document), keys_of(kind, document), dated, document)


def _hands(work: Work, _placed: PlacedRecord, _common: store.Ownership, _names: Names) -> dict[str, Any]:
    return {"inserted_by": work.actor.user_id, "updated_by": work.actor.user_id}


def _subject(common: store.Ownership) -> Document:
    subject: Document = msgspec.to_builtins(reference("patient", common.person_id, ""))
    return subject


def _clinic(common: store.Ownership, names: Names) -> Document:
    target = "legal_entity", common.managing_organization_id
    clinic: Document = msgspec.to_builtins(reference(*target, names.get(target, "")))
    return clinic


def _of_administration(_work: Work, _placed: PlacedRecord, common: store.Ownership, names: Names) -> dict[str, Any]:
    return {"managing_organization": _clinic(common, names)}


def _of_specimen(work: Work, placed: PlacedRecord, common: store.Ownership, names: Names) -> dict[str, Any]:
    assert isinstance(placed.entity, Specimen)
    number = placed.entity.container[0].identifier
    return {"accession_identifier": number, "subject": _subject(common), **_hands(work, placed, common, names)}


def _of_dispense(work: Work, placed: PlacedRecord, common: store.Ownership, names: Names) -> dict[str, Any]:
    clinic = {"performer_legal_entity": _clinic(common, names)}
    return {"subject": _subject(common), **clinic, **_hands(work, placed, common, names)}


# What the published answers have and the signed documents lack.
_ADDED: Mapping[Kind, Callable[[Work, PlacedRecord, store.Ownership, Names], dict[str, Any]]] = {
    MEDICATION_ADMINISTRATIONS: _of_administration,
    SPECIMENS: _of_specimen,
    DEVICE_DISPENSES: _of_dispense,
    DEVICE_ASSOCIATIONS: _hands,
    DETECTED_ISSUES: _hands,
}


async def _claim_numbers(work: Work, records: Records, person_id: UUID) -> None:
    numbers = dict(_numbers(records))
    if not numbers:
        return
    taken = set(await store.claim_specimens(work.db, person_id, numbers))
    faults = tuple(
        Invalid(f"{placed.entry}.container", "unique", "Specimen with such container identifier already exists")
        for placed in records.of(SPECIMENS)
        if isinstance(placed.entity, Specimen) and taken & {each.identifier for each in placed.entity.container}
    )
    if faults:
        raise Rejected(invalid=faults)


def _numbers(records: Records) -> Iterator[tuple[str, UUID]]:
    for placed in records.of(SPECIMENS):
        assert isinstance(placed.entity, Specimen)
        yield from ((container.identifier, placed.entity.id) for container in placed.entity.container)


def _reactions(records: Records, names: Names) -> Mapping[UUID, list[Document]]:
    """CE-5: what immunizations are told to have caused, by immunization."""
    found: dict[UUID, list[Document]] = {}
    for observation in records.observations:
        if observation.reaction_on is not None:
            found.setdefault(observation.reaction_on.id, []).append(_reaction(observation, names))
    return found


def _reaction(observation: Observation, names: Names) -> Document:
    target = OBSERVATIONS.one, observation.id
    return {"detail": msgspec.to_builtins(reference(*target, names.get(target, "")))}
