"""Everything that a conclusion names, gathered from the registers and the record before the rules are asked."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from esoz.central.organisations import known_legal_entity
from esoz.central.people import find_person
from esoz.central.prepersons import find_preperson
from esoz.central.records import find_encounter, resolve_records
from esoz.central.workforce import Employee, known_employee
from esoz.kernel.clock import kyiv_date
from esoz.kernel.errors import NotFound
from esoz.kernel.references import Referent, Target
from esoz.kernel.work import Work
from esoz.spec.compositions import Settings

from .. import store
from ..content import target
from ..model.compositions import Composition
from ..model.drafts import APPENDS, NOBODY, REPLACES, Draft
from ..model.rules import Patient, Surroundings, Visit

ENTERED_IN_ERROR = "entered_in_error"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What rules ask, with the words of everything that is named."""

    around: Surroundings
    names: Mapping[Target, str]


async def gather(work: Work, person_id: UUID, draft: Draft, settings: Settings) -> Gathered:
    employees = {id: each for _, id in draft.employees() if (each := await _employee(work, id)) is not None}
    targets = {("encounter", draft.encounter.id)} | {target(*each) for _, each in draft.entries()}
    found = {
        **await resolve_records(work.db, person_id, targets),
        **await work.dependencies.references.resolve(work.db, person_id, targets),
    }
    related = await store.known(work.db, person_id, [each.resource_reference.id for each in draft.relates_to])
    replaced, continued = await store.followers(work.db, person_id, list(related))
    around = Surroundings(
        now=work.now,
        clinic=work.actor.client_id,
        settings=settings,
        patient=await _patient(work, person_id),
        visit=await _visit(work, person_id, draft.encounter.id),
        employees=employees,
        found={**found, **{("episode_of_care", id): each for (kind, id), each in found.items() if kind == "episode"}},
        related=related,
        overlapping=await _overlapping(work, person_id, draft),
        chain_days=await _days_before(work, person_id, draft, related),
        replaced=replaced,
        continued=continued,
    )
    names = await _names(work, draft, employees, found)
    return Gathered(around, {**names, **{("composition", id): each.title for id, each in related.items()}})


async def _names(
    work: Work, draft: Draft, employees: Mapping[UUID, Employee], found: Mapping[Target, Referent]
) -> Mapping[Target, str]:
    names = {each: referent.display for each, referent in found.items()}
    names |= {("employee", id): each.party.full_name for id, each in employees.items()}
    names["encounter", draft.encounter.id] = found.get(("encounter", draft.encounter.id), Referent()).display
    with suppress(NotFound):  # the rules tell it
        names["legal_entity", draft.custodian.id] = (await known_legal_entity(work, draft.custodian.id)).name
    return names


async def _overlapping(work: Work, person_id: UUID, draft: Draft) -> Sequence[Composition]:
    # CM-8
    period = draft.validity
    if period is None:
        return ()
    return await store.overlapping(work.db, person_id, draft.type.code, kyiv_date(period.start), kyiv_date(period.end))


async def _days_before(work: Work, person_id: UUID, draft: Draft, related: Mapping[UUID, Composition]) -> int:
    # CM-9: what stands for a continuation goes on after the same ones.
    replaced = related.get(draft.related(REPLACES) or NOBODY)
    id = draft.related(APPENDS) or (replaced.appends_id if replaced else None)
    return await store.days_before(work.db, person_id, id) if id is not None else 0


async def _patient(work: Work, person_id: UUID) -> Patient:
    try:
        person = await find_person(work.db, person_id)
    except NotFound:
        unknown = await find_preperson(work.db, person_id)
        return Patient(unknown.gender, unknown.birth_date, is_identified=False)
    return Patient(person.gender, person.birth_date, is_identified=True)


async def _visit(work: Work, person_id: UUID, id: UUID) -> Visit | None:
    try:
        row: Mapping[str, Any] = await find_encounter(work.db, person_id, id)
    except NotFound:
        return None
    document = row["document"]
    return Visit(
        row["managing_organization_id"],
        row["episode_id"],
        datetime.fromisoformat(str(document["period"]["start"])),
        row["status"] != ENTERED_IN_ERROR,
    )


async def _employee(work: Work, id: UUID) -> Employee | None:
    try:
        return await known_employee(work, id)
    except NotFound:
        return None
