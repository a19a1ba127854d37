"""References between contexts: what one of them names and another keeps, found by the kind of the reference.

A context cannot import one that stands above it, so how a kind of thing is found is handed in where the part of the
system is assembled: `ReferenceResolvers({"medication_request": prescriptions_of_patient, …})`. A kind without a
resolver does not exist.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from .db import Connection

Target: TypeAlias = tuple[str, UUID]  # kind of resource, id


@dataclass(frozen=True, slots=True)
class Referent:
    """What a reference points at: the words shown to people; `refusal` says why it may not be named now."""

    display: str = ""
    refusal: str | None = None


# (database, patient, ids) → those of them that are there for this patient
Resolver: TypeAlias = Callable[[Connection, UUID, Collection[UUID]], Awaitable[Mapping[UUID, Referent]]]


@dataclass(frozen=True, slots=True)
class Answerable(Referent):
    """Something that asks for a service: who has taken it, which services answer it, what its performer may ask to see,
    and when its term ends while nobody has taken it.
    """

    taken_by: UUID | None = None
    category: str = ""
    services: frozenset[UUID] = frozenset()
    is_group: bool = False
    permitted: tuple[Target, ...] = ()
    ends_at: datetime | None = None


class ReferenceResolvers:
    """How things are found, by the kind of resource."""

    def __init__(self, resolvers: Mapping[str, Resolver] | None = None) -> None:
        self._resolvers = dict(resolvers or {})

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(self._resolvers)

    async def resolve(self, db: Connection, person_id: UUID, targets: Iterable[Target]) -> dict[Target, Referent]:
        """Those of `targets` that are there, each kind asked once."""
        wanted: dict[str, set[UUID]] = {}
        for kind, id in targets:
            if kind in self._resolvers:
                wanted.setdefault(kind, set()).add(id)
        found: dict[Target, Referent] = {}
        for kind, ids in wanted.items():
            there = await self._resolvers[kind](db, person_id, ids)
            found |= {(kind, id): each for id, each in there.items()}
        return found


@dataclass(frozen=True, slots=True)
class Grantable:
    """What a patient may open to a doctor: single resources, each found by its resolver, and whole kinds of them."""

    resources: ReferenceResolvers = field(default_factory=ReferenceResolvers)
    types: frozenset[str] = frozenset()
