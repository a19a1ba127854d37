"""Consent at central, and going out."""

from urllib.parse import parse_qs, urlsplit

from esoz.mis.app import Mis
from esoz.mis.link.access import unsettled_end
from tests.factories.world import World

from .conftest import PASSWORD, Browser, Consent, Wire, come_in, email_of


class TestConsent:
    async def test_asks_central_for_the_scopes_of_the_role(self, browser: Browser, connected: World) -> None:
        await browser.get("/sign-in")
        asked = await browser.send("/sign-in", follow=False, email=email_of("DOCTOR"), password=PASSWORD)
        start = await browser.client.get(asked.headers["location"])
        query = parse_qs(urlsplit(start.headers["location"]).query)
        assert query["client_id"] == [str(connected.doctor.client_id)]
        assert {"encounter:write", "job:read"} <= set(query["scope"][0].split())

    async def test_comes_back_to_where_the_user_wanted_to_be(
        self, browser: Browser, consent: Consent, connected: World
    ) -> None:
        await come_in(browser, consent, "DOCTOR", connected.doctor, wanted="/sync?state=refused")
        assert browser.page and str(browser.page.url).endswith("/sync?state=refused")

    async def test_an_answer_with_another_state_is_not_taken(
        self, browser: Browser, consent: Consent, connected: World, wire: Wire
    ) -> None:
        await browser.get("/sign-in")
        asked = await browser.send("/sign-in", follow=False, email=email_of("DOCTOR"), password=PASSWORD)
        start = await browser.client.get(asked.headers["location"])
        code = await consent.code(connected.doctor.user_id, start.headers["location"])
        await browser.get("/oauth/callback", code=code, state="чужий")
        assert browser.path == "/connect"
        assert "/oauth/tokens" not in wire.paths("POST")

    async def test_an_answer_serves_only_once(self, browser: Browser, consent: Consent, connected: World) -> None:
        await browser.get("/sign-in")
        asked = await browser.send("/sign-in", follow=False, email=email_of("DOCTOR"), password=PASSWORD)
        start = await browser.client.get(asked.headers["location"])
        path = await consent.answer(connected.doctor.user_id, start.headers["location"])
        await browser.get(path)
        await browser.get(path)
        assert browser.path == "/connect"

    async def test_a_declined_consent_says_what_is_missing(self, browser: Browser, connected: World) -> None:
        await browser.get("/sign-in")
        asked = await browser.send("/sign-in", follow=False, email=email_of("DOCTOR"), password=PASSWORD)
        start = await browser.client.get(asked.headers["location"])
        state = parse_qs(urlsplit(start.headers["location"]).query)["state"][0]
        await browser.get("/oauth/callback", error="access_denied", state=state)
        assert "Ви не надали доступу" in browser.text

    async def test_tokens_are_not_readable_in_the_database(self, doctor: Browser, mis: Mis, wire: Wire) -> None:
        await doctor.get("/patients", q="Ніхто Ніде 01.01.1990")
        bearer = next(request.headers["authorization"] for request in wire.seen if "authorization" in request.headers)
        token = bearer.removeprefix("Bearer ").encode()
        async with mis.services.database.connection() as db:
            kept = await db.fetchrow("select access, refresh from central_tokens")
        assert token not in kept["access"]


class TestSignOut:
    async def test_signs_out_at_central_too(self, doctor: Browser, mis: Mis, wire: Wire) -> None:
        await doctor.send("/sign-out")
        await unsettled_end(mis.services)
        assert doctor.path == "/sign-in"
        assert "/auth/logout" in wire.paths("POST")
