"""Whose telephone it is, and coming in to ЕСОЗ."""

from datetime import timedelta

import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.pages.translations import untranslated
from esoz.kernel.settings import Settings
from esoz.sandbox.diia import process
from esoz.sandbox.identities import Identity
from tests.diia.conftest import Drawer, Road, Screen


class TestHolder:
    async def test_search_then_those_with_all_the_words(self, screen: Screen, declared: Identity, newcomer: Identity):
        await screen.open("/holder", words=f"{newcomer.last_name.upper()} {newcomer.tax_id[:6]}")
        assert newcomer.full_name in screen.text and declared.full_name not in screen.text

    async def test_nobody_found_then_said(self, screen: Screen, declared: Identity):
        assert (await screen.open("/holder", words="нема такого")).status_code == 200
        assert "Такої людини немає" in screen.text

    async def test_unknown_number_then_not_found(self, screen: Screen, declared: Identity):
        await screen.open("/holder")
        assert (await screen.post("/holder", tax_id="1", next="/")).status_code == 404

    async def test_taken_then_to_the_page_that_was_wanted(self, screen: Screen, declared: Identity):
        await screen.open("/prescriptions")
        await screen.follow()
        await screen.post("/holder", tax_id=declared.tax_id, next=screen.hidden("next"))
        assert screen.page.headers["location"] == "/prescriptions"

    async def test_put_down_then_signed_out_of_central_too(
        self, screen: Screen, declared: Identity, db: Connection, own_database: Database
    ):
        await screen.enter(declared)
        await screen.open("/person")
        await screen.post("/sign-out")
        assert screen.page.headers["location"] == "/holder"
        async with own_database.connection() as own:
            assert await own.fetchval("select count(*) from grants") == 0
        assert (await screen.open("/person")).headers["location"].startswith("/holder")

    async def test_without_demo_then_an_empty_list(self, screen: Screen):
        assert (await screen.open("/holder")).status_code == 200


# AUTH-34
class TestSignIn:
    async def test_signed_then_in(self, screen: Screen, declared: Identity):
        await screen.enter(declared)
        await screen.follow()
        assert f"Вітаємо, {declared.first_name}!" in screen.text

    async def test_before_that_every_page_leads_there_and_back(self, screen: Screen, declared: Identity):
        await screen.hold(declared)
        assert (await screen.open("/notices")).headers["location"] == "/esoz?next=%2Fnotices"
        await screen.follow()
        await screen.send("/esoz", content=screen.hidden("content"), next=screen.hidden("next"))
        assert screen.page.headers["location"] == "/notices"

    async def test_in_already_then_the_page_leads_on(self, screen: Screen, declared: Identity):
        await screen.enter(declared)
        assert (await screen.open("/esoz", next="/doctor")).headers["location"] == "/doctor"

    async def test_old_nonce_then_refused_with_a_fresh_one(self, screen: Screen, declared: Identity, clock: FixedClock):
        await screen.hold(declared)
        await screen.open("/esoz")
        old = screen.hidden("content")
        clock.forward(timedelta(minutes=16))
        assert (await screen.send("/esoz", content=old, next="/")).status_code == 422
        assert "Запит застарів" in screen.text
        assert screen.hidden("content") != old
        await screen.send("/esoz", content=screen.hidden("content"), next="/")
        assert screen.page.status_code == 303

    async def test_unknown_to_central_then_led_to_the_registration(self, screen: Screen, newcomer: Identity):
        await screen.enter(newcomer)
        assert screen.page.headers["location"] == "/register"
        await screen.follow()
        assert "Вас ще немає в ЕСОЗ" in screen.text and newcomer.passport in screen.text

    @pytest.mark.parametrize("content", ["", "!", "e30=", "WzFd", "eyJqd3QiOiAxfQ==", "eyJhIjogIngifQ=="])
    async def test_something_else_to_sign_then_not_signed(self, screen: Screen, declared: Identity, content: str):
        await screen.hold(declared)
        await screen.open("/esoz")
        assert (await screen.send("/esoz", content=content, next="/")).headers["location"] == "/esoz"
        await screen.open("/esoz")
        assert "Запит на вхід застарів" in screen.text

    async def test_key_file_away_then_said(self, screen: Screen, declared: Identity, drawer: Drawer):
        await screen.hold(declared)
        await screen.open("/esoz")
        (drawer.folder / f"{declared.tax_id}.jks").unlink()
        assert (await screen.send("/esoz", content=screen.hidden("content"), next="/")).status_code == 422
        assert "Дія.Підпис цієї людини не відкривається" in screen.text

    async def test_central_away_then_said_and_nothing_lost(self, screen: Screen, declared: Identity, road: Road):
        await screen.hold(declared)
        road.is_cut = True
        assert (await screen.open("/esoz")).status_code == 503
        assert "ЕСОЗ не відповідає" in screen.text

    async def test_token_run_out_then_renewed(self, screen: Screen, declared: Identity, clock: FixedClock):
        await screen.enter(declared)
        clock.forward(timedelta(minutes=25))
        assert (await screen.open("/person")).status_code == 200

    async def test_grant_ended_in_central_then_sign_in_again(self, screen: Screen, declared: Identity, db: Connection):
        await screen.enter(declared)
        await db.execute("delete from tokens")
        assert (await screen.open("/person")).headers["location"].startswith("/esoz")


def test_outside_the_sandbox_then_it_does_not_start() -> None:
    with pytest.raises(RuntimeError):
        process.make(Settings({}))


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("package", ["esoz.sandbox.diia", "esoz.sandbox.door"])
def test_texts_then_all_are_translated(language: str, package: str) -> None:
    assert untranslated(package, language) == []
