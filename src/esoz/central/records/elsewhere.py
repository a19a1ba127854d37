"""Things that records may name and other parts of the system keep.

A part that stands above this one (prescriptions, referrals) cannot be asked from here, so it tells at the assembly of
central how its things are found: `elsewhere.keep("medication_request", finder)`. A kind that nobody keeps does not
exist, and a record that names one is refused.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import TypeAlias
from uuid import UUID

from esoz.kernel.db import Connection

from .model.documents import Target
from .model.surroundings import Outside

# (database, patient, ids) → what is there of them for this patient
Finder: TypeAlias = Callable[[Connection, UUID, Collection[UUID]], Awaitable[Mapping[UUID, Outside]]]


class Elsewhere:
    """The finders by kind of resource."""

    def __init__(self) -> None:
        self._finders: dict[str, Finder] = {}

    def keep(self, kind: str, finder: Finder) -> None:
        """Say how things of a kind are found."""
        self._finders[kind] = finder

    async def find(self, db: Connection, person_id: UUID, targets: Iterable[Target]) -> dict[Target, Outside]:
        """Those of `targets` that are there, each kind asked once."""
        wanted: dict[str, set[UUID]] = {}
        for kind, id in targets:
            if kind in self._finders:
                wanted.setdefault(kind, set()).add(id)
        found: dict[Target, Outside] = {}
        for kind, ids in wanted.items():
            there = await self._finders[kind](db, person_id, ids)
            found |= {(kind, id): each for id, each in there.items()}
        return found


elsewhere = Elsewhere()
