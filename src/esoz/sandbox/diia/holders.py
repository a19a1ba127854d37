"""People of the demo country as holders of the telephone: their papers, their keys; and signing with a key."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_name
from esoz.signature import SignatureError, open_key_file, sign, sign_digest

NO_KEY = _("Дія.Підпис цієї людини не відкривається: файла ключа немає або він пошкоджений. Створіть демо заново.")


class KeyUnusable(Rejected):
    """The key file of the holder is away, or cannot be opened."""

    def __init__(self) -> None:
        super().__init__(invalid=(Invalid("$", "invalid", NO_KEY),))


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the telephone."""

    tax_id: str
    name: str
    key_file: Path
    key_password: str
    papers: Mapping[str, Any] | None = None  # what the state's registers know; None in a demo of an earlier version
    is_shown: bool = False

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE_OID, f"holder {self.tax_id}")

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

    def sign(self, content: bytes, now: datetime) -> str:
        """The document with the holder's signature, base64. Raises KeyUnusable."""
        try:
            key, certificate = open_key_file(self.key_file.read_bytes(), self.key_password).signing
            return base64.b64encode(sign(content, key, certificate, at=now)).decode()
        except (SignatureError, OSError) as fault:
            raise KeyUnusable() from fault

    def sign_digest(self, digest: bytes, now: datetime) -> str:
        """A signature apart from its document, of which the digest is known only; base64. Raises KeyUnusable."""
        try:
            key, certificate = open_key_file(self.key_file.read_bytes(), self.key_password).signing
            return base64.b64encode(sign_digest(digest, key, certificate, at=now)).decode()
        except (SignatureError, OSError, ValueError) as fault:
            raise KeyUnusable() from fault


class Holders:
    """The people of demo.json who have a key, read anew when the file changes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at: float | None = None
        self._known: dict[UUID, Holder] = {}

    def find(self, id: UUID) -> Holder | None:
        return self._all().get(id)

    def by_tax_id(self, tax_id: str) -> Holder | None:
        return next((each for each in self._all().values() if each.tax_id == tax_id), None)

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
            rows: Sequence[Mapping[str, Any]] = json.loads(self._file.read_text("utf-8"))["people"]
            found = sorted(map(_holder, filter(_has_key, rows)), key=lambda each: (not each.is_shown, each.name))
            known: dict[UUID, Holder] = {}
            for each in found:
                known.setdefault(each.id, each)  # who works at two places has two rows and one key
            self._known = known
            self._read_at = changed_at
        return self._known


def _has_key(row: Mapping[str, Any]) -> bool:
    return bool(row["key_file"] and row["tax_id"])


def _holder(row: Mapping[str, Any]) -> Holder:
    return Holder(
        tax_id=row["tax_id"],
        name=row["name"],
        key_file=Path(row["key_file"]),
        key_password=row["key_password"],
        papers=row.get("papers"),
        is_shown=bool(row["shown"]),
    )


def _searched(holder: Holder) -> str:
    return f"{plain_name(holder.name)} {holder.tax_id}"
