"""Coming in: the pause after wrong passwords at its edges, consent at central, going out."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from esoz.kernel.clock import FixedClock
from esoz.mis.access import unsettled_end
from esoz.mis.app import Mis
from esoz.mis.login.model import standing
from tests.factories.world import World

from .conftest import NOW, PASSWORD, Browser, Consent, Wire, come_in, email_of

MINUTE = timedelta(minutes=1)


class TestStanding:
    def test_after_three_wrong_tries_one_is_left(self) -> None:
        assert standing([NOW, NOW, NOW], NOW).tries_left == 1

    def test_the_fourth_wrong_try_begins_a_pause_of_ten_minutes(self) -> None:
        assert standing([NOW] * 4, NOW).paused_until == NOW + 10 * MINUTE

    def test_a_second_before_the_end_it_is_still_paused(self) -> None:
        assert standing([NOW] * 4, NOW + 10 * MINUTE - timedelta(seconds=1)).paused_until is not None

    def test_at_the_end_of_the_pause_all_tries_are_back(self) -> None:
        after = standing([NOW] * 4, NOW + 10 * MINUTE)
        assert (after.paused_until, after.tries_left) == (None, 4)

    def test_four_tries_over_ten_minutes_do_not_pause(self) -> None:
        wrong = [NOW, NOW + 4 * MINUTE, NOW + 8 * MINUTE, NOW + 10 * MINUTE]
        assert standing(wrong, NOW + 10 * MINUTE).paused_until is None


class TestSignIn:
    async def wrong(self, browser: Browser, times: int, email: str = email_of("DOCTOR")) -> None:
        for _ in range(times):
            await browser.get("/sign-in")
            await browser.send("/sign-in", email=email, password="Неправильний-1")

    async def test_with_a_wrong_password_says_how_many_tries_are_left(self, browser: Browser) -> None:
        await self.wrong(browser, 1)
        assert browser.page and browser.page.status_code == 422
        assert "Залишилося 3 спроби" in browser.text

    async def test_the_right_password_during_a_pause_does_not_let_in(self, browser: Browser) -> None:
        await self.wrong(browser, 4)
        await browser.get("/sign-in")
        await browser.send("/sign-in", email=email_of("DOCTOR"), password=PASSWORD)
        assert "Вхід призупинено" in browser.text
        assert "12:10" in browser.text  # 10:00 UTC is noon in Kyiv

    async def test_tries_during_a_pause_do_not_prolong_it(self, browser: Browser, clock: FixedClock) -> None:
        await self.wrong(browser, 4)
        clock.forward(9 * MINUTE)
        await self.wrong(browser, 2)
        clock.forward(MINUTE)
        await browser.get("/sign-in")
        entered = await browser.send("/sign-in", follow=False, email=email_of("DOCTOR"), password=PASSWORD)
        assert entered.status_code == 303

    async def test_an_unknown_address_gets_the_same_answer(self, browser: Browser) -> None:
        await self.wrong(browser, 2)
        known = browser.text
        await self.wrong(browser, 2, "nobody@clinic.example")
        assert browser.text == known

    async def test_wrong_tries_of_others_are_shown_after_coming_in(
        self, browser: Browser, consent: Consent, connected: World
    ) -> None:
        await self.wrong(browser, 2)
        await come_in(browser, consent, "DOCTOR", connected.doctor)
        assert "2 невдалі спроби" in browser.text


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
