"""Operations by which patients read their own record; none is published, so they answer as those of doctors do."""

from collections.abc import Mapping

from esoz import spec
from esoz.kernel.errors import NotFound
from esoz.kernel.operation import Call, Paging, Reply

from .. import queries, wire
from ..model import ENCOUNTERS, ENTITIES, Kind
from .reads import PAGE_LIMIT
from .registry import operations

SCOPE = "person:read"
EPISODES = "get_api_patients_ID_episodes"  # whose published parameters narrow the patient's list too


def _kinds() -> Mapping[str, tuple[Kind, str]]:
    """The kinds that doctors have a list of, by name, with the operation whose parameters narrow it."""
    found = {kind.name: (kind, spec.find("GET", f"/api/patients/*/{kind.name}")) for kind in (ENCOUNTERS, *ENTITIES)}
    return {name: (kind, published.id) for name, (kind, published) in found.items() if published is not None}


KINDS = _kinds()


@operations.add("esoz_own_episodes", "GET /api/pis/person/episodes", scope=SCOPE)
async def own_episodes(call: Call) -> Reply:
    found, paged = await queries.own_episodes(call.work, wire.filters(call, EPISODES), call.page(limit=PAGE_LIMIT))
    return Reply([wire.episode(each) for each in found], paging=Paging.of(paged))


@operations.add("esoz_own_episode", "GET /api/pis/person/episodes/{id}", scope=SCOPE)
async def own_episode(call: Call) -> Reply:
    return Reply(wire.episode(await queries.own_episode(call.work, call.id("id"))))


@operations.add("esoz_own_records", "GET /api/pis/person/medical_events/{kind}", scope=SCOPE)
async def own_records(call: Call) -> Reply:
    kind, published = _named(call)
    paged = await queries.own_records(call.work, kind, wire.filters(call, published), call.page(limit=PAGE_LIMIT))
    return Reply([wire.record(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("esoz_own_record", "GET /api/pis/person/medical_events/{kind}/{id}", scope=SCOPE)
async def own_record(call: Call) -> Reply:
    kind, _ = _named(call)
    return Reply(wire.record(await queries.own_record(call.work, kind, call.id("id"))))


@operations.add("esoz_own_package", "GET /api/pis/person/encounter_packages/{id}", scope=SCOPE)
async def own_package(call: Call) -> Reply:
    found = await queries.own_package(call.work, call.id("id"))
    return Reply(wire.package(found.episode, found.encounter, found.made))


def _named(call: Call) -> tuple[Kind, str]:
    found = KINDS.get(call.text("kind"))
    if found is None:
        raise NotFound()
    return found
