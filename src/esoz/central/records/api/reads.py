"""Operations that read a record. Those that differ only in the kind of record are rows of tables."""

from collections.abc import Callable, Sequence

from esoz import spec
from esoz.kernel.db import Row
from esoz.kernel.operation import Call, Handler, Paging, Reply

from .. import queries, wire
from ..model import ENCOUNTERS, ENTITIES, Kind
from .registry import operations

PAGE_LIMIT = 100  # medical events are paged by a hundred at most


@operations.add("API-007-027-0008", "GET /api/patients/{patient_id}/episodes", scope="episode:read")
async def get_episodes(call: Call) -> Reply:
    filters = wire.filters(call, "get_api_patients_ID_episodes")
    found, paged = await queries.episodes(call.work, call.id("patient_id"), filters, call.page(limit=PAGE_LIMIT))
    return Reply([wire.episode(each) for each in found], paging=Paging.of(paged))


@operations.add("API-007-027-0010", "GET /api/patients/{patient_id}/episodes/approved", scope="episode:read")
async def get_approved_episodes(call: Call) -> Reply:
    filters = wire.filters(call, "get_api_patients_ID_episodes_approved")
    found, paged = await queries.approved_episodes(
        call.work, call.id("patient_id"), filters, call.page(limit=PAGE_LIMIT)
    )
    return Reply([wire.episode(each) for each in found], paging=Paging.of(paged))


@operations.add(
    "get_api_patients_ID_diagnostic_reports_approved",
    "GET /api/patients/{patient_id}/diagnostic_reports/approved",
    scope="diagnostic_report:read",
)
async def get_approved_reports(call: Call) -> Reply:
    filters = wire.filters(call, "get_api_patients_ID_diagnostic_reports_approved")
    paged = await queries.approved_reports(call.work, call.id("patient_id"), filters, call.page(limit=PAGE_LIMIT))
    return Reply([wire.record(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("API-007-027-0014", "GET /api/patients/{patient_id}/diagnoses_groups/episodes", scope="episode:read")
async def get_episodes_of_group(call: Call) -> Reply:
    filters = wire.filters(call, "get_api_patients_ID_diagnoses_groups_episodes")
    found, paged = await queries.episodes_of_group(
        call.work, call.id("patient_id"), filters, call.page(limit=PAGE_LIMIT)
    )
    return Reply([wire.episode_of_group(each) for each in found], paging=Paging.of(paged))


@operations.add("API-007-027-0009", "GET /api/patients/{patient_id}/episodes/{episode_id}", scope="episode:read")
async def get_episode(call: Call) -> Reply:
    return Reply(wire.episode(await queries.episode(call.work, call.id("patient_id"), call.id("episode_id"))))


@operations.add("API-007-027-0023", "GET /api/patients/{patient_id}/summary/episodes", scope="patient_summary:read")
async def get_summary_episodes(call: Call) -> Reply:
    filters = wire.filters(call, "get_api_patients_ID_summary_episodes")
    found, paged = await queries.episodes_of_summary(
        call.work, call.id("patient_id"), filters, call.page(limit=PAGE_LIMIT)
    )
    return Reply([wire.episode_short(each) for each in found], paging=Paging.of(paged))


@operations.add("API-007-031-0001", "GET /api/patients/{patient_id}/summary/diagnoses", scope="patient_summary:read")
async def get_summary_diagnoses(call: Call) -> Reply:
    filters = wire.filters(call, "get_api_patients_ID_summary_diagnoses")
    paged = await queries.diagnoses(call.work, call.id("patient_id"), filters, call.page(limit=PAGE_LIMIT))
    return Reply([row["document"] for row in paged.rows], paging=Paging.of(paged))


def list_of(kind: Kind, operation_id: str) -> Handler:
    """The handler of a list of one kind."""

    async def get_list(call: Call) -> Reply:
        filters = wire.filters(call, operation_id)
        paged = await queries.records(call.work, kind, call.id("patient_id"), filters, call.page(limit=PAGE_LIMIT))
        return Reply([wire.record(row) for row in paged.rows], paging=Paging.of(paged))

    return get_list


def list_of_group(kind: Kind, operation_id: str) -> Handler:
    """The handler of a list of what was done or found by services of a group."""

    async def get_list(call: Call) -> Reply:
        filters = wire.filters(call, operation_id)
        patient, page = call.id("patient_id"), call.page(limit=PAGE_LIMIT)
        paged = await queries.records_of_group(call.work, kind, patient, filters, page)
        return Reply([wire.record(row) for row in paged.rows], paging=Paging.of(paged))

    return get_list


def list_of_episode(kind: Kind, operation_id: str) -> Handler:
    """The handler of a list of one kind in the context of an episode."""

    async def get_list(call: Call) -> Reply:
        patient, episode = call.id("patient_id"), call.id("episode_id")
        filters = {**wire.filters(call, operation_id), "episode_id": episode}
        await queries.must_be_of_patient(call.work, patient, episode)
        paged = await queries.records(call.work, kind, patient, filters, call.page(limit=PAGE_LIMIT))
        return Reply([wire.record(row) for row in paged.rows], paging=Paging.of(paged))

    return get_list


def list_of_summary(kind: Kind, operation_id: str) -> Handler:
    """The handler of a list of the summary."""

    async def get_list(call: Call) -> Reply:
        filters = wire.filters(call, operation_id)
        paged = await queries.summary(call.work, kind, call.id("patient_id"), filters, call.page(limit=PAGE_LIMIT))
        return Reply([_short(kind)(row) for row in paged.rows], paging=Paging.of(paged))

    return get_list


def one_of(kind: Kind, operation_id: str) -> Handler:
    """The handler of one record."""
    variable = _variable(operation_id)

    async def get_one(call: Call) -> Reply:
        patient, id = call.id("patient_id"), call.id(variable)
        return Reply(wire.record(await queries.record(call.work, kind, patient, id)))

    return get_one


def one_of_episode(kind: Kind, operation_id: str) -> Handler:
    """The handler of one record in the context of an episode."""
    variable = _variable(operation_id)

    async def get_one(call: Call) -> Reply:
        patient, episode, id = (call.id(name) for name in ("patient_id", "episode_id", variable))
        return Reply(wire.record(await queries.record(call.work, kind, patient, id, episode_id=episode)))

    return get_one


def one_of_summary(kind: Kind, operation_id: str) -> Handler:
    """The handler of one record of the summary."""
    variable = _variable(operation_id)

    async def get_one(call: Call) -> Reply:
        row = await queries.record_of_summary(call.work, kind, call.id("patient_id"), call.id(variable))
        return Reply(_short(kind)(row))

    return get_one


def context_of(kind: Kind, operation_id: str) -> Handler:
    """The handler that tells which episode holds a record."""
    variable = _variable(operation_id)

    async def get_context(call: Call) -> Reply:
        held = await queries.context(call.work, kind, call.id("patient_id"), call.id(variable))
        return Reply(wire.context(held))

    return get_context


def _variable(operation_id: str) -> str:
    """The last variable of a path: the id of the record."""
    return spec.path_parameters(operation_id)[-1].name


def _short(kind: Kind) -> Callable[[Row], object]:
    return wire.encounter_short if kind is ENCOUNTERS else wire.record


Answer = Callable[[Kind, str], Handler]

# What is answered below /api/patients/{patient_id}/: {} is the list of the kind, * any id. A place that is not
# published for a kind is not served; its ESOZ id and scope are those of the publication.
_READS: Sequence[tuple[Answer, str]] = (
    (list_of, "{}"),
    (list_of_group, "service_groups/{}"),
    (one_of, "{}/*"),
    (context_of, "{}/*/context"),
    (list_of_episode, "episodes/*/{}"),
    (one_of_episode, "episodes/*/{}/*"),
    (list_of_summary, "summary/{}"),
    (one_of_summary, "summary/{}/*"),
)


def _add(answer: Answer, place: str, kind: Kind) -> None:
    published = spec.find("GET", f"/api/patients/*/{place.replace('{}', kind.name)}")
    if published is not None and published.published:
        route = f"GET {published.path}"
        id, scope = published.esoz_api_id or published.id, " ".join(published.scopes)
        operations.add(id, route, scope=scope)(answer(kind, published.id))


for _answer, _place in _READS:
    for _kind in (ENCOUNTERS, *ENTITIES):
        _add(_answer, _place, _kind)
