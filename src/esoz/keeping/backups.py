"""Base copies of the embedded database, and documents beside them."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from esoz.kernel.postgres import Embedded

from .model import PART, Archive, Base, bases_in, name_of


def listed(archive: Archive) -> list[Base]:
    """Whole copies, the newest first."""
    return bases_in(archive.bases.iterdir()) if archive.bases.is_dir() else []


def copy(server: Embedded, archive: Archive) -> Base:
    """Make a base copy while the server works, and check every file of it. Raises RuntimeError, OSError.

    A copy that was broken off has another name, and is never taken for one.
    """
    server.own(archive.folder)
    server.own(archive.bases)
    part = archive.bases / f"{name_of(datetime.now(UTC))}{PART}"
    reach = ("-h", str(server.home), "-p", str(server.port), "-U", "esoz")
    server.run(
        "pg_basebackup", *reach, "-D", str(part), "--checkpoint=fast", "--wal-method=stream", "--no-password",
        "--manifest-checksums=SHA256",
    )  # fmt: skip
    server.run("pg_verifybackup", str(part))
    ended = datetime.now(UTC)
    whole = part.with_name(name_of(ended))
    part.rename(whole)
    return Base(whole, ended.replace(microsecond=0))


def forget(archive: Archive, keep: int) -> list[Base]:
    """Delete all copies but the newest ones, and what was broken off; what was deleted."""
    old = listed(archive)[keep:]
    for each in old:
        shutil.rmtree(each.folder)
    for path in archive.bases.glob(f"*{PART}"):
        shutil.rmtree(path)
    return old


def copy_objects(source: Path, target: Path) -> int:
    """Copy documents that are not there yet; how many. They are named by their content and never change.

    Call after the base copy: whatever it names is in the store by then.
    """
    count = 0
    for path in _files(source):
        there = target / path.relative_to(source)
        if there.exists():
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        beside = there.with_name(f".{there.name}{PART}")
        shutil.copyfile(path, beside)
        beside.replace(there)
        count += 1
    return count


def _files(folder: Path) -> Iterator[Path]:
    """Objects; files that are only being written begin with a dot."""
    if folder.is_dir():
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
