"""Every document that the database names is read and compared with its name; the archive has it too."""

import hashlib
from pathlib import Path

import pytest

from esoz.keeping.checking import check
from esoz.kernel import documents
from esoz.kernel.db import Connection
from esoz.kernel.errors import StoreUnavailable
from esoz.kernel.objects import Objects
from esoz.kernel.settings import Settings


def name_of(content: bytes) -> str:
    return f"packages/{hashlib.sha256(content).hexdigest()}"


async def test_missing_and_changed_then_told_by_name_and_what_waits_is_no_fault(
    db: Connection,
) -> None:
    objects = Objects.in_memory()
    before = await check(db, objects)
    await db.execute("create table told_of (signed_document text)")
    whole, changed, missing = (name_of(each) for each in (b"whole", b"changed", b"missing"))
    await objects.put({whole: b"whole", changed: b"otherwise"})
    waiting = await documents.keep(db, "packages", b"waits for the store")
    for name in (whole, whole, changed, missing, waiting):
        await db.execute("insert into told_of values ($1)", name)
    found = await check(db, objects)
    assert found.count == before.count + 3
    assert found.changed == [changed]
    assert [name for name in found.missing if name not in before.missing] == [missing]


async def test_archive_then_an_object_is_in_both_before_it_counts(tmp_path: Path) -> None:
    objects = Objects.of(Settings({"ESOZ_VAR": str(tmp_path / "var"), "ESOZ_ARCHIVE": str(tmp_path / "archive")}))
    await objects.put({"packages/a": b"one"})
    places = [tmp_path / "var" / "objects", tmp_path / "archive" / "objects"]
    assert [(place / "packages" / "a").read_bytes() for place in places] == [b"one", b"one"]
    (tmp_path / "archive" / "objects").rename(tmp_path / "away")
    with pytest.raises(StoreUnavailable):
        await objects.put({"packages/b": b"two"})
    assert not (tmp_path / "var" / "objects" / "packages" / "b").exists()
    (tmp_path / "away").rename(tmp_path / "archive" / "objects")
    await objects.delete(["packages/a"])
    assert [(place / "packages" / "a").exists() for place in places] == [False, False]


async def test_without_an_archive_then_in_one_place(tmp_path: Path) -> None:
    objects = Objects.of(Settings({"ESOZ_VAR": str(tmp_path)}))
    await objects.put({"packages/a": b"one"})
    assert [path.name for path in tmp_path.iterdir()] == ["objects"]
