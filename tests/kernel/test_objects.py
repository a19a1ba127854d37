"""Objects in a folder are for the user alone whose process keeps them, and on the disk when they are said to be."""

import errno
import os
import stat
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from esoz.kernel import logs, objects
from esoz.kernel.errors import NotFound, StoreUnavailable
from esoz.kernel.objects import Objects


def modes(folder: Path) -> set[tuple[bool, int]]:
    return {(path.is_dir(), path.stat().st_mode & 0o777) for path in [folder, *folder.rglob("*")]}


async def test_put_then_600_in_700_whatever_the_process_makes_otherwise(tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    folder.mkdir(mode=0o755)  # of an earlier release
    await Objects.at(folder).put({"a/b/c": b"one", "a/d": b"two"})
    await Objects.at(folder).put({"a/b/c": b"one"})
    assert modes(folder) == {(True, 0o700), (False, 0o600)}
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2
    assert await Objects.at(folder).read("a/b/c") == b"one"


@pytest.mark.parametrize("kept", ["folder", "memory"])
async def test_deleted_then_not_found_and_what_is_not_there_is_no_fault(tmp_path: Path, kept: str) -> None:
    objects = Objects.at(tmp_path) if kept == "folder" else Objects.in_memory()
    await objects.put({"a/b": b"one", "a/c": b"two"})
    for _ in range(2):
        await objects.delete(["a/b", "a/d"])
    with pytest.raises(NotFound):
        await objects.read("a/b")
    assert await objects.read("a/c") == b"two"


async def test_many_deleted_in_a_bucket_then_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store has ten seconds for an act; hundreds of scans one after the other would never be done."""
    asked: list[object] = []

    async def delete(_store: object, names: object) -> None:
        asked.append(names)

    monkeypatch.setattr("obstore.delete_async", delete)
    await Objects.in_memory().delete(["a/b", "a/c"])
    assert asked == [["a/b", "a/c"]]


async def test_in_memory_then_the_same_without_a_folder() -> None:
    objects = Objects.in_memory()
    for _ in range(2):
        await objects.put({"a/b": b"one"})
    assert await objects.read("a/b") == b"one"
    with pytest.raises(NotFound):
        await objects.read("a/c")


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


async def test_put_then_on_the_disk_with_its_name(tmp_path: Path, on_disk: set[tuple[int, int]]) -> None:
    for _ in range(2):
        await Objects.at(tmp_path).put({"a/b/c": b"one", "d": b"two"})
        places = [tmp_path, *tmp_path.rglob("*")]
        assert len(places) == 5
        assert {identity(place.stat()) for place in places} <= on_disk
        on_disk.clear()


async def test_the_disk_is_full_then_unavailable_and_no_part_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    objects = Objects.at(tmp_path)
    with monkeypatch.context() as patch, pytest.raises(StoreUnavailable):
        patch.setattr(os, "fsync", fsync)
        await objects.put({"a/b": b"one"})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    await objects.put({"a/b": b"one"})
    assert await objects.read("a/b") == b"one"


async def test_only_a_part_was_there_then_made_whole(tmp_path: Path) -> None:
    objects = Objects.at(tmp_path)
    await objects.put({"a/b": b"the whole"})
    (tmp_path / "a/b").write_bytes(b"the")
    await objects.put({"a/b": b"the whole"})
    assert await objects.read("a/b") == b"the whole"


async def test_the_folder_is_away_then_unavailable_and_never_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    objects = Objects.at(folder)
    await objects.put({"a": b"1"})
    folder.rename(folder.with_name("elsewhere"))
    acts: list[Callable[[], Awaitable[object]]] = [lambda: objects.put({"a": b"2"}), lambda: objects.read("a")]
    for act in acts:
        with pytest.raises(StoreUnavailable) as caught:
            await act()
        assert caught.value.headers["Retry-After"] == "30"
    assert not folder.exists()


async def test_the_store_is_away_and_asked_each_second_then_one_alarm_for_each_act(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms = list[object]()
    monkeypatch.setattr(logs, "alarm", lambda *_, act: alarms.append(act))
    objects = Objects.at(tmp_path / "objects")
    (tmp_path / "objects").rename(tmp_path / "elsewhere")
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            await objects.put({"a": b"1"})
        with pytest.raises(StoreUnavailable):
            await objects.read("a")
        with pytest.raises(StoreUnavailable):
            await objects.delete(["a"])
    assert alarms == ["put", "read", "delete"]


async def test_the_disk_hangs_then_unavailable_each_time_and_one_thread_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lets, waiting = threading.Event(), list[int]()

    def fsync(_: int) -> None:
        waiting.append(threading.get_ident())
        lets.wait()

    store = Objects.at(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        patch.setattr(objects, "LONGEST_SECONDS", 0.05)
        for _ in range(3):
            with pytest.raises(StoreUnavailable):
                await store.put({"a": b"1"})
        hung = len(waiting)
        lets.set()
    assert hung == 1
    await store.put({"b": b"2"})
    assert await store.read("b") == b"2"


async def test_the_folder_takes_no_files_then_unavailable(tmp_path: Path) -> None:
    objects = Objects.at(tmp_path)
    (tmp_path / "a").write_bytes(b"a file where a folder should be")
    with pytest.raises(StoreUnavailable):
        await objects.put({"a/b": b"2"})


async def test_not_there_then_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        await Objects.at(tmp_path).read("a/b")
