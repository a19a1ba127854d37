"""Words for the codes that are shown, as central's dictionaries tell them; kept in memory."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from esoz.kernel.pages.display import in_print
from esoz.sdk import Central

NAMES = (
    "DOCUMENT_TYPE",
    "GENDER",
    "MEDICATION_REQUEST_REJECT_REASON",
    "PHONE_TYPE",
    "POSITION",
    "SETTLEMENT_TYPE",
    "SPECIALITY_TYPE",
    "STREET_TYPE",
)
STALE = timedelta(hours=12)


class Dictionaries:
    """Code → words. Until central has told them the codes themselves are shown."""

    def __init__(self) -> None:
        self._words: dict[str, Mapping[str, str]] = {}
        self._refreshed_at: datetime | None = None

    def describe(self, name: str, code: str) -> str:
        """The words of a code; the code itself when it is not known."""
        return self._words.get(name, {}).get(code, code)

    async def refresh(self, central: Central, now: datetime) -> None:
        """Ask central again when the words are old. Raises CentralError."""
        if self._refreshed_at is not None and now - self._refreshed_at < STALE:
            return
        for name in NAMES:
            answer = await central.get("/api/v2/dictionaries", name=name)
            for item in answer.rows():
                self._words[item["name"]] = dict(_flat(item.get("values") or ()))
        self._refreshed_at = now


def _flat(values: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for value in values:
        yield value["code"], in_print(value["description"])
        yield from _flat(value.get("child_values") or ())
