"""What central's register of МІС says of this workplace: the last answer, in memory, and what follows from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from esoz.kernel.versions import is_older, version_key

from .support import Support


class Standing(StrEnum):
    """What is not as it should be."""

    BLOCKED = "blocked"
    DISCONNECTED = "disconnected"
    UNSUPPORTED = "unsupported"  # older than the oldest version that may work
    UNTESTED = "untested"  # newer than the version that was tested
    OUTDATED = "outdated"  # a newer version was tested
    UNATTESTED = "unattested"  # the certificate of protection has ended


# Central takes nothing from a system that is so.
STOPPED = frozenset({Standing.BLOCKED, Standing.DISCONNECTED})


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """The entry of this workplace. Empty texts are not in the register."""

    status: str
    version: str
    oldest_version: str
    attestation_until: date | None
    phone: str
    email: str
    hours: str
    website: str

    @property
    def support(self) -> Support:
        """Whom the vendor has told everybody to call."""
        return Support(self.phone, self.email, self.hours, self.website)


def standings(entry: RegisterEntry, installed: str, today: date) -> tuple[Standing, ...]:
    """What has to be told of the installed version; nothing when all is well. Who is stopped has no other care."""
    if entry.status in {"BLOCKED", "DISCONNECTED"}:
        return (Standing(entry.status.lower()),)
    return tuple(_faults(entry, installed, today))


def _faults(entry: RegisterEntry, installed: str, today: date) -> Iterator[Standing]:
    if is_older(installed, entry.oldest_version):
        yield Standing.UNSUPPORTED
    elif is_older(installed, entry.version):
        yield Standing.OUTDATED
    elif is_older(entry.version, installed) or _is_another(entry.version, installed):
        yield Standing.UNTESTED
    if entry.attestation_until is not None and entry.attestation_until < today:
        yield Standing.UNATTESTED


def _is_another(tested: str, installed: str) -> bool:
    """A name that is no version is another one unless it is the same; what is not told is no other."""
    return bool(tested) and version_key(tested) is None and tested != installed


class RegisterCache:
    """What was heard last, by this process or another one; None until central has answered for the first time."""

    def __init__(self) -> None:
        self.entry: RegisterEntry | None = None
        self.asked_at: datetime | None = None

    def put(self, entry: RegisterEntry, asked_at: datetime) -> None:
        self.entry, self.asked_at = entry, asked_at
