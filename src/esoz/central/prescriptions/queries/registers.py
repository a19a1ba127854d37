"""Questions about programmes and drugs."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from ..model import Dosage, Event, Medication, Participant, Programme
from ..store import drugs, programmes
from ..wire.drugs import DrugsQuery, Part
from ..wire.programmes import ProgrammesQuery


async def find_programme(work: Work, programme_id: UUID) -> Programme:
    """One programme; raise NotFound."""
    programme = await programmes.find(work.db, programme_id)
    work.record(Event.PROGRAMMES_READ, programme_id)
    return programme


async def list_programmes(work: Work, page: Page, filters: ProgrammesQuery) -> tuple[list[Programme], Paged]:
    """Programmes by the published filters."""
    paged = await programmes.search(work.db, page, **msgspec.structs.asdict(filters))
    work.record(Event.PROGRAMMES_READ, "")
    return [programmes.programme(row) for row in paged.rows], paged


async def list_drugs(
    work: Work, page: Page, query: DrugsQuery, *, with_packages: bool
) -> tuple[Sequence[tuple[Dosage, list[Part]]], Paged]:
    """Dosages that may be prescribed, with their places in programmes; in Ukrainian alphabetical order (DR-5)."""
    filters = drugs.Filters(**msgspec.structs.asdict(query))
    paged = await drugs.search(work.db, page, filters, today=work.today, with_packages=with_packages)
    dosages = await drugs.with_ingredients(work.db, paged.rows)
    found: dict[UUID, list[tuple[Participant, Medication | None]]] = {dosage.id: [] for dosage in dosages}
    parts = await drugs.participants(work.db, found, today=work.today, programme_id=query.medical_program_id)
    for part, medication in parts:
        if _is_asked_for(part, query):
            found[part.innm_dosage_id].append((part, medication))
    work.record(Event.DRUGS_READ, "")
    return [(dosage, found[dosage.id]) for dosage in dosages], paged


def _is_asked_for(part: Participant, query: DrugsQuery) -> bool:
    allowed = query.medication_request_allowed in (None, part.medication_request_allowed)
    return allowed and query.care_plan_activity_allowed in (None, part.care_plan_activity_allowed)
