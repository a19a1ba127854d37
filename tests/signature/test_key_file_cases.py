"""The table of key files that both cores open: here the core in Python, in signer/test/key-files.test.ts the other."""

import json
from base64 import b64decode
from pathlib import Path

import pytest

from esoz.signature import Certificate, open_key_file
from esoz.signature.keys import DstuPublicKey

from .key_file_cases import TABLE, public, table

ROWS = json.loads(TABLE.read_text("utf-8"))


def test_table_is_that_of_the_cases() -> None:
    assert TABLE.read_text("utf-8") == table()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_file_opens(row: dict[str, object]) -> None:
    opened = open_key_file(b64decode(str(row["file"])), str(row["password"]))
    assert [public(entry.key) for entry in opened.entries] == row["keys"]
    assert sum(entry.certificate is not None for entry in opened.entries) == row["certified"]


class TestUnread:
    def row(self, name: str) -> bytes:
        return b64decode(next(row["file"] for row in ROWS if row["name"] == name))

    def test_key_outside_the_standard_is_told(self) -> None:
        opened = open_key_file(self.row("JKS with a key outside the standard first"), "Password1")
        assert [fault.code for fault in opened.unread] == ["unsupported"]


class TestOddCurve:
    def test_certificate_of_the_official_list_is_read(self, vectors: Path) -> None:
        key = Certificate.parse((vectors / "faults/odd-curve.cer").read_bytes()).public_key
        assert isinstance(key, DstuPublicKey)
        assert key.curve.field.m == 257
