"""Signed documents in a folder are for the user alone whose process keeps them."""

import os
import stat
from pathlib import Path

import pytest

from esoz.kernel.objects import Objects


def modes(folder: Path) -> set[tuple[bool, int]]:
    return {(path.is_dir(), path.stat().st_mode & 0o777) for path in [folder, *folder.rglob("*")]}


async def test_kept_then_600_in_700_whatever_the_process_makes_otherwise(tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    folder.mkdir(mode=0o755)  # of an earlier release
    objects = Objects.at(folder)
    names = [await objects.keep("a/b/c", content) for content in (b"one", b"two", b"one")]
    assert len(set(names)) == 2
    assert modes(folder) == {(True, 0o700), (False, 0o600)}
    assert await Objects.at(folder).read(names[0]) == b"one"


async def test_in_memory_then_nothing_is_written(tmp_path: Path) -> None:
    objects = Objects.in_memory()
    assert await objects.read(await objects.keep("a/b", b"one")) == b"one"


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> set[tuple[int, int]]:
    """What the disk has for certain: the files and folders that were asked for by fsync."""
    found: set[tuple[int, int]] = set()

    def fsync(descriptor: int) -> None:
        found.add(identity(os.fstat(descriptor)))

    monkeypatch.setattr(os, "fsync", fsync)
    return found


def identity(of: os.stat_result) -> tuple[int, int]:
    return of.st_ino, of.st_size if stat.S_ISREG(of.st_mode) else 0


async def test_kept_then_on_the_disk_with_its_name_also_when_another_has_just_written_it(
    tmp_path: Path, on_disk: set[tuple[int, int]]
) -> None:
    for _ in range(2):
        name = await Objects.at(tmp_path).keep("a/b", b"one")
        places = [tmp_path, tmp_path / "a", tmp_path / "a/b", tmp_path / name]
        assert {identity(place.stat()) for place in places} <= on_disk
        on_disk.clear()


async def test_only_a_part_was_on_the_disk_when_the_power_went_then_kept_whole(tmp_path: Path) -> None:
    objects = Objects.at(tmp_path)
    name = await objects.keep("a", b"the whole")
    (tmp_path / name).write_bytes(b"the")
    assert await objects.keep("a", b"the whole") == name
    assert await objects.read(name) == b"the whole"
    assert modes(tmp_path / "a") == {(True, 0o700), (False, 0o600)}
