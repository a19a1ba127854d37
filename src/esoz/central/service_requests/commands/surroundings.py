"""Everything that a referral names, gathered from the registers and the record before the rules are asked."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from esoz.central.organisations import known_division, known_legal_entity
from esoz.central.programmes import find_programme
from esoz.central.records import find_encounter, find_episode, resolve_records
from esoz.central.services import known_groups, known_services
from esoz.central.workforce import Employee, known_employee
from esoz.kernel.errors import NotFound
from esoz.kernel.references import Referent, Target
from esoz.kernel.work import Work

from ..model.orders import GROUP, Orderable, PrequalifiedOrder, Surroundings

NOT_ACTIVE = "Episode is not active"


@dataclass(slots=True)
class Gathered:
    """What rules ask, with the rows that are needed after them."""

    around: Surroundings
    employee: Employee | None
    encounter: Mapping[str, Any] | None
    names: dict[Target, str] = field(default_factory=dict)

    @property
    def episode_id(self) -> UUID | None:
        return self.encounter["episode_id"] if self.encounter else None

    @property
    def diagnoses(self) -> Mapping[str, frozenset[str]]:
        """Codes of the encounter's diagnoses by coding system."""
        found: dict[str, set[str]] = defaultdict(set)
        for diagnosis in self.encounter["document"].get("diagnoses", ()) if self.encounter else ():
            for coding in diagnosis.get("code", {}).get("coding", ()):
                found[coding["system"]].add(coding["code"])
        return {system: frozenset(codes) for system, codes in found.items()}


async def gather(work: Work, person_id: UUID, order: PrequalifiedOrder) -> Gathered:
    targets = order.targets()
    orderable, title = await _orderable(work, order)
    found: dict[Target, Referent] = {
        **await resolve_records(work.db, person_id, targets),
        **await work.dependencies.references.resolve(work.db, person_id, targets),
        **await _of_registers(work, targets),
    }
    for each in order.permitted_resources:
        found |= await _active_episode(work, person_id, (each.kind, each.id))
    if orderable is not None:
        found[order.code.kind, order.code.id] = Referent(title)
    encounter = None
    if order.context is not None and ("encounter", order.context.id) in found:
        encounter = await find_encounter(work.db, person_id, order.context.id)
    return Gathered(
        Surroundings(now=work.now, clinic=work.actor.client_id, orderable=orderable, found=found),
        await _employee(work, order.requester_employee.id),
        encounter,
        {target: each.display for target, each in found.items() if each.display},
    )


async def _orderable(work: Work, order: PrequalifiedOrder) -> tuple[Orderable | None, str]:
    if order.code.kind == GROUP:
        group = (await known_groups(work.db, [order.code.id])).get(order.code.id)
        return (Orderable(None, group.is_active, group.request_allowed), group.name) if group else (None, "")
    service = (await known_services(work.db, [order.code.id])).get(order.code.id)
    if service is None:
        return None, ""
    return Orderable(service.category, service.is_active, service.request_allowed), service.name


async def _active_episode(work: Work, person_id: UUID, target: Target) -> Mapping[Target, Referent]:
    # SR-3
    try:
        episode = await find_episode(work.db, person_id, target[1])
    except NotFound:
        return {}
    return {target: Referent(episode.name, None if episode.status == "active" else NOT_ACTIVE)}


async def _of_registers(work: Work, targets: set[Target]) -> dict[Target, Referent]:
    found = {target: await register_entry(work, target) for target in targets}
    return {target: each for target, each in found.items() if each is not None}


async def register_entry(work: Work, target: Target) -> Referent | None:
    """Somebody or something of the registers with its words, None when it is not there or of another kind."""
    kind, id = target
    try:
        if kind == "employee":
            return Referent((await known_employee(work, id)).party.full_name)
        if kind == "legal_entity":
            entity = await known_legal_entity(work, id)
            return Referent(entity.name, None if entity.acts else "LegalEntity is not active")
        if kind == "division":
            division = await known_division(work, id)
            return Referent(division.name, None if division.acts else "Division is not active")
        if kind == "medical_program":
            return Referent((await find_programme(work.db, id)).name)
    except NotFound:
        return None
    return None


async def _employee(work: Work, id: UUID) -> Employee | None:
    try:
        return await known_employee(work, id)
    except NotFound:
        return None
