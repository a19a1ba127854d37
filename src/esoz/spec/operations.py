"""The published operations: what each is called, who may call it, and whether it is built here."""

from collections import defaultdict
from functools import cache
from typing import Literal, cast

import msgspec

from .files import csv_rows

State = Literal["built", "planned"]

# What the system in use answers to, and what its stands for clients have beyond it since.
CONTRACT, NEXT_CONTRACT = "9.13.6", "9.15"


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation of the public API.

    `scopes`: a token needs one of them. `scope_inferred`: the publication does not state the scope, it follows
    from the 2019 gateway or from a sister operation. `async_mode`: "async", "sync_or_async" or "".
    `success`: the published 2xx and 3xx statuses. `publication`: where it is published, a row of publications.csv.
    `maturity`: "prod", "preprod" (on a stand that clients may try) or "dev_only".
    """

    id: str
    esoz_api_id: str
    area: str
    method: str
    path: str
    name: str
    scopes: tuple[str, ...]
    scope_inferred: bool
    auth: str
    visibility: str
    deprecated: bool
    publication: str
    maturity: str
    signed_fields: tuple[str, ...]
    async_mode: str
    success: tuple[int, ...]
    state: State

    @property
    def published(self) -> bool:
        """Whether it is live for everyone: public and not deprecated."""
        return self.visibility == "public" and not self.deprecated

    @property
    def contract(self) -> str:
        """The version of the contract that it came with."""
        return publications()[self.publication].contract


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """A published document of the API; `version` is empty when it bears none.

    `contract`: the version of the whole contract for which its operations are counted.
    """

    name: str
    title: str
    repository: str
    version: str
    environment: str
    date: str
    contract: str


class AreaCoverage(msgspec.Struct, frozen=True):
    """How much of one area is built."""

    built: int
    published: int


class OperationState(msgspec.Struct, frozen=True):
    """One line of the coverage list."""

    id: str
    method: str
    path: str
    state: State


class Coverage(msgspec.Struct, frozen=True):
    """How much of the live public API of one contract is built: public, not deprecated operations only."""

    contract: str
    built: int
    published: int
    areas: dict[str, AreaCoverage]
    operations: tuple[OperationState, ...]


@cache
def operations() -> tuple[Operation, ...]:
    """Return all 535 operations in the order of area, path, method."""
    return tuple(_operation(row) for row in csv_rows("operations.csv"))


def operation(id: str) -> Operation:
    """Return one operation by its contract id; KeyError when there is none."""
    return _by_id()[id]


@cache
def publications() -> dict[str, Publication]:
    """Return the published documents by name."""
    return {row["name"]: msgspec.convert(row, Publication) for row in csv_rows("publications.csv")}


def search(text: str) -> list[Operation]:
    """Return what a person may mean: one by its id or "METHOD /path", else all with these letters in id, path or name.

    An id may be either of the two that the publisher gives.
    """
    method, _, path = text.strip().partition(" ")
    named = find(method, path.strip()) if path else None
    exact = [each for each in operations() if text in (each.id, each.esoz_api_id, each.path)]
    if named or exact:
        return [named] if named else exact
    wanted = text.lower()
    return [each for each in operations() if wanted in f"{each.id} {each.method} {each.path} {each.name}".lower()]


def find(method: str, path: str) -> Operation | None:
    """Return the operation that serves a path: a template as published, or a real path with ids in it.

    A literal segment wins over a variable, so `/persons/verifications` is not taken for `/persons/{id}`.
    """
    segments = tuple(path.split("?", maxsplit=1)[0].strip("/").split("/"))
    candidates = _by_size().get((method.upper(), len(segments)), ())
    for candidate in candidates:
        if candidate.path == path:
            return candidate
    fitting = [each for each in candidates if _fits(each.path, segments)]
    return min(fitting, key=lambda each: each.path.count("{"), default=None)


def coverage(contract: str = CONTRACT) -> Coverage:
    """Count what is built of the live public API that came with a contract, whole and by area."""
    live = [each for each in operations() if each.published and each.contract == contract]
    areas: dict[str, list[Operation]] = defaultdict(list)
    for each in live:
        areas[each.area].append(each)
    return Coverage(
        contract=contract,
        built=_built(live),
        published=len(live),
        areas={area: AreaCoverage(_built(each), len(each)) for area, each in areas.items()},
        operations=tuple(OperationState(each.id, each.method, each.path, each.state) for each in live),
    )


def _built(some: list[Operation]) -> int:
    return sum(each.state == "built" for each in some)


def _fits(template: str, segments: tuple[str, ...]) -> bool:
    expected = template.strip("/").split("/")
    return all(want.startswith("{") or want == have for want, have in zip(expected, segments, strict=True))


@cache
def _by_id() -> dict[str, Operation]:
    return {each.id: each for each in operations()}


@cache
def _by_size() -> dict[tuple[str, int], tuple[Operation, ...]]:
    found: dict[tuple[str, int], list[Operation]] = defaultdict(list)
    for each in operations():
        found[each.method, len(each.path.strip("/").split("/"))].append(each)
    return {key: tuple(value) for key, value in found.items()}


def _operation(row: dict[str, str]) -> Operation:
    return Operation(
        id=row["id"],
        esoz_api_id=row["esoz_api_id"],
        area=row["area"],
        method=row["method"],
        path=row["path"],
        name=row["name"],
        scopes=tuple(row["scopes"].split()),
        scope_inferred=row["scope_inferred"] == "1",
        auth=row["auth"],
        visibility=row["visibility"],
        deprecated=row["deprecated"] == "1",
        publication=row["publication"],
        maturity=row["maturity"],
        signed_fields=tuple(row["signed_fields"].split()),
        async_mode=row["async_mode"],
        success=tuple(int(status) for status in row["success"].split()),
        state=_state(row["state"]),
    )


def _state(word: str) -> State:
    if word not in {"built", "planned"}:
        raise ValueError(f"operations.csv: unknown state {word!r}")
    return cast(State, word)
