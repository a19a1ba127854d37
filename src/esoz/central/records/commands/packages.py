"""An encounter package: checked stage by stage, then stored whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.workforce import Employee, party_of_user
from esoz.kernel.errors import Conflict, Forbidden, NotFound, rejected
from esoz.kernel.fhir import reference
from esoz.kernel.signed import Opened, must_be_signed_by
from esoz.kernel.work import Work

from .. import store
from ..model import (
    ALLERGY_INTOLERANCES,
    CONDITIONS,
    ENCOUNTERS,
    ENTITIES,
    IMMUNIZATIONS,
    OBSERVATIONS,
    Diagnosis,
    Event,
    Kind,
    Package,
    must_hold,
)
from ..model.documents import Document, Names, references, with_names
from ..model.encounter import (
    Surroundings,
    encounter_faults,
    known_codes,
    must_be_signers_own,
    visit_faults,
    with_codes,
)
from ..model.entities import entity_faults, source_faults
from ..model.episode import diagnosed
from ..model.package import Entity, Observation, Visit
from .registers import Registers
from .words import record_names


@dataclass(frozen=True, slots=True)
class Submission:
    """A package as it came: typed, as signed, and the visit beside it."""

    package: Package
    signed: Opened
    visit: Visit | None


async def store_package(work: Work, person_id: UUID, submission: Submission) -> Package:
    """Check and store an encounter package. Raises Rejected, Conflict; the first failing stage answers (EN-1)."""
    package = submission.package
    must_hold(source_faults(package))
    registers = Registers(work.db)
    await _must_be_signed_by_performer(work, registers, submission)
    around = await _surroundings(work, person_id, submission, registers)
    must_hold(visit_faults(submission.visit, package.encounter, around))
    for kind in (OBSERVATIONS, CONDITIONS):
        must_hold(entity_faults(kind, package, around))
    must_hold(encounter_faults(package, around))
    for kind in (IMMUNIZATIONS, ALLERGY_INTOLERANCES):
        must_hold(entity_faults(kind, package, around))
    content = submission.signed.content
    names = {**await registers.names(references(content)), **record_names(content, around)}
    await _store(work, person_id, submission, around, names)
    counts = {kind.name: len(package.of(kind)) for kind in ENTITIES}
    work.record(Event.PACKAGE_STORED, package.encounter.id, patient_id=person_id, **counts)
    return package


async def _must_be_signed_by_performer(work: Work, registers: Registers, submission: Submission) -> None:
    # EN-2 (2019 source): the certificate, the clinic and the token all belong to the performer.
    performer = await registers.employee(submission.package.encounter.performer.id)
    if performer is None:
        raise rejected("$.encounter.performer.identifier.value", "Employee with such ID is not found")
    if not submission.signed.signer.drfo:
        raise Conflict("Invalid drfo")
    must_be_signed_by(submission.signed.signer, performer.party.tax_id, field="$.signed_data")
    must_be_signers_own(
        performer.legal_entity_id, clinic=work.actor.client_id, is_caller=await _is_caller(work, performer)
    )


async def _is_caller(work: Work, performer: Employee) -> bool:
    if work.actor.user_id is None:
        return False
    try:
        party = await party_of_user(work.db, work.actor.user_id)
    except Forbidden:
        return False
    return party.id == performer.party.id


async def _surroundings(
    work: Work, person_id: UUID, submission: Submission, registers: Registers
) -> Surroundings:
    package, clinic = submission.package, work.actor.client_id
    assert clinic is not None  # the performer was found to work in it
    named = set(_named_records(submission))
    stored = await store.known(work.db, person_id, named)
    doctors = {id: await registers.doctor(id) for id in _employees(package)}
    division = package.encounter.division
    place = await registers.place(division.id) if division else None
    try:
        episode = await store.find_episode(work.db, person_id, package.encounter.episode.id)
    except NotFound:
        episode = None
    return Surroundings(
        now=work.now, legal_entity_id=clinic, doctors={id: each for id, each in doctors.items() if each},
        divisions={division.id: place} if division and place else {}, stored=stored, episode=episode,
    )


def _employees(package: Package) -> set[UUID]:
    encounter = package.encounter
    authors = (entity.author for kind in ENTITIES for entity in package.of(kind))
    return {each.id for each in (encounter.performer, *encounter.participant, *authors) if each is not None}


def _named_records(submission: Submission) -> Iterator[UUID]:
    """Ids of records that a package brings or points at."""
    package = submission.package
    yield package.encounter.id
    if submission.visit:
        yield submission.visit.id
    for kind in ENTITIES:
        yield from (entity.id for entity in package.of(kind))
    yield from (id for _, id in references(submission.signed.content))


async def _store(
    work: Work, person_id: UUID, submission: Submission, around: Surroundings, names: Names
) -> None:
    package = submission.package
    encounter, episode = package.encounter, around.episode
    assert episode is not None  # the rules of the encounter have seen it
    diagnoses = with_codes(encounter.diagnoses, known_codes(package, around), names)
    # BG-20: the signed document is kept before its data.
    kept = await work.gear.objects.keep(f"encounter_packages/{encounter.id}", submission.signed.document)
    if submission.visit is not None:
        await store.create_visit(work.db, person_id, submission.visit, work.now)
    await store.create_encounter(
        work.db, person_id=person_id, **_encounter_columns(submission, around, names, diagnoses),
        signed_document=kept, inserted_at=work.now, updated_at=work.now,
    )
    common = store.Belonging(person_id, encounter.id, episode.id, around.legal_entity_id, work.now)
    for kind in ENTITIES:
        await store.create_entries(work.db, kind, common, _entries(kind, submission, names))
    for immunization_id, reaction in _reactions_on_stored(package, names):
        await store.append_reaction(work.db, person_id, immunization_id, reaction, work.now)
    evidence = reference(ENCOUNTERS.one, encounter.id, names[ENCOUNTERS.one, encounter.id])
    date = encounter.period.start
    changed = diagnosed(episode, encounter=evidence, diagnoses=diagnoses, date=date, now=work.now)
    await store.save_episode(work.db, changed)


def _encounter_columns(
    submission: Submission, around: Surroundings, names: Names, diagnoses: Sequence[Diagnosis]
) -> dict[str, Any]:
    encounter = submission.package.encounter
    raw = submission.signed.content["encounter"]
    document = {"reasons": [], "actions": [], **with_names(raw, names), "diagnoses": msgspec.to_builtins(diagnoses)}
    return {
        "id": encounter.id, "episode_id": encounter.episode.id, "visit_id": encounter.visit.id,
        "managing_organization_id": around.legal_entity_id, "performer_id": encounter.performer.id,
        "performer_speciality": around.doctors[encounter.performer.id].speciality, "status": encounter.status,
        "class": encounter.klass.code, "type": encounter.type.code, "started_at": encounter.period.start,
        "ended_at": encounter.period.end, "document": document,
    }


def _entries(kind: Kind, submission: Submission, names: Names) -> list[store.Entry]:
    documents = submission.signed.content.get(kind.name, ())
    reactions = _reactions(submission.package, names) if kind is IMMUNIZATIONS else {}
    return [
        _entry(kind, entity, with_names(raw, names), reactions.get(entity.id, ()))
        for entity, raw in zip(submission.package.of(kind), documents, strict=True)
    ]


def _entry(kind: Kind, entity: Entity, document: dict[str, Any], reactions: Sequence[Document]) -> store.Entry:
    codes = [coding["code"] for coding in document[kind.code]["coding"]]
    whole = document | ({"reactions": list(reactions)} if reactions else {})
    return store.Entry(entity.id, entity.state, codes, getattr(entity, kind.date), whole)


def _reactions(package: Package, names: Names) -> Mapping[UUID, list[Document]]:
    """CE-5: what immunizations are told to have caused, by immunization."""
    found: dict[UUID, list[Document]] = {}
    for observation in package.observations:
        if observation.reaction_on is not None:
            found.setdefault(observation.reaction_on.id, []).append(_reaction(observation, names))
    return found


def _reactions_on_stored(package: Package, names: Names) -> Iterator[tuple[UUID, Document]]:
    here = {immunization.id for immunization in package.immunizations}
    for immunization_id, reactions in _reactions(package, names).items():
        if immunization_id not in here:
            yield from ((immunization_id, reaction) for reaction in reactions)


def _reaction(observation: Observation, names: Names) -> Document:
    target = OBSERVATIONS.one, observation.id
    return {"detail": msgspec.to_builtins(reference(*target, names[target]))}
