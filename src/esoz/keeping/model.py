"""Where an archive keeps what, and which copy a restore begins with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

NAME = "%Y-%m-%dT%H-%M-%SZ"
SLOT = "esoz_archive"  # by which the server knows the archive, and keeps for it what it has not taken yet
PART = ".part"  # of a copy that is not whole yet


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder, best on another machine: base copies, every change since, documents."""

    folder: Path

    @property
    def bases(self) -> Path:
        return self.folder / "base"

    @property
    def changes(self) -> Path:
        return self.folder / "wal"

    @property
    def objects(self) -> Path:
        return self.folder / "objects"


@dataclass(frozen=True, slots=True)
class Base:
    """A whole copy of the database: `ended`, by which moment it is whole."""

    folder: Path
    ended: datetime


def name_of(moment: datetime) -> str:
    """The name of a copy that ended at a moment."""
    return moment.astimezone(UTC).strftime(NAME)


def bases_in(names: Iterable[Path]) -> list[Base]:
    """Copies that are whole, the newest first; other files are none of ours."""
    found = []
    for path in names:
        try:
            found.append(Base(path, datetime.strptime(path.name, NAME).replace(tzinfo=UTC)))
        except ValueError:
            continue
    return sorted(found, key=lambda each: each.ended, reverse=True)


def base_for(bases: Iterable[Base], to: datetime | None) -> Base | None:
    """The newest copy that is not newer than the wanted moment; None when there is none."""
    return next((each for each in bases if to is None or each.ended <= to), None)


def read_moment(text: str) -> datetime:
    """A moment with its zone, as 2026-12-01T10:30:00+02:00. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone, as in 2026-12-01T10:30:00+02:00")
    return moment
