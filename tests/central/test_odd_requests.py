"""Odd values in requests of every built operation: refused or answered, never 500."""

import json
import random
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz import spec
from esoz.central import identity
from esoz.central.app import CONTEXTS
from esoz.central.identity.gate import BEARERS, PATIENT_PATHS
from esoz.kernel.http import API
from esoz.kernel.limits import Limiter
from esoz.kernel.operation import Operation, spec_id
from esoz.kernel.work import Work
from tests.factories.world import Caller, World

NOTHING_MORE: Mapping[str, str] = {}
NOT_UTF8 = (b'{"a": "\xff"}', b'{"\xff": 1}', '{"name": "Андрій"}'.encode("windows-1251"))
EVERY = [operation for context in CONTEXTS for operation in context if operation.path not in BEARERS]
READS = [operation for operation in EVERY if operation.reads]
WRITES = [operation for operation in EVERY if not operation.reads]
ALL_SCOPES = frozenset(scope for operation in EVERY for scope in (operation.scope or "").split())
PUBLISHED = {spec_id(each.method, each.path): each for each in spec.operations()}
ODD = (
    "",
    " ",
    "\0",
    "a\0b",
    "%",
    "_",
    "%%_\\",
    "'",
    "' or 1=1 --",
    '"',
    "{}",
    "{0}",
    "$1",
    "[]",
    "null",
    "true",
    "-1",
    "0",
    "1.5",
    "1e9",
    "99999999999999999999",
    "2147483648",
    "-9223372036854775809",
    "\u0663",
    "NaN",
    "Infinity",
    "0001-01-01",
    "9999-12-31",
    "0000-00-00",
    "2026-02-30",
    "2026-11-22T10:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "2026-11-22T10:00:00",
    "2026-11-22/2026-11-23",
    "ge2026-11-22",
    "ґЄЇІ'",
    "\u202e\U0001f600",
    "e\u0301",
    "\ufffe",
    "a" * 5000,
    str(UUID(int=0)),
    str(UUID(int=2**128 - 1)),
    ",",
    f"{UUID(int=0)},",
    "a,b,,c",
    "../..",
    "ACTIVE",
    "active",
)


def parameters(operation: Operation) -> list[str]:
    """The published query parameters of an operation, paging, and one that nobody knows."""
    found = PUBLISHED.get(operation.spec_id)
    names = [] if found is None else [each.name for each in spec.query_parameters(found.id)]
    return [*dict.fromkeys([*names, "page", "page_size"]), "nobody_knows"]


class Asking:
    """Calls operations as somebody who may."""

    def __init__(self, world: World, work: Work, api: API) -> None:
        self.world, self.work = world, work
        api.limiter = Limiter(0, {})
        self._headers: dict[Caller, dict[str, str]] = {}

    def caller(self, operation: Operation) -> Caller:
        return self.world.patient if operation.path.startswith(PATIENT_PATHS) else self.world.doctor

    async def headers(self, operation: Operation) -> dict[str, str]:
        caller = self.caller(operation)
        if caller not in self._headers:  # one token for all of them: another would end it (AUTH-24)
            issued = await identity.issue_access(self.work, caller.user_id, caller.client_id, ALL_SCOPES, None)
            self._headers[caller] = {"Authorization": f"Bearer {issued.value}", "API-key": caller.api_key}
        return self._headers[caller]

    def path(self, operation: Operation, more: Mapping[str, str]) -> str:
        """The path about somebody who is there, as far as the world has them; `more` of it by its variables."""
        person = str(self.world.persons[0].id)
        known = {"patient_id": person, "person_id": person, "employee_id": str(self.world.doctor.employee_id)} | more
        own = person if operation.path.startswith("/api/persons/{id}") else str(self.world.doctor.client_id)
        return re.sub(r"\{([^}]+)\}", lambda each: known.get(each[1], own), operation.path)

    async def ask(
        self,
        operation: Operation,
        query: dict[str, str],
        body: bytes | None = None,
        known: Mapping[str, str] = NOTHING_MORE,
    ) -> httpx.Response:
        http = self.world.doctor.client
        assert http is not None
        headers = await self.headers(operation)
        if body is not None:
            headers = headers | {"Content-Type": "application/json"}
        return await http.request(
            operation.method, self.path(operation, known), params=query, content=body, headers=headers
        )


@pytest.fixture
def asking(world: World, work: Work, api: API) -> Asking:
    return Asking(world, work, api)


def queries(operation: Operation, source: random.Random) -> Iterator[dict[str, str]]:
    """Each parameter with some odd values alone, then some of them at once."""
    names = parameters(operation)
    for name in names:
        for value in source.sample(ODD, 6):
            yield {name: value}
    for name in names:
        yield {name: "\0"}
    for _ in range(5):
        yield {name: source.choice(ODD) for name in source.sample(names, min(3, len(names)))}


@pytest.mark.parametrize("operation", [each for each in READS if each.path.count("/") > 1], ids=lambda each: each.id)
async def test_odd_query_when_read_then_never_our_fault(asking: Asking, operation: Operation) -> None:
    broken = {}
    for query in queries(operation, random.Random(operation.id)):
        response = await asking.ask(operation, query)
        if response.status_code >= 500:
            broken[f"{operation.path} {query}"[:200]] = response.status_code
    assert broken == {}


BODIES = (
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"1",
    b"{",
    b"{}",
    b'{"a": "\\u0000"}',
    b"\xff\xfe",
    b"[" * 5000,
    b'{"id": 1e400}',
    b'{"a": NaN}',
    b"\xef\xbb\xbf{}",
    *NOT_UTF8,
    b'{"a": "\\ud800"}',
    b'{"a":' * 3000,
)


@pytest.mark.parametrize("area", sorted({each.path.split("/")[2] for each in WRITES if each.path.count("/") > 1}))
async def test_odd_body_when_written_then_never_our_fault(asking: Asking, area: str) -> None:
    broken = {}
    for operation in (each for each in WRITES if each.path.split("/")[2:3] == [area]):
        for body in BODIES:
            response = await asking.ask(operation, {}, body)
            if response.status_code >= 500:
                broken[f"{operation.method} {operation.path} {body[:40]!r}"] = response.status_code
    assert broken == {}


@pytest.mark.parametrize("body", NOT_UTF8)
@pytest.mark.parametrize("path", ["/oauth/nonce", "/auth/login", "/oauth/tokens"])
async def test_body_that_is_not_utf8_when_sent_by_nobody_then_refused(
    world: World, api: API, path: str, body: bytes
) -> None:
    http = world.doctor.client
    assert http is not None
    headers = {"Content-Type": "application/json", "API-key": world.doctor.api_key}
    response = await http.post(path, content=body, headers=headers)
    # Some bodies are asked for their fields first, and miss one before the text in them is read.
    assert response.status_code in ((400,) if path == "/oauth/nonce" else (400, 422)), response.text
    assert response.json()["error"]["type"] in ("request_malformed", "bad_request", "validation_failed")


async def test_odd_texts_when_in_known_fields_then_never_our_fault(asking: Asking) -> None:
    """The published example of each body with one of its texts replaced."""
    source, broken = random.Random(4), {}
    for operation in WRITES:
        example = PUBLISHED[operation.spec_id].id if operation.spec_id in PUBLISHED else None
        schema = spec.request_schema(example) if example else None
        for body in bodies_like(schema, source) if schema else ():
            response = await asking.ask(operation, {}, json.dumps(body).encode())
            if response.status_code >= 500:
                broken[f"{operation.method} {operation.path} {body}"[:300]] = response.status_code
    assert broken == {}


def bodies_like(schema: object, source: random.Random) -> Iterator[object]:
    """Bodies of the right shape with odd texts in them."""
    for _ in range(6):
        yield filled(schema, schema, source, 0)


def filled(schema: object, root: object, source: random.Random, depth: int) -> object:
    """A value by a schema: right kinds, odd texts."""
    assert isinstance(schema, dict) and isinstance(root, dict)
    if depth > 12:
        return None
    if "$ref" in schema:
        return filled(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, source, depth + 1)
    choices = next((schema[name] for name in ("oneOf", "anyOf", "allOf", "enum") if name in schema), None)
    if choices and "properties" not in schema:
        chosen = source.choice(choices)
        return filled(chosen, root, source, depth + 1) if isinstance(chosen, dict) else chosen
    return made(schema, root, source, depth + 1)


def made(schema: dict[str, Any], root: object, source: random.Random, depth: int) -> object:
    """The same of a schema of one kind."""
    kind = schema.get("type")
    if kind == "object":
        return {name: filled(each, root, source, depth) for name, each in schema.get("properties", {}).items()}
    if kind == "array":
        return [filled(schema.get("items", {"type": "string"}), root, source, depth)]
    odd = {"integer": (0, -1, 2**31, 2**63, 1.5), "number": (0, -1, 2**63, 1.5), "boolean": (True, False)}.get(kind)
    examples = schema.get("examples") or [""]
    return source.choice(odd or (examples[0], source.choice(ODD), str(UUID(int=1)), "2026-11-22"))
