"""The data folder is deleted under load: what was acknowledged comes back; and the database as it was at a moment."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from esoz.keeping import backups, restoring
from esoz.keeping.model import PART, Archive, Base, base_for, bases_in, read_moment
from esoz.keeping.restoring import NotRestored
from esoz.kernel.postgres import Embedded, embedded
from tests.conftest import VAR
from tests.journeys.conftest import free_port

PATIENCE = 60.0
WRITERS = 4
ARCHIVING = """
import sys
from pathlib import Path
from esoz.keeping import archiving
from esoz.keeping.model import Archive
from esoz.kernel.postgres import embedded

var, port, archive = sys.argv[1:]
up = Path(var) / "up"
archiving.run(embedded(Path(var), int(port)), Archive(Path(archive)), up.touch, waits=True)
"""


class Place:
    """A server of its own, its archive, and the program between them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.archive = Archive(folder / "archive")
        self.server: Embedded = embedded(folder, self.port)
        self.archiver: subprocess.Popen[bytes] | None = None

    def begin_archiving(self) -> None:
        (self.folder / "up").unlink(missing_ok=True)
        command = [sys.executable, "-c", ARCHIVING, str(self.folder), str(self.port), str(self.archive.folder)]
        self.archiver = subprocess.Popen(command)
        until((self.folder / "up").exists)

    def end_archiving(self, number: int = signal.SIGTERM) -> int:
        assert self.archiver is not None
        self.archiver.send_signal(number)
        return self.archiver.wait(PATIENCE)

    def lose(self) -> None:
        """The machine is gone: the server, its data, and the program that took the changes."""
        postmaster = int((self.server.data / "postmaster.pid").read_text().split()[0])
        for pid in (postmaster, *children(postmaster)):
            os.kill(pid, signal.SIGKILL)
        self.end_archiving(signal.SIGKILL)
        shutil.rmtree(self.server.data)

    async def execute(self, statement: str, *values: object) -> None:
        connection = await asyncpg.connect(self.server.url("postgres"))
        try:
            await connection.execute(statement, *values)
        finally:
            await connection.close()

    async def numbers(self) -> set[int]:
        connection = await asyncpg.connect(self.server.url("postgres"))
        try:
            return {row["number"] for row in await connection.fetch("select number from written")}
        finally:
            await connection.close()


def children(parent: int) -> list[int]:
    """Processes that a process has started; on systems without /proc they end by themselves a little later."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def place() -> Iterator[Place]:
    folder = VAR / f"keeping-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found = Place(folder)
    found.server.start()
    yield found
    if found.archiver is not None and found.archiver.poll() is None:
        found.end_archiving(signal.SIGKILL)
    found.server.stop()
    shutil.rmtree(folder)


async def write(place: Place, first: int, acknowledged: set[int]) -> None:
    """Rows, one commit each, until the server is gone; what it has answered is written down."""
    connection = await asyncpg.connect(place.server.url("postgres"))
    number = first
    while True:
        await connection.execute("insert into written values ($1)", number)
        acknowledged.add(number)
        number += WRITERS


async def test_all_is_lost_under_load_then_everything_acknowledged_comes_back(place: Place) -> None:
    await place.execute("create table written (number bigint primary key)")
    place.begin_archiving()
    await asyncio.to_thread(backups.copy, place.server, place.archive)
    acknowledged: set[int] = set()
    writers = [asyncio.create_task(write(place, first, acknowledged)) for first in range(WRITERS)]
    await asyncio.sleep(1.5)
    await asyncio.to_thread(place.lose)
    await asyncio.gather(*writers, return_exceptions=True)
    assert len(acknowledged) > 50 * WRITERS
    began = time.monotonic()
    base = await asyncio.to_thread(restoring.restore, place.server, place.archive, None, None)
    seconds = time.monotonic() - began
    found = await place.numbers()
    assert acknowledged - found == set()
    assert len(found - acknowledged) <= WRITERS  # written, and the answer was lost with the server
    print(f"restored {sum(each.stat().st_size for each in base.folder.rglob('*')) >> 20} MB in {seconds:.1f} s")
    await place.execute("insert into written values (-1)")  # it takes changes again


async def test_to_a_moment_then_nothing_behind_it_and_a_moment_that_was_not_yet_is_refused(place: Place) -> None:
    await place.execute("create table written (number bigint primary key)")
    place.begin_archiving()
    await asyncio.to_thread(backups.copy, place.server, place.archive)
    await place.execute("insert into written values (1)")
    moment = datetime.now(UTC)
    await asyncio.sleep(0.05)
    await place.execute("insert into written values (2)")
    await asyncio.to_thread(place.lose)
    with pytest.raises(NotRestored, match="gave up"):
        await asyncio.to_thread(restoring.restore, place.server, place.archive, moment + timedelta(days=1), None)
    shutil.rmtree(place.server.data)
    await asyncio.to_thread(restoring.restore, place.server, place.archive, moment, None)
    assert await place.numbers() == {1}
    with pytest.raises(NotRestored, match="move it away first"):
        restoring.restore(place.server, place.archive, moment, None)


async def test_archiving_ends_in_order_then_commits_wait_for_nobody(place: Place) -> None:
    place.begin_archiving()
    assert await asyncio.to_thread(place.end_archiving) == 0
    async with asyncio.timeout(10):
        await place.execute("create table written (number bigint)")


async def test_archiving_dies_then_commits_wait_until_it_is_back(place: Place) -> None:
    await place.execute("create table written (number bigint)")
    place.begin_archiving()
    await asyncio.to_thread(place.end_archiving, signal.SIGKILL)
    writing = asyncio.create_task(place.execute("insert into written values (1)"))
    done, _ = await asyncio.wait([writing], timeout=1)
    assert not done
    await asyncio.to_thread(place.begin_archiving)
    async with asyncio.timeout(PATIENCE):
        await writing


class TestBases:
    def test_newest_that_is_not_newer_than_the_moment(self) -> None:
        names = ["2026-12-01T10-00-00Z", "2026-12-02T10-00-00Z", f"2026-12-03T10-00-00Z{PART}", "notes.txt"]
        bases = bases_in(Path(name) for name in names)
        assert [each.folder.name for each in bases] == [names[1], names[0]]
        noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
        assert base_for(bases, noon) == bases[1]
        assert base_for(bases, None) == bases[0]
        assert base_for(bases, noon - timedelta(hours=3)) is None

    def test_only_the_newest_are_kept_and_nothing_broken_off(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path)
        for day in range(1, 6):
            (archive.bases / f"2026-12-0{day}T10-00-00Z").mkdir(parents=True)
        (archive.bases / f"2026-12-06T10-00-00Z{PART}").mkdir()
        gone = backups.forget(archive, 2)
        assert [each.ended.day for each in gone] == [3, 2, 1]
        assert sorted(path.name for path in archive.bases.iterdir()) == ["2026-12-04T10-00-00Z", "2026-12-05T10-00-00Z"]
        assert backups.listed(archive) == [Base(each.folder, each.ended) for each in backups.listed(archive)]

    @pytest.mark.parametrize("text", ["yesterday", "2026-12-01T10:30:00", "2026-13-01T10:30:00+02:00"])
    def test_moment_without_a_zone_or_none_then_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            read_moment(text)


def test_documents_are_copied_once_and_never_in_part(tmp_path: Path) -> None:
    source, target = tmp_path / "objects", tmp_path / "archive"
    (source / "packages").mkdir(parents=True)
    (source / "packages" / "a").write_bytes(b"one")
    (source / "packages" / ".b.writing").write_bytes(b"half")
    assert backups.copy_objects(source, target) == 1
    (source / "packages" / "c").write_bytes(b"two")
    assert backups.copy_objects(source, target) == 1
    assert sorted(path.name for path in (target / "packages").iterdir()) == ["a", "c"]
    assert backups.copy_objects(tmp_path / "none", target) == 0
