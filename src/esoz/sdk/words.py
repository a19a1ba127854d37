"""Words for the codes that pages show, as central's dictionaries tell them; kept in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from .client import Central

STALE = timedelta(hours=12)


class Dictionaries:
    """Code → words. Until central has told them the codes themselves are shown.

    `names`: the dictionaries that are asked for; `in_print`: how words of a register are written on pages.
    """

    def __init__(self, names: Sequence[str], in_print: Callable[[str], str]) -> None:
        self._names, self._in_print = names, in_print
        self._words: dict[str, Mapping[str, str]] = {}
        self._refreshed_at: datetime | None = None

    def describe(self, name: str, code: str) -> str:
        """The words of a code; the code itself when it is not known."""
        return self._words.get(name, {}).get(code, code)

    def words(self, name: str) -> Mapping[str, str]:
        """All codes of a dictionary with their words; none until central has told them."""
        return self._words.get(name, {})

    def is_stale(self, now: datetime) -> bool:
        return self._refreshed_at is None or now - self._refreshed_at >= STALE

    def take(self, other: "Dictionaries") -> None:
        """Know what another of the same names was told."""
        self._words, self._refreshed_at = dict(other._words), other._refreshed_at

    async def refresh(self, central: Central, now: datetime) -> None:
        """Ask central again. Raises CentralError."""
        for name in self._names:
            answer = await central.get("/api/v2/dictionaries", name=name)
            for item in answer.rows():
                self._words[item["name"]] = dict(self._flat(item.get("values") or ()))
        self._refreshed_at = now

    def _flat(self, values: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
        for value in values:
            yield value["code"], self._in_print(value["description"])
            yield from self._flat(value.get("child_values") or ())
