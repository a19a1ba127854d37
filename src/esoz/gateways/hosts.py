"""Which hosts may be asked about certificates: those of the trust list's configuration, and no others."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from esoz.kernel.payload import UNREADABLE

CONFIGURATION = "CAs.json"
_PORTS = {"http": 80, "https": 443}
# Pairs of address and port in CAs.json, the file that Ukrainian signing programs come with.
_PLACES = (
    ("address", ""),
    ("ocspAccessPointAddress", "ocspAccessPointPort"),
    ("cmpAddress", "cmpPort"),
    ("tspAddress", "tspAddressPort"),
)


class Hosts:
    """A list of host and port. Certificates name addresses, but only the operator says whom we talk to."""

    def __init__(self, allowed: Iterable[tuple[str, int]]) -> None:
        self._allowed = frozenset(allowed)
        self._names = frozenset(host for host, _ in self._allowed)

    @classmethod
    def of(cls, folder: Path, more: str) -> "Hosts":
        """Those of FOLDER/CAs.json, when it is there, and of a text `host:port, host`. ValueError: unreadable."""
        file = folder / CONFIGURATION
        try:
            rows = msgspec.json.decode(file.read_bytes(), type=list[dict[str, Any]]) if file.is_file() else []
        except UNREADABLE as fault:
            raise ValueError(f"{file} is not a list of authorities: {fault}") from fault
        found = [place for row in rows for place in _places(row)]
        return cls([*found, *(_place(text, "") for text in more.split(",") if text.strip())])

    def allow(self, url: str) -> bool:
        """Whether this very host and port are on the list."""
        return _place_of(url) in self._allowed

    def allow_after(self, url: str) -> bool:
        """Whether a host that may be asked may lead there: to one on the list, or from http to https of the same."""
        host, port = _place_of(url)
        return (host, port) in self._allowed or (host in self._names and port in _PORTS.values())


def _place_of(url: str) -> tuple[str, int]:
    """Host and port of an address; an empty host when it is none that may be asked."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return "", 0
    if parts.scheme not in _PORTS or parts.username is not None or parts.password is not None:
        return "", 0
    return (parts.hostname or "").lower(), port


def _places(row: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    return (_place(str(row[name]), str(row.get(port) or "")) for name, port in _PLACES if row.get(name))


def _place(address: str, port: str) -> tuple[str, int]:
    """`acskidd.gov.ua/services/ocsp/` and 80, `http://host`, `host:8080`: host and port."""
    text = address.strip()
    parts = urlsplit(text if "://" in text else f"http://{text}")
    return (parts.hostname or "").lower(), parts.port or int(port or _PORTS.get(parts.scheme, 80))
