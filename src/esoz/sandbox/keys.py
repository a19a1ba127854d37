"""The test trust centre of the sandbox and the key files of its people."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from esoz.signature import Authority, Issued, Subject, write_jks

from .country import KEY_PASSWORD, Organisation
from .identities import Identity

CENTRE = "Навчальний надавач довірчих послуг ЕСОЗ"
SCHEME = "dstu-gost"


class KeyRing:
    """Issues keys and writes them as files; a centre made once is used again."""

    def __init__(self, var: Path, random: Callable[[int], bytes], now: datetime) -> None:
        self._files, self._now = var / "keys", now
        folder = var / "trust-centre"

        if (folder / "authority.json").exists():
            self._authority = Authority.load(folder, random=random)
        else:
            self._authority = Authority.create(CENTRE, scheme=SCHEME, random=random, at=now - timedelta(days=800))
            self._authority.save(folder)
        trust = var / "trust"
        trust.mkdir(parents=True, exist_ok=True)
        for place, certificate in enumerate(self._authority.certificates):
            (trust / f"sandbox-{place}.cer").write_bytes(certificate.der)
        self._files.mkdir(parents=True, exist_ok=True)

    def issue(self, person: Identity, name: str, organisation: Organisation | None = None, title: str = "") -> Path:
        """A key for a person (of an organisation), as a JKS file; its path."""
        issued = self._issue(person, organisation, title)
        path = self._files / f"{_plain(name)}.jks"
        path.write_bytes(write_jks(issued.key, issued.chain, KEY_PASSWORD))
        return path

    def _issue(self, person: Identity, organisation: Organisation | None, title: str) -> Issued:
        subject = Subject(
            surname=person.last_name,
            given_name=f"{person.first_name} {person.second_name}",
            drfo=person.tax_id,
            organization=organisation.name if organisation else None,
            edrpou=organisation.edrpou if organisation else None,
            title=title or None,
        )
        start = self._now - timedelta(days=30)
        return self._authority.issue(subject, valid_from=start, valid_to=start + timedelta(days=730))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")
