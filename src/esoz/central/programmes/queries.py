"""Questions about programmes and drugs."""

from collections.abc import Sequence
from uuid import UUID

from esoz.central.medications import Dosage, Medication, as_dosages, as_medication
from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from . import store
from .model import DrugFilter, Event, PackageFilter, Participation, Programme, ProgrammeFilter


async def find_programme(work: Work, programme_id: UUID) -> Programme:
    """One programme; raise NotFound."""
    programme = await store.find(work.db, programme_id)
    work.record(Event.PROGRAMMES_READ, programme_id)
    return programme


async def list_programmes(work: Work, page: Page, wanted: ProgrammeFilter) -> tuple[list[Programme], Paged]:
    """Programmes by the published filters."""
    paged = await store.search(work.db, page, wanted)
    work.record(Event.PROGRAMMES_READ, "")
    return [store.programme(row) for row in paged.rows], paged


async def list_drugs(
    work: Work, page: Page, wanted: DrugFilter, *, with_packages: bool
) -> tuple[Sequence[tuple[Dosage, list[Participation]]], Paged]:
    """Dosages that may be prescribed, with their places in programmes; in Ukrainian alphabetical order (DR-5)."""
    paged = await store.search_drugs(work.db, page, wanted, today=work.today, with_packages=with_packages)
    dosages = await as_dosages(work.db, paged.rows)
    found: dict[UUID, list[Participation]] = {dosage.id: [] for dosage in dosages}
    parts = await store.participants(work.db, found, today=work.today, programme_id=wanted.medical_program_id)
    for participant, medication in parts:
        if wanted.lets_in(participant):
            found[participant.innm_dosage_id].append((participant, medication))
    work.record(Event.DRUGS_READ, "")
    return [(dosage, found[dosage.id]) for dosage in dosages], paged


async def list_packages(
    work: Work, page: Page, wanted: PackageFilter
) -> tuple[Sequence[tuple[Medication, str]], Paged]:
    """Packages of the register with names of their dosages, for a pharmacy that enters what it has received."""
    paged = await store.search_packages(work.db, page, wanted)
    work.record(Event.DRUGS_READ, "")
    return [(as_medication(row), row["dosage_name"]) for row in paged.rows], paged
