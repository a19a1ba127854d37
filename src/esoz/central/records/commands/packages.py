"""An encounter package: checked stage by stage, then stored whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel import documents
from esoz.kernel.faults import must_hold
from esoz.kernel.fhir import reference
from esoz.kernel.signed import Opened
from esoz.kernel.work import Work

from .. import store
from ..model import ENCOUNTERS, ENTITIES, Diagnosis, Event, Package
from ..model.documents import Names, with_names
from ..model.encounter import encounter_faults, known_codes, visit_faults, with_codes
from ..model.entities import entity_faults
from ..model.episode import diagnosed
from ..model.kinds import AFTER_ENCOUNTER, BEFORE_ENCOUNTER
from ..model.package import Visit
from ..model.reference_data import ReferenceData
from .displays import record_names
from .entries import store_records
from .gathering import gather_reference_data, ids_of, names_of
from .registers import Registers
from .signers import must_be_signed_by_employee


@dataclass(frozen=True, slots=True)
class Submission:
    """A package as it came: typed, as signed, and the visit beside it."""

    package: Package
    signed: Opened
    visit: Visit | None


async def store_package(work: Work, person_id: UUID, submission: Submission) -> Package:
    """Check and store an encounter package. Raises Rejected, Conflict; the first failing stage answers (EN-1)."""
    package, signer = submission.package, submission.signed.signer
    encounter = package.encounter
    registers = Registers(work)
    await must_be_signed_by_employee(work, registers, signer, encounter.performer.id, place="$.encounter.performer")
    visits = (submission.visit.id,) if submission.visit else ()
    reference_data = await gather_reference_data(
        work,
        person_id,
        package.content,
        registers,
        episode_id=encounter.episode.id,
        also=(encounter.id, *visits, *ids_of(package.records)),
    )
    must_hold(visit_faults(submission.visit, encounter, reference_data))
    for kind in BEFORE_ENCOUNTER:
        must_hold(entity_faults(kind, package, reference_data))
    must_hold(encounter_faults(package, reference_data))
    for kind in AFTER_ENCOUNTER:
        must_hold(entity_faults(kind, package, reference_data))
    names = {
        **await names_of(package.content, registers, reference_data),
        **record_names(package.content, reference_data),
    }
    await _store(work, person_id, submission, reference_data, names)
    counts = {kind.name: len(found) for kind in ENTITIES if (found := package.records.of(kind))}
    work.record(Event.PACKAGE_STORED, encounter.id, patient_id=person_id, **counts)
    return package


async def _store(
    work: Work, person_id: UUID, submission: Submission, reference_data: ReferenceData, names: Names
) -> None:
    package = submission.package
    encounter, episode = package.encounter, reference_data.episode
    assert episode is not None  # the rules of the encounter have seen it
    diagnoses = with_codes(encounter.diagnoses, known_codes(package, reference_data), names)
    # BG-20: the signed document is kept together with its data.
    kept = await documents.keep(work.db, f"encounter_packages/{encounter.id}", submission.signed.document)
    if submission.visit is not None:
        await store.create_visit(work.db, person_id, submission.visit, work.performed_at)
    await store.create_encounter(
        work.db,
        person_id=person_id,
        **_encounter_columns(submission, reference_data, names, diagnoses),
        signed_document=kept,
        inserted_at=work.performed_at,
        updated_at=work.performed_at,
    )
    common = store.Ownership(person_id, encounter.id, episode.id, reference_data.legal_entity_id, work.performed_at)
    await store_records(work, package.records, common, names)
    evidence = reference(ENCOUNTERS.one, encounter.id, names[ENCOUNTERS.one, encounter.id])
    date = encounter.period.start
    changed = diagnosed(episode, encounter=evidence, diagnoses=diagnoses, date=date, now=work.performed_at)
    await store.save_episode(work.db, changed)


def _encounter_columns(
    submission: Submission, reference_data: ReferenceData, names: Names, diagnoses: Sequence[Diagnosis]
) -> dict[str, Any]:
    encounter = submission.package.encounter
    raw = submission.package.content["encounter"]
    document = {"reasons": [], "actions": [], **with_names(raw, names), "diagnoses": msgspec.to_builtins(diagnoses)}
    return {
        "id": encounter.id,
        "episode_id": encounter.episode.id,
        "visit_id": encounter.visit.id,
        "managing_organization_id": reference_data.legal_entity_id,
        "performer_id": encounter.performer.id,
        "performer_speciality": reference_data.doctors[encounter.performer.id].speciality,
        "status": encounter.status,
        "class": encounter.klass.code,
        "type": encounter.type.code,
        "started_at": encounter.period.start,
        "ended_at": encounter.period.end,
        "document": document,
        "incoming_referral_id": encounter.incoming_referral.id if encounter.incoming_referral else None,
    }
