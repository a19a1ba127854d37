"""Every built operation against the callers who may not use it: from the registry (AUTH-13, AUTH-29, GW-1, GW-2).

Each test goes through all operations and names those that answer otherwise.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

import httpx
import pytest

from esoz.central import identity
from esoz.central.app import CONTEXTS
from esoz.central.identity.gate import BEARERS, COMMON_PATHS, PATIENT_PATHS
from esoz.kernel.http import API
from esoz.kernel.limits import Limiter
from esoz.kernel.operation import Operation
from esoz.kernel.work import Work
from tests.factories.world import Caller, World

EVERY = [operation for context in CONTEXTS for operation in context]
CLOSED = [operation for operation in EVERY if operation.scope is not None]
ORDINARY = [operation for operation in CLOSED if operation.path not in BEARERS]
ANY_ID = UUID("00000000-0000-4000-8000-000000000001")
NO_TOKEN = (401, "Invalid access token")

Headers = Mapping[str, str]


def for_patients(operation: Operation) -> bool:
    return operation.path.startswith(PATIENT_PATHS)


class Asking:
    """Calls operations with one thing wrong, and tells which answered otherwise than expected."""

    def __init__(self, world: World, work: Work) -> None:
        self.world, self.work = world, work

    def right_for(self, operation: Operation) -> Caller:
        return self.world.patient if for_patients(operation) else self.world.doctor

    def wrong_for(self, operation: Operation) -> Caller:
        return self.world.doctor if for_patients(operation) else self.world.patient

    async def token(self, caller: Caller, scope: str) -> dict[str, str]:
        scopes = frozenset(scope.split())
        issued = await identity.issue_access(self.work, caller.user_id, caller.client_id, scopes, None)
        return {"Authorization": f"Bearer {issued.value}"}

    async def ask(self, operation: Operation, headers: Headers) -> tuple[int, str]:
        http = self.world.doctor.client
        assert http is not None
        path = re.sub(r"\{[^}]+\}", str(ANY_ID), operation.path)
        body = None if operation.method in ("GET", "DELETE") else json.dumps({}).encode()
        sent = {**headers, **({"Content-Type": "application/json"} if body else {})}
        response: httpx.Response = await http.request(operation.method, path, content=body, headers=sent)
        return response.status_code, response.json().get("error", {}).get("message", "")


@pytest.fixture
def caller(world: World, work: Work, api: API) -> Asking:
    api.limiter = Limiter(0, {})
    return Asking(world, work)


def otherwise(
    answers: Iterable[tuple[Operation, tuple[int, str]]], expected: Callable[[Operation], tuple[int, str]]
) -> dict[str, tuple[int, str]]:
    """The operations whose answer is not the expected one."""
    return {f"{each.method} {each.path}": answer for each, answer in answers if answer != expected(each)}


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer nobody-has-this"}, {"Authorization": "Basic YTpi"}],
    ids=["missing", "unknown", "other kind"],
)
async def test_token_when_it_is_none_then_access_denied(caller: Asking, headers: Headers) -> None:
    key = {"API-key": caller.world.doctor.api_key}
    answers = [(each, await caller.ask(each, {**headers, **key})) for each in CLOSED]
    assert otherwise(answers, lambda _: NO_TOKEN) == {}


# GW-5
@pytest.mark.parametrize(
    ("key", "message"),
    [
        ({}, "API-KEY header required."),
        ({"API-key": "nobody has this"}, "API-KEY header is invalid."),
    ],
    ids=["missing", "foreign"],
)
async def test_key_when_it_is_none_of_a_vendor_then_access_denied(caller: Asking, key: Headers, message: str) -> None:
    asked = [each for each in ORDINARY if each.api_key]
    answers = [
        (each, await caller.ask(each, {"Authorization": f"Bearer {caller.right_for(each).token}", **key}))
        for each in asked
    ]
    assert otherwise(answers, lambda _: (401, message)) == {}


async def test_scope_when_missing_then_it_is_named(caller: Asking) -> None:
    """A token of the right kind of caller that has some other scope only."""
    scoped = [each for each in ORDINARY if each.scope]
    answers = []
    for each in scoped:
        who = caller.right_for(each)
        headers = await caller.token(who, "nothing:at_all") | {"API-key": who.api_key}
        answers.append((each, await caller.ask(each, headers)))
    words = "Your scope does not allow to access this resource. Missing allowances: {}"
    assert otherwise(answers, lambda each: (403, words.format(", ".join((each.scope or "").split())))) == {}


async def test_scope_when_the_vendor_may_not_ask_for_it_then_forbidden(caller: Asking) -> None:
    scoped = [each for each in ORDINARY if each.scope]
    await identity.create_broker(
        caller.work, name="narrow", kind="MIS", api_key="a narrow key", scopes=["nothing:at_all"]
    )
    answers = []
    for each in scoped:
        headers = await caller.token(caller.right_for(each), each.scope or "") | {"API-key": "a narrow key"}
        answers.append((each, await caller.ask(each, headers)))
    assert {str(each.id): answer for each, answer in answers if answer[0] != 403} == {}


async def test_client_when_of_the_wrong_type_then_forbidden_whatever_its_scopes(caller: Asking) -> None:
    """A cabinet cannot use operations of workers, a clinic none of patients."""
    answers = []
    for each in ORDINARY:
        if each.path.startswith(COMMON_PATHS):
            continue
        who = caller.wrong_for(each)
        headers = await caller.token(who, each.scope or "") | {"API-key": who.api_key}
        answers.append((each, await caller.ask(each, headers)))
    assert otherwise(answers, lambda _: (403, "Access denied")) == {}


async def test_session_when_not_turned_into_an_access_token_then_opens_nothing_else(caller: Asking) -> None:
    doctor = caller.world.doctor
    answers = []
    for each in ORDINARY:
        scope = each.scope or identity.AUTHORIZE
        issued = await identity.issue_session(caller.work, doctor.user_id, doctor.client_id, scope)
        headers = {"Authorization": f"Bearer {issued.value}", "API-key": doctor.api_key}
        answers.append((each, await caller.ask(each, headers)))
    assert otherwise(answers, lambda _: NO_TOKEN) == {}


def test_matrix_has_every_operation_that_is_not_public() -> None:
    public = {operation.id for operation in EVERY if operation.scope is None}
    assert {operation.id for operation in EVERY} - public == {operation.id for operation in CLOSED}
    assert len(CLOSED) > 150
