"""The authorities that are trusted and the hosts that may be asked, as a folder says: read anew when it changes."""

import time
from collections.abc import Callable
from pathlib import Path

from esoz.kernel import logs
from esoz.signature import SignatureError, TrustList

from .hosts import Hosts

LOOK_SECONDS = 5.0


class TrustFolder:
    """A folder that the operator may change while we run: an authority renews its certificate over night.

    A folder that cannot be read when it has changed is an alarm, and what was read before stands.
    """

    def __init__(self, folder: Path, more_hosts: str = "", monotonic: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._more_hosts, self._monotonic = folder, more_hosts, monotonic
        self._seen, self._looked_at = _state_of(folder), monotonic()
        self._trust, self._hosts = self._read()

    @property
    def trust(self) -> TrustList:
        self._look()
        return self._trust

    @property
    def hosts(self) -> Hosts:
        self._look()
        return self._hosts

    def _look(self) -> None:
        if self._monotonic() - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = self._monotonic()
        try:
            seen = _state_of(self._folder)
            if seen == self._seen:
                return
            self._seen = seen
            self._trust, self._hosts = self._read()
        except (SignatureError, ValueError, OSError) as fault:
            logs.alarm("the trust list cannot be read, the one of before stands", fault, folder=str(self._folder))
            return
        logs.info("the trust list was read anew", authorities=len(self._trust.certificates))

    def _read(self) -> tuple[TrustList, Hosts]:
        return _trusted(self._folder), Hosts.of(self._folder, self._more_hosts)


def _trusted(folder: Path) -> TrustList:
    """The authorities of a folder.

    In an empty one nobody is trusted: registers can be taken in, no signature passes.
    """
    if folder.is_dir() and not any(folder.iterdir()):
        logs.warning("the trust list is empty: every signature will be refused", folder=str(folder))
        return TrustList([])
    return TrustList.from_folder(folder)


def _state_of(folder: Path) -> frozenset[tuple[str, int, int]]:
    """By what a change is noticed: names, times, sizes."""
    if not folder.is_dir():
        return frozenset()
    stats = [(file.name, file.stat()) for file in folder.iterdir() if file.is_file()]
    return frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
