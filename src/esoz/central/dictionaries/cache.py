"""Dictionaries in the memory of a process: asked for every body, read again only after a change."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from esoz.kernel.db import Connection, Database
from esoz.kernel.periodic import Periodic

from . import store

CHECK_SECONDS = 1.0


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
