"""Operations that read a record. Those that differ only in the kind of record are rows of tables."""

from collections.abc import Callable, Sequence

from esoz.kernel.db import Row
from esoz.kernel.operation import Call, Handler, Paging, Reply

from .. import queries, store, wire
from ..model import ALLERGY_INTOLERANCES, CONDITIONS, ENCOUNTERS, IMMUNIZATIONS, OBSERVATIONS, Kind
from .registry import operations

PAGE_LIMIT = 100  # medical events are paged by a hundred at most


@operations.add("API-007-027-0008", "GET /api/patients/{patient_id}/episodes", scope="episode:read")
async def get_episodes(call: Call) -> Reply:
    asked = wire.filters(call, "get_api_patients_ID_episodes")
    paged = await queries.episodes(call.work, call.id("patient_id"), asked, call.page(limit=PAGE_LIMIT))
    return Reply([wire.episode(store.as_episode(row)) for row in paged.rows], paging=Paging.of(paged))


@operations.add("API-007-027-0009", "GET /api/patients/{patient_id}/episodes/{episode_id}", scope="episode:read")
async def get_episode(call: Call) -> Reply:
    return Reply(wire.episode(await queries.episode(call.work, call.id("patient_id"), call.id("episode_id"))))


@operations.add("API-007-027-0023", "GET /api/patients/{patient_id}/summary/episodes", scope="patient_summary:read")
async def get_summary_episodes(call: Call) -> Reply:
    asked = wire.filters(call, "get_api_patients_ID_summary_episodes")
    paged = await queries.episodes_of_summary(call.work, call.id("patient_id"), asked, call.page(limit=PAGE_LIMIT))
    return Reply([wire.episode_short(store.as_episode(row)) for row in paged.rows], paging=Paging.of(paged))


@operations.add("API-007-031-0001", "GET /api/patients/{patient_id}/summary/diagnoses", scope="patient_summary:read")
async def get_summary_diagnoses(call: Call) -> Reply:
    asked = wire.filters(call, "get_api_patients_ID_summary_diagnoses")
    paged = await queries.diagnoses(call.work, call.id("patient_id"), asked, call.page(limit=PAGE_LIMIT))
    return Reply([row["document"] for row in paged.rows], paging=Paging.of(paged))


def list_of(kind: Kind, operation_id: str) -> Handler:
    """The handler of a list of one kind."""

    async def get_list(call: Call) -> Reply:
        asked = wire.filters(call, operation_id)
        paged = await queries.records(call.work, kind, call.id("patient_id"), asked, call.page(limit=PAGE_LIMIT))
        return Reply([wire.record(row) for row in paged.rows], paging=Paging.of(paged))

    return get_list


def list_of_episode(kind: Kind, operation_id: str) -> Handler:
    """The handler of a list of one kind in the context of an episode."""

    async def get_list(call: Call) -> Reply:
        patient, episode = call.id("patient_id"), call.id("episode_id")
        asked = {**wire.filters(call, operation_id), "episode_id": episode}
        await queries.must_be_of_patient(call.work, patient, episode)
        paged = await queries.records(call.work, kind, patient, asked, call.page(limit=PAGE_LIMIT))
        return Reply([wire.record(row) for row in paged.rows], paging=Paging.of(paged))

    return get_list


def list_of_summary(kind: Kind, operation_id: str) -> Handler:
    """The handler of a list of the summary."""

    async def get_list(call: Call) -> Reply:
        asked = wire.filters(call, operation_id)
        paged = await queries.summary(call.work, kind, call.id("patient_id"), asked, call.page(limit=PAGE_LIMIT))
        return Reply([_short(kind)(row) for row in paged.rows], paging=Paging.of(paged))

    return get_list


def one_of(kind: Kind, _operation_id: str) -> Handler:
    """The handler of one record."""

    async def get_one(call: Call) -> Reply:
        patient, id = call.id("patient_id"), call.id(f"{kind.one}_id")
        return Reply(wire.record(await queries.record(call.work, kind, patient, id)))

    return get_one


def one_of_episode(kind: Kind, _operation_id: str) -> Handler:
    """The handler of one record in the context of an episode."""

    async def get_one(call: Call) -> Reply:
        patient, episode, id = (call.id(name) for name in ("patient_id", "episode_id", f"{kind.one}_id"))
        return Reply(wire.record(await queries.record(call.work, kind, patient, id, episode_id=episode)))

    return get_one


def one_of_summary(kind: Kind, _operation_id: str) -> Handler:
    """The handler of one record of the summary."""
    name = "encounter_id" if kind is ENCOUNTERS else "id"

    async def get_one(call: Call) -> Reply:
        row = await queries.record_of_summary(call.work, kind, call.id("patient_id"), call.id(name))
        return Reply(_short(kind)(row))

    return get_one


def context_of(kind: Kind, _operation_id: str) -> Handler:
    """The handler that tells which episode holds a record."""

    async def get_context(call: Call) -> Reply:
        held = await queries.context(call.work, kind, call.id("patient_id"), call.id(f"{kind.one}_id"))
        return Reply(wire.context(held))

    return get_context


def _short(kind: Kind) -> Callable[[Row], object]:
    return wire.encounter_short if kind is ENCOUNTERS else wire.record


Answer = Callable[[Kind, str], Handler]

# The answer; the path below /api/patients/{patient_id}/ ({} is the list's name, {id} its id); then for each kind the
# ESOZ id, empty where none is published, and the scope.
_KINDS = (ENCOUNTERS, CONDITIONS, OBSERVATIONS, IMMUNIZATIONS, ALLERGY_INTOLERANCES)
_CONTEXT, _SUMMARY = "medical_event_context:read", "patient_summary:read"
_OWN = tuple(f"{kind.one}:read" for kind in _KINDS)

_READS: Sequence[tuple[Answer, str, Sequence[str], Sequence[str]]] = (
    (list_of, "{}", ("", "", "API-007-048-0006", "", ""), _OWN),
    (one_of, "{}/{id}", ("", "", "API-007-048-0005", "", ""), _OWN),
    (
        context_of, "{}/{id}/context",
        ("", "API-007-027-0003", "API-007-027-0018", "API-007-027-0015", "API-007-027-0001"), (_CONTEXT,) * 5,
    ),
    (
        list_of_episode, "episodes/{episode_id}/{}", ("API-007-027-0006", "", "", "", ""),
        (_CONTEXT, "episode:read", "episode:read", *_OWN[3:]),
    ),
    (
        one_of_episode, "episodes/{episode_id}/{}/{id}", ("",) * 5,
        (_OWN[0], "episode:read", "episode:read", *_OWN[3:]),
    ),
    (
        list_of_summary, "summary/{}",
        ("API-007-026-0001", "API-007-010-0005", "API-007-048-0001", "API-007-033-0001", "API-007-002-0003"),
        (_SUMMARY,) * 5,
    ),
    (
        one_of_summary, "summary/{}/{id}",
        ("API-007-026-0002", "API-007-010-0006", "API-007-048-0002", "API-007-033-0002", "API-007-002-0004"),
        (_SUMMARY,) * 5,
    ),
)


def _add(answer: Answer, place: str, kind: Kind, esoz_id: str, scope: str) -> None:
    variable = "id" if answer is one_of_summary and kind is not ENCOUNTERS else f"{kind.one}_id"
    path = f"/api/patients/{{patient_id}}/{place.replace('{}', kind.name).replace('{id}', f'{{{variable}}}')}"
    contract_id = "_".join("ID" if part.startswith("{") else part for part in f"get{path}".split("/"))
    operations.add(esoz_id or contract_id, f"GET {path}", scope=scope)(answer(kind, contract_id))


for _answer, _place, _ids, _scopes in _READS:
    for _kind, _esoz_id, _scope in zip(_KINDS, _ids, _scopes, strict=True):
        _add(_answer, _place, _kind, _esoz_id, _scope)
