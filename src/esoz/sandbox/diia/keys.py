"""Keys of the people of the demo country: the telephone signs with that of its holder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.pages import mark as _
from esoz.signature import SignatureError, open_key_file, sign, sign_digest

from ..door.holders import rows_with_keys

NO_KEY = _("Дія.Підпис цієї людини не відкривається: файла ключа немає або він пошкоджений. Створіть демо заново.")


class KeyUnusable(Rejected):
    """The key file of the holder is away, or cannot be opened."""

    def __init__(self) -> None:
        super().__init__(invalid=(Invalid("$.", "invalid", NO_KEY),))  # no field is wrong


@dataclass(frozen=True, slots=True)
class Key:
    """A key file and what opens it."""

    file: Path
    password: str

    def sign(self, content: bytes, now: datetime) -> bytes:
        """The document with the signature. Raises KeyUnusable."""
        try:
            key, certificate = open_key_file(self.file.read_bytes(), self.password).signing
            return sign(content, key, certificate, at=now)
        except (SignatureError, OSError) as fault:
            raise KeyUnusable() from fault

    def sign_digest(self, digest: bytes, now: datetime) -> bytes:
        """A signature apart from its document, of which the digest is known only. Raises KeyUnusable."""
        try:
            key, certificate = open_key_file(self.file.read_bytes(), self.password).signing
            return sign_digest(digest, key, certificate, at=now)
        except (SignatureError, OSError, ValueError) as fault:
            raise KeyUnusable() from fault


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of demo.json."""

    table: Path

    def of(self, tax_id: str) -> Key:
        """Raises KeyUnusable when there is none."""
        try:
            rows = rows_with_keys(self.table)
        except FileNotFoundError as fault:
            raise KeyUnusable() from fault
        found: Mapping[str, Any] | None = next((row for row in rows if row["tax_id"] == tax_id), None)
        if found is None:
            raise KeyUnusable()
        return Key(Path(found["key_file"]), found["key_password"])
