"""Dictionaries in the memory of a process: asked for every body, read again only after a change."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

import msgspec

from esoz.kernel.db import Connection, Database
from esoz.kernel.periodic import Periodic
from esoz.kernel.prepared import Prepared

from . import store
from .model import Dictionary, DictionaryFilter, Value

CHECK_SECONDS = 1.0
MOST_PREPARED = 32  # answers kept ready; the one made first goes first

Render: TypeAlias = Callable[[Sequence[Dictionary], Mapping[str, Sequence[Value]]], object]


@dataclass(frozen=True, slots=True)
class _Loaded:
    version: int
    codes: Mapping[str, frozenset[str]]
    descriptions: Mapping[str, Mapping[str, str]]


_EMPTY = _Loaded(0, {}, {})


class Dictionaries:
    """All dictionaries of the database; an edit reaches every process within about a second.

    The system of 2019 needed a restart for that (DI-2), so here a version row is compared.
    """

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._loaded = _EMPTY
        self._monotonic = monotonic
        self._checked = float("-inf")

    @property
    def version(self) -> int:
        """Grows with every change; 0 before the first load."""
        return self._loaded.version

    def codes(self, name: str) -> frozenset[str] | None:
        """The codes in use; None when nothing is known of the dictionary: then nothing is refused.

        Of a dictionary that is carried in part every code is taken that has the form of its standard; without a
        known form, every code. Import the whole register, and unknown codes are refused.
        """
        return self._loaded.codes.get(name)

    def describe(self, name: str, code: str) -> str | None:
        """The words of a code, also of one no longer in use; None when unknown."""
        return self._loaded.descriptions.get(name, {}).get(code)

    async def load(self, db: Connection) -> None:
        """Read the dictionaries when they differ from what is in memory."""
        version = await store.version(db)
        self._checked = self._monotonic()
        if version != self._loaded.version:
            codes, descriptions = await store.everything(db)
            self._loaded = _Loaded(version, codes, descriptions)

    async def refresh(self, db: Connection) -> None:
        """As `load`, but the version is looked at most once in CHECK_SECONDS."""
        if self._monotonic() - self._checked >= CHECK_SECONDS:
            await self.load(db)

    def watch(self, database: Database) -> Periodic:
        """What keeps them fresh beside the requests of a process."""

        async def look() -> None:
            async with database.connection() as db:
                await self.load(db)

        return Periodic("dictionaries", timedelta(seconds=CHECK_SECONDS), look)


dictionaries = Dictionaries()


class PreparedAnswers:
    """Answers with whole dictionaries: megabytes, asked by every MIS each morning, changed once a month."""

    def __init__(self) -> None:
        self._kept: dict[object, tuple[str, Prepared]] = {}
        self._turn = asyncio.Lock()

    async def of(self, db: Connection, filters: DictionaryFilter, form: str, render: Render) -> Prepared:
        """The answer to these filters as it is today, rendered anew after a change: once, beside the loop."""
        state, key = await store.state(db), (form, filters)
        kept = self._kept.get(key)
        if kept is not None and kept[0] == state:
            return kept[1]
        async with self._turn:
            kept = self._kept.get(key)
            if kept is not None and kept[0] == state:
                return kept[1]
            found = await store.dictionaries(db, filters)
            values = await store.values(db, [each.name for each in found], filters)
            prepared = await asyncio.to_thread(lambda: Prepared.of(msgspec.json.encode(render(found, values))))
            self._keep(key, state, prepared)
        return prepared

    def _keep(self, key: object, state: str, prepared: Prepared) -> None:
        self._kept.pop(key, None)
        while len(self._kept) >= MOST_PREPARED:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (state, prepared)


prepared_answers = PreparedAnswers()
