"""The workplace as a whole: plumbing, background works, roles, translations, the audit log."""

import asyncio
from uuid import UUID

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.pages import translations
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies
from esoz.mis.app import SECTIONS, Mis, make_app
from esoz.sdk import Central
from tests.factories.world import API_KEY, World

from .conftest import CENTRAL_URL, MIS_URL, Browser, Consent, Wire, come_in


async def test_lives_from_start_to_end_and_fetches_dictionaries(
    mis: Mis, mis_database: Database, wire: Wire, clock: FixedClock, dependencies: Dependencies
) -> None:
    async with mis_database.connection() as db:
        await db.execute("delete from dictionaries")
    settings = Settings({"ESOZ_MIS_URL": MIS_URL, "ESOZ_CENTRAL_URL": CENTRAL_URL, "ESOZ_SECRET": "s" * 32})
    central = Central(CENTRAL_URL, api_key=API_KEY, transport=wire)
    app = make_app(settings, Database(mis_database.url, size=4), central, clock, verifier=dependencies.verifier)
    told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    said: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    living = asyncio.create_task(app({"type": "lifespan"}, told.get, said.put))
    await told.put({"type": "lifespan.startup"})
    assert (await said.get())["type"] == "lifespan.startup.complete"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=MIS_URL) as client:
        assert (await client.get("/health/live")).text == "alive"
        assert (await client.get("/health/ready")).status_code == 200
        assert "esoz_request_seconds" in (await client.get("/metrics")).text
    async with asyncio.timeout(20):
        while not app.services.dictionaries.has("GENDER", "MALE"):
            await asyncio.sleep(0.05)
    await told.put({"type": "lifespan.shutdown"})
    assert (await said.get())["type"] == "lifespan.shutdown.complete"
    await living


class TestRoles:
    async def test_a_registrar_searches_but_opens_no_queue(
        self, browser: Browser, consent: Consent, connected: World
    ) -> None:
        await come_in(browser, consent, "RECEPTIONIST", connected.registrar)
        assert "Пошук пацієнта" in browser.text
        assert "Черга синхронізації" not in browser.text
        assert (await browser.get("/sync")).status_code == 403

    async def test_a_pharmacist_opens_no_patients(self, browser: Browser, consent: Consent, connected: World) -> None:
        await come_in(browser, consent, "PHARMACIST", connected.pharmacist)
        assert (await browser.get("/patients")).status_code == 403

    @pytest.mark.parametrize("path", ["/", "/patients", "/sync", "/workplaces", "/codes?name=GENDER&q=ж", "/connect"])
    async def test_a_stranger_is_asked_to_sign_in(self, browser: Browser, path: str) -> None:
        answer = await browser.client.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")


async def test_opening_a_patient_leaves_a_line_in_the_audit_log(mis: Mis, patient_id: UUID) -> None:
    async with mis.services.database.connection() as db:
        rows = await db.fetch(
            "select event, user_id, client_id from audit_events where patient_id = $1 order by at", patient_id
        )
    assert {row["event"] for row in rows} >= {"patient.opened"}
    assert all(row["user_id"] and row["client_id"] for row in rows)


@pytest.mark.parametrize("language", ["uk", "en"])
def test_every_text_has_its_words(language: str) -> None:
    assert translations.untranslated("esoz.mis", language) == []


def test_sections_have_names_of_their_own() -> None:
    assert len({section.name for section in SECTIONS}) == len(SECTIONS)
