"""Keys of the people of the demo country: issued by the test trust centre, written as files."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from esoz.gateways.hosts import CONFIGURATION
from esoz.kernel.clock import Clock, SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Work
from esoz.signature import write_jks
from esoz.trust_centre import (
    Centre,
    CertificateOrder,
    Family,
    Reason,
    configuration,
    dependencies_of,
    issue,
    open_centre,
    revoke,
    write_audit,
)
from esoz.trust_centre import Identity as CertifiedIdentity

from .country import KEY_PASSWORD, SEAL_EDRPOU, SEAL_FILE, SEAL_OWNER, Organisation
from .identities import Identity

TERM = timedelta(days=730)
SINCE = timedelta(days=30)


class KeyState(StrEnum):
    """What is the matter with a demo key: nearly all are valid, some are there to show a refusal."""

    VALID = "valid"
    REVOKED = "revoked"
    EXPIRED = "expired"


class KeyRing:
    """Issues keys in one transaction of the trust centre and writes them as files."""

    def __init__(self, work: Work, centre: Centre, files: Path) -> None:
        self._work, self._centre, self._files = work, centre, files
        files.mkdir(parents=True, exist_ok=True)

    @property
    def today(self) -> date:
        return self._work.today

    async def issue(
        self,
        person: Identity,
        name: str,
        *,
        organisation: Organisation | None = None,
        title: str = "",
        state: KeyState = KeyState.VALID,
    ) -> Path:
        """A key for a person (of an organisation), as a JKS file; its path."""
        identity = CertifiedIdentity(
            surname=person.last_name,
            given_name=f"{person.first_name} {person.second_name}",
            drfo=person.tax_id,
            unzr=person.unzr,
            organization=organisation.name if organisation else "",
            edrpou=organisation.edrpou if organisation else "",
            title=title,
        )
        start, end = _term(state, self._work.now)
        order = CertificateOrder(family=Family.GOST, identity=identity, valid_from=start, valid_to=end)
        record, issued = await issue(self._work, self._centre, order)
        if state is KeyState.REVOKED:
            await revoke(self._work, self._centre, record.id, Reason.KEY_COMPROMISE)
        path = self._files / f"{_plain(name)}.jks"
        path.write_bytes(write_jks(issued.key, issued.chain, KEY_PASSWORD))
        return path

    async def issue_seal(self) -> Path:
        """The seal of central, which signs where the audit log stands; the one that is there stays."""
        path = self._files / SEAL_FILE
        if not path.exists():
            identity = CertifiedIdentity(organization=SEAL_OWNER, edrpou=SEAL_EDRPOU, is_seal=True)
            start, end = _term(KeyState.VALID, self._work.now)
            order = CertificateOrder(family=Family.GOST, identity=identity, valid_from=start, valid_to=end)
            _record, issued = await issue(self._work, self._centre, order)
            path.write_bytes(write_jks(issued.key, issued.chain, KEY_PASSWORD))
        return path


def _term(state: KeyState, now: datetime) -> tuple[datetime, datetime]:
    end = now - timedelta(days=1) if state is KeyState.EXPIRED else now - SINCE + TERM
    return end - TERM, end


class Office:
    """The trust centre while the sandbox is prepared: its database, before its process runs."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings, self._database, self._clock = settings, database, clock

    async def establish(self, random: Callable[[int], bytes]) -> None:
        """Make the centre, and let the processes of this installation trust it."""
        self._centre = await open_centre(self._database, self._clock, self._settings, random=random)
        trust = self._settings.folder("ESOZ_TRUST", "trust")
        trust.mkdir(parents=True, exist_ok=True)
        for place, certificate in enumerate((*self._centre.certificates, *self._centre.services)):
            (trust / f"sandbox-{place}.cer").write_bytes(certificate.der)
        # Whom the verifier may ask about revocation: the hosts of this file.
        (trust / CONFIGURATION).write_bytes(configuration(self._centre))

    @asynccontextmanager
    async def keys(self) -> AsyncIterator[KeyRing]:
        """Many keys in one transaction: all of them are in the register, or none."""
        async with self._database.transaction() as db:
            work = Work(NOBODY, self._clock.now(), db, dependencies_of(self._centre, self._settings))
            yield KeyRing(work, self._centre, self._settings.var / "keys")
            await write_audit(work, "sandbox")


@asynccontextmanager
async def trust_office(settings: Settings, random: Callable[[int], bytes]) -> AsyncIterator[Office]:
    """The office, open; the centre is established when it was not."""
    database = Database(database_url(settings, "trust_centre"), size=1)
    await database.open()
    try:
        office = Office(settings, database, SystemClock())
        await office.establish(random)
        yield office
    finally:
        await database.close()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")
