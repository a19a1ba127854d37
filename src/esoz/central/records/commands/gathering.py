"""Reference data of signed records, gathered from the registers and the store before the rules are asked."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from esoz.central.approvals import EPISODES
from esoz.central.services import known_services
from esoz.kernel.errors import NotFound
from esoz.kernel.references import Referent, Target
from esoz.kernel.work import Work

from .. import store
from ..model import Episode, Records
from ..model.documents import Document, Names, references
from ..model.reference_data import ReferenceData, Service
from ..model.staff import Doctor, Location
from .registers import Registers


async def gather_reference_data(
    work: Work,
    person_id: UUID,
    content: Document,
    registers: Registers,
    *,
    episode_id: UUID | None,
    also: Iterable[UUID] = (),
) -> ReferenceData:
    """Everything that the rules of a signed document ask; `also` are ids named beside it."""
    clinic = work.actor.client_id
    assert clinic is not None  # the signer was found to work in it
    targets = set(references(content))
    episode = await _episode(work, person_id, episode_id)
    services = await known_services(work.db, [id for kind, id in targets if kind == "service"])
    outside = {
        **await _of_registers(work, person_id, targets, registers, episode),
        **{
            ("service", id): Referent(each.name, None if each.is_active else "Service should be active")
            for id, each in services.items()
        },
        **await work.dependencies.references.resolve(work.db, person_id, targets),
    }
    return ReferenceData(
        now=work.now,
        legal_entity_id=clinic,
        doctors=await _doctors(targets, registers),
        divisions=await _locations(targets, registers),
        stored=await store.known(work.db, person_id, {id for _, id in targets} | set(also)),
        episode=episode,
        outside=outside,
        services={id: Service(each.category, each.request_allowed) for id, each in services.items()},
    )


def ids_of(records: Records) -> Iterable[UUID]:
    """The ids that records were given by their client."""
    return (each.entity.id for each in records.placed)


async def names_of(content: Document, registers: Registers, reference_data: ReferenceData) -> Names:
    """EN-11: words of everybody and everything that a document names outside the record."""
    others = {target: each.display for target, each in reference_data.outside.items() if each.display}
    own = ("legal_entity", reference_data.legal_entity_id)
    return {**await registers.names({own, *references(content)}), **others}


async def _of_registers(
    work: Work, person_id: UUID, targets: Collection[Target], registers: Registers, episode: Episode | None
) -> Mapping[Target, Referent]:
    """The people, places, organisations and episodes among `targets` that are there."""
    own = {(kind, episode.id): Referent(episode.name) for kind in EPISODES} if episode is not None else {}
    found = {target: own.get(target) or await _of_register(work, person_id, target, registers) for target in targets}
    return {target: each for target, each in found.items() if each is not None}


async def _of_register(work: Work, person_id: UUID, target: Target, registers: Registers) -> Referent | None:
    kind, id = target
    if kind == "patient":
        return Referent() if id == person_id else None
    if kind == "employee":
        return Referent() if await registers.employee(id) else None
    if kind == "legal_entity":
        return Referent() if await registers.legal_entity(id) else None
    if kind == "division":
        location = await registers.location(id)
        return Referent(refusal=None if location.active else "Division is not active") if location else None
    if kind in EPISODES:
        episode = await _episode(work, person_id, id)
        return Referent(episode.name) if episode else None
    return None


async def _episode(work: Work, person_id: UUID, episode_id: UUID | None) -> Episode | None:
    if episode_id is None:
        return None
    try:
        return await store.find_episode(work.db, person_id, episode_id)
    except NotFound:
        return None


async def _doctors(targets: Iterable[Target], registers: Registers) -> Mapping[UUID, Doctor]:
    found = {id: await registers.doctor(id) for kind, id in targets if kind == "employee"}
    return {id: doctor for id, doctor in found.items() if doctor is not None}


async def _locations(targets: Iterable[Target], registers: Registers) -> Mapping[UUID, Location]:
    found = {id: await registers.location(id) for kind, id in targets if kind == "division"}
    return {id: place for id, place in found.items() if place is not None}
