"""The trust centre around its requests: started and stopped as a process is, and used by the sandbox."""

import asyncio
import json
import random
from pathlib import Path

import httpx
import pytest

from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.settings import Settings
from esoz.processes import MIGRATIONS, PARTS
from esoz.sandbox.country import KEY_PASSWORD
from esoz.sandbox.identities import People
from esoz.sandbox.keys import KeyState, Office
from esoz.signature import TrustList, oids, open_key_file
from esoz.trust_centre import TrustCentre

from .conftest import BASE, NOW, SETTINGS


async def test_lives_from_start_to_end(fresh_database: Database) -> None:
    app = TrustCentre(SETTINGS, Database(fresh_database.url, size=3), FixedClock(NOW))
    told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    said: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    living = asyncio.create_task(app({"type": "lifespan"}, told.get, said.put))
    await told.put({"type": "lifespan.startup"})
    assert (await said.get())["type"] == "lifespan.startup.complete"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        assert (await client.get("/health/live")).text == "alive"
        assert (await client.get("/crl/dstu-gost.crl")).status_code == 200
        assert (await client.get("/")).status_code == 200
    async with asyncio.timeout(10):
        async with fresh_database.connection() as db:
            while await db.fetchval("select count(*) from audit_pending"):
                await asyncio.sleep(0.05)
    await told.put({"type": "lifespan.shutdown"})
    assert (await said.get())["type"] == "lifespan.shutdown.complete"
    await living


def test_is_a_part_with_a_database() -> None:
    assert "trust-centre" in PARTS
    assert MIGRATIONS["trust_centre"] == ("esoz.kernel.sql", "esoz.trust_centre.migrations")


@pytest.fixture
async def office(fresh_database: Database, clock: FixedClock, tmp_path: Path) -> Office:
    environ = {"ESOZ_SANDBOX": "1", "ESOZ_VAR": str(tmp_path), "ESOZ_TRUST_CENTRE_URL": BASE}
    made = Office(Settings(environ), fresh_database, clock)
    await made.establish(random.Random(1).randbytes)
    return made


class TestOffice:
    async def test_processes_of_the_installation_trust_the_centre(self, office: Office, tmp_path: Path) -> None:
        listed = TrustList.from_folder(tmp_path / "trust").certificates
        # Two authorities, OCSP and timestamps of each family: a token need not carry the certificate of its service.
        assert len(listed) == 12
        assert sum(oids.TIME_STAMPING in found.extended_key_usage for found in listed) == 3
        assert json.loads((tmp_path / "trust" / "CAs.json").read_text())[0]["tspAddressPort"] == "8450"
        assert TrustListVerifier.of(Settings({"ESOZ_VAR": str(tmp_path)}))

    @pytest.mark.parametrize(
        ("state", "status"), [(KeyState.VALID, "valid"), (KeyState.REVOKED, "revoked"), (KeyState.EXPIRED, "valid")]
    )
    async def test_key_of_each_state_opens_and_is_in_the_register(
        self, office: Office, fresh_database: Database, state: KeyState, status: str
    ) -> None:
        person = People(1).person(NOW.date(), (30, 40))
        async with office.keys() as keys:
            path = await keys.issue(person, "somebody", state=state)
        _, certificate = open_key_file(path.read_bytes(), KEY_PASSWORD).signing
        assert certificate.identity.drfo == person.tax_id
        assert (certificate.not_after < NOW) is (state is KeyState.EXPIRED)
        async with fresh_database.connection() as db:
            assert await db.fetchval("select status from certificates") == status
            assert await db.fetchval("select count(*) from audit_events where event = 'certificate.issued'") == 1
