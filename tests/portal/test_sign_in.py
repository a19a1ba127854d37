"""Coming in to the portal through id.gov.ua: the state, the code, the consent, and what goes wrong with them."""

from datetime import timedelta

import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.pages.translations import untranslated
from esoz.kernel.settings import Settings
from esoz.sandbox.govid import process as govid_process
from esoz.sandbox.identities import Identity
from esoz.sandbox.portal import process
from esoz.sandbox.portal.app import Portal
from tests.portal.conftest import GOVID, PORTAL, Road, Visitor


class TestSignIn:
    async def test_identified_and_agreed_then_in_and_led_on(self, visitor: Visitor, declared: Identity):
        await visitor.comes_in(declared, "/person")
        assert (await visitor.open("/person")).headers["location"].startswith("/esoz")
        await visitor.open("/esoz")
        assert declared.full_name in visitor.text

    async def test_with_a_key_then_the_same(self, visitor: Visitor, declared: Identity):
        await visitor.to_identification()
        await visitor.sign(f"{visitor.here}/key")
        await visitor.open(f"{GOVID}{visitor.page.headers['location']}")
        assert declared.tax_id in visitor.text and declared.last_name in visitor.text
        await visitor.send(f"{visitor.here}/consent")
        await visitor.follow()
        assert visitor.page.headers["location"] == "/"

    async def test_not_agreed_then_said_and_nobody_is_in(self, visitor: Visitor, declared: Identity):
        await visitor.to_identification()
        await visitor.post(f"{visitor.here}/person", tax_id=declared.tax_id)
        await visitor.open(f"{GOVID}{visitor.page.headers['location']}")
        await visitor.send(f"{visitor.here}/refusal")
        await visitor.follow()
        await visitor.follow()
        assert "Ви не дозволили передати свої дані" in visitor.text
        assert (await visitor.open("/")).headers["location"].startswith("/sign-in")

    async def test_given_up_before_proving_then_said(self, visitor: Visitor, declared: Identity):
        await visitor.to_identification()
        await visitor.send(f"{visitor.here}/refusal")
        await visitor.follow()
        await visitor.follow()
        assert "Ви не дозволили передати свої дані" in visitor.text

    @pytest.mark.parametrize("state", ["", "another-state-of-somebody-else"])
    async def test_wrong_state_then_not_in_and_the_code_is_not_spent(
        self, visitor: Visitor, declared: Identity, road: Road, state: str
    ):
        await visitor.to_identification()
        await visitor.identify(declared)
        code = visitor.page.headers["location"].partition("code=")[2].partition("&")[0]
        await visitor.open("/sign-in/back", code=code, state=state)
        await visitor.follow()
        assert "почався в іншому вікні" in visitor.text and road.asked == []

    async def test_state_of_another_browser_then_not_in(self, visitor: Visitor, declared: Identity):
        await visitor.to_identification()
        await visitor.identify(declared)
        back = visitor.page.headers["location"]
        visitor.client.cookies.clear()
        await visitor.open(back)
        assert visitor.page.headers["location"] == "/sign-in"

    async def test_came_back_twice_then_in_once_and_nothing_is_broken(
        self, visitor: Visitor, declared: Identity, road: Road
    ):
        await visitor.to_identification()
        await visitor.identify(declared)
        back = visitor.page.headers["location"]
        await visitor.open(back)
        count = len(road.asked)
        assert (await visitor.open(back)).headers["location"] == "/" and len(road.asked) == count

    async def test_code_too_old_then_not_in(self, visitor: Visitor, declared: Identity, clock: FixedClock):
        await visitor.to_identification()
        await visitor.identify(declared)
        clock.forward(timedelta(minutes=3))
        await visitor.follow()
        await visitor.follow()
        assert "не підтвердила, хто Ви" in visitor.text

    @pytest.mark.parametrize("query", [{}, {"error": "server_error"}, {"code": ""}])
    async def test_back_without_a_code_then_not_in(
        self, visitor: Visitor, declared: Identity, query: dict[str, str], own_database: Database
    ):
        await visitor.to_identification()
        await visitor.identify(declared)
        state = visitor.page.headers["location"].partition("state=")[2]
        await visitor.open("/sign-in/back", state=state, **query)
        await visitor.follow()
        assert "не підтвердила, хто Ви" in visitor.text
        async with own_database.connection() as own:
            assert await own.fetchval("select count(*) from holders") == 0

    async def test_identification_away_then_said(self, visitor: Visitor, declared: Identity, road: Road):
        await visitor.to_identification()
        await visitor.identify(declared)
        road.is_cut = True
        await visitor.follow()
        await visitor.follow()
        assert "Система ідентифікації не відповідає" in visitor.text

    async def test_page_to_come_to_that_is_foreign_then_the_first_one(self, visitor: Visitor, declared: Identity):
        await visitor.open("/sign-in", next="//evil.test")
        await visitor.send("/sign-in", next="https://evil.test/")
        await visitor.follow()
        await visitor.follow()
        await visitor.identify(declared)
        await visitor.follow()
        assert visitor.page.headers["location"] == "/"


class TestSignOut:
    async def test_then_out_of_the_portal_and_of_esoz(
        self, visitor: Visitor, declared: Identity, own_database: Database
    ):
        await visitor.enters(declared)
        await visitor.open("/person")
        await visitor.post("/sign-out")
        await visitor.follow()
        assert "Ви вийшли з порталу" in visitor.text
        async with own_database.connection() as own:
            assert await own.fetchval("select count(*) from grants") == 0

    async def test_days_later_then_who_was_in_is_forgotten(
        self, visitor: Visitor, declared: Identity, site: Portal, own_database: Database, clock: FixedClock
    ):
        await visitor.enters(declared)
        await site.clean()
        assert (await visitor.open("/person")).status_code == 200
        clock.forward(timedelta(days=1, minutes=1))
        await site.clean()
        async with own_database.connection() as own:
            assert await own.fetchval("select (select count(*) from holders) + (select count(*) from grants)") == 0


@pytest.mark.parametrize("make", [process.make, govid_process.make])
def test_outside_the_sandbox_then_it_does_not_start(make: object) -> None:
    assert callable(make)
    with pytest.raises(RuntimeError):
        make(Settings({}))


@pytest.mark.parametrize("package", ["esoz.sandbox.portal", "esoz.sandbox.govid"])
@pytest.mark.parametrize("language", ["en", "uk"])
def test_texts_then_all_are_translated(language: str, package: str) -> None:
    assert untranslated(package, language) == []


def test_the_two_sites_then_their_cookies_differ(site: Portal) -> None:
    assert site.profile.cookie == "esoz_portal" and PORTAL != GOVID
