"""Registries in the memory of a process: clinics, workers, programmes, medicines are always asked and rarely change.

A context says which registry there is and how several records are asked at once; an act asks for one with `Work.known`.
Facts are remembered as `kernel/fresh.py` says: told of changes by a trigger, and never for a whole second. They are
asked over a connection of their own: never inside the transaction of an act, whose own changes nobody else may see yet,
and never waiting for a connection that an act holds. So `known` is for acts that do not change the registry they ask:
what a command changes it reads from its own transaction.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .db import Connection, Database
from .fresh import Fresh

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, eq=False)
class Registry(Generic[K, V]):
    """Records by key. `name` is what the triggers of its tables tell; `ask` finds the records of some keys."""

    name: str
    ask: Callable[[Connection, Sequence[K]], Awaitable[Mapping[K, V]]]


class Memory:
    """What a process remembers of the registries of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._registries: dict[Registry[Any, Any], Fresh[Any, Any]] = {}

    async def get(self, registry: Registry[K, V], key: K) -> V | None:
        """A record less than a second old, or None. Raises Unavailable and database faults."""
        fresh: Fresh[K, V] | None = self._registries.get(registry)
        if fresh is None:
            fresh = self._registries[registry] = self._begin(registry)
        return await fresh.get(key)

    def _begin(self, registry: Registry[K, V]) -> Fresh[K, V]:
        async def ask(keys: Sequence[K]) -> Mapping[K, V]:
            async with self._database.aside() as db:
                return await registry.ask(db, keys)

        fresh = Fresh(ask)
        self._database.on_change(registry.name, fresh.forget)
        return fresh
