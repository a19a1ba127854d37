"""Who stands at a door; and people of the demo country as the state's registers know them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from esoz.kernel.db import Page, Paged
from esoz.kernel.spelling import plain_name


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the telephone or the session; their key is not here."""

    tax_id: str  # РНОКПП, or what stands in its place in the key of who has none
    name: str
    papers: Mapping[str, Any] | None = None  # what the state's registers know; None when nothing
    is_shown: bool = False

    @property
    def id(self) -> UUID:
        return id_of(self.tax_id)

    @property
    def organisation(self) -> str:
        return ""

    @property
    def roles(self) -> frozenset[str]:
        return frozenset()

    @property
    def first_name(self) -> str:
        return str(self.papers["first_name"]) if self.papers else self.name

    @property
    def phone(self) -> str:
        return str(self.papers["phone"]) if self.papers else ""


def id_of(tax_id: str) -> UUID:
    return uuid5(NAMESPACE_OID, f"holder {tax_id}")


class Holders:
    """The people of demo.json who have a key, read anew when the file changes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at: float | None = None
        self._known: dict[UUID, Holder] = {}

    def find(self, id: UUID) -> Holder | None:
        return self._all().get(id)

    def by_tax_id(self, tax_id: str) -> Holder | None:
        return self.find(id_of(tax_id))

    def search(self, words: str, page: Page) -> Paged:
        """Those whose name or number has all the words; who is shown by name in the demo comes first."""
        wanted = plain_name(words).split()
        found = [each for each in self._all().values() if all(word in _searched(each) for word in wanted)]
        page = page.within(len(found))
        return Paged(found[page.offset : page.offset + page.size], page, len(found))

    def _all(self) -> Mapping[UUID, Holder]:
        try:
            changed_at = self._file.stat().st_mtime
        except FileNotFoundError:
            return {}
        if changed_at != self._read_at:
            found = sorted(map(_holder, rows_with_keys(self._file)), key=lambda each: (not each.is_shown, each.name))
            known: dict[UUID, Holder] = {}
            for each in found:
                known.setdefault(each.id, each)  # who works at two places has two rows and one key
            self._known = known
            self._read_at = changed_at
        return self._known


def rows_with_keys(file: Path) -> Sequence[Mapping[str, Any]]:
    """The rows of demo.json about people who can sign."""
    rows: Sequence[Mapping[str, Any]] = json.loads(file.read_text("utf-8"))["people"]
    return [row for row in rows if row["key_file"] and row["tax_id"]]


def _holder(row: Mapping[str, Any]) -> Holder:
    return Holder(tax_id=row["tax_id"], name=row["name"], papers=row.get("papers"), is_shown=bool(row["shown"]))


def _searched(holder: Holder) -> str:
    return f"{plain_name(holder.name)} {holder.tax_id}"
