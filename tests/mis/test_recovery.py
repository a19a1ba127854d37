"""A forgotten password: the link by mail, its single use, its half hour; nothing tells who is known here."""

import re
from datetime import timedelta

import pytest

from esoz.kernel.clock import FixedClock
from esoz.mis.app import Mis
from esoz.mis.sign_in.recovery.commands import send_asked
from esoz.mis.sign_in.recovery.model import COOLDOWN, LIFE, is_open, may_send

from .conftest import NOW, PASSWORD, Browser, email_of
from .test_passwords import NEW, come
from .test_tries import wrong

SECOND = timedelta(seconds=1)


class TestRules:
    @pytest.mark.parametrize(("passed", "opens"), [(timedelta(), True), (LIFE - SECOND, True), (LIFE, False)])
    def test_link_then_open_for_half_an_hour(self, passed: timedelta, opens: bool) -> None:
        assert is_open(NOW, None, NOW + passed) is opens

    def test_link_that_was_used_then_closed(self) -> None:
        assert not is_open(NOW, NOW, NOW)

    @pytest.mark.parametrize(("passed", "goes"), [(COOLDOWN - SECOND, False), (COOLDOWN, True)])
    def test_second_mail_then_after_a_minute(self, passed: timedelta, goes: bool) -> None:
        assert may_send([NOW], NOW + passed) is goes

    def test_sixth_mail_in_an_hour_then_not_sent(self) -> None:
        sent = [NOW + number * COOLDOWN for number in range(5)]
        assert not may_send(sent, NOW + 10 * COOLDOWN) and may_send(sent, NOW + 60 * COOLDOWN)


async def ask(browser: Browser, email: str = email_of("DOCTOR")) -> None:
    await browser.get("/recover")
    await browser.send("/recover", email=email)


async def mails(mis: Mis) -> list[tuple[str, str]]:
    """Address and text of the mails that were made."""
    await send_asked(mis.services)
    async with mis.services.database.connection() as db:
        return [(row["recipient"], row["body"]) for row in await db.fetch("select * from messages order by next_at")]


async def link(mis: Mis) -> str:
    """The path of the newest link."""
    found = re.search(r"https://mis\.test(/recover/\S+)", (await mails(mis))[-1][1])
    assert found
    return found[1]


async def renew(browser: Browser, path: str, new: str = NEW, again: str = "") -> int:
    await browser.get(path)
    return (await browser.send(path, new=new, again=again or new)).status_code


class TestAsking:
    async def test_then_a_mail_with_the_link_and_where_to_look_for_it(self, browser: Browser, mis: Mis) -> None:
        await ask(browser)
        assert browser.path == "/recover/sent"
        assert "esoz@localhost" in browser.text and "папку «Спам»" in browser.text and "через 60 с" in browser.text
        [(recipient, body)] = await mails(mis)
        assert recipient == email_of("DOCTOR") and "30 хвилин" in body

    async def test_by_an_unknown_address_then_the_same_page_and_no_mail(self, browser: Browser, mis: Mis) -> None:
        await ask(browser, "nobody@clinic.example")
        assert "Якщо пошта nobody@clinic.example є в системі" in browser.text
        assert await mails(mis) == []

    async def test_again_within_a_minute_then_one_mail_and_after_it_two(
        self, browser: Browser, mis: Mis, clock: FixedClock
    ) -> None:
        await ask(browser)
        await ask(browser)
        assert len(await mails(mis)) == 1
        clock.forward(COOLDOWN)
        await browser.get("/recover/sent")
        await browser.send("/recover")
        assert len(await mails(mis)) == 2

    async def test_by_another_browser_within_a_minute_then_one_mail(self, browser: Browser, mis: Mis) -> None:
        await ask(browser)
        await mails(mis)
        browser.client.cookies.clear()
        await ask(browser)
        assert len(await mails(mis)) == 1

    @pytest.mark.parametrize("email", ["", "likar", "@x", "a@", "x" * 300 + "@y.ua"])
    async def test_with_nonsense_then_told_at_the_field(self, browser: Browser, email: str) -> None:
        await browser.get("/recover")
        answer = await browser.send("/recover", email=email)
        assert answer.status_code == 422 and "Введіть електронну пошту" in browser.text


class TestNewPassword:
    async def test_then_all_sessions_end_and_the_new_one_lets_in(self, browser: Browser, mis: Mis) -> None:
        await come(browser, PASSWORD)
        await ask(browser)
        await renew(browser, await link(mis))
        assert browser.path == "/sign-in" and "усі сеанси завершено" in browser.text
        async with mis.services.database.connection() as db:
            assert not await db.fetchval("select count(*) from sessions where user_id is not null")
        await come(browser, PASSWORD)
        assert browser.path == "/sign-in"
        answer = await browser.send("/sign-in", follow=False, email=email_of("DOCTOR"), password=NEW)
        assert answer.status_code == 303

    async def test_twice_by_one_link_then_the_second_leads_nowhere(self, browser: Browser, mis: Mis) -> None:
        await ask(browser)
        path = await link(mis)
        await renew(browser, path)
        answer = await browser.get(path)
        assert answer.status_code == 404 and "Посилання не діє" in browser.text

    async def test_after_half_an_hour_then_leads_nowhere(self, browser: Browser, mis: Mis, clock: FixedClock) -> None:
        await ask(browser)
        path = await link(mis)
        clock.forward(LIFE)
        assert (await browser.get(path)).status_code == 404

    async def test_a_newer_link_then_the_older_leads_nowhere(
        self, browser: Browser, mis: Mis, clock: FixedClock
    ) -> None:
        await ask(browser)
        older = await link(mis)
        clock.forward(COOLDOWN)
        await ask(browser)
        newer = await link(mis)
        assert (await browser.get(older)).status_code == 404 and (await browser.get(newer)).status_code == 200

    @pytest.mark.parametrize("token", ["x", "A" * 43, "А" * 43])
    async def test_by_a_made_up_link_then_leads_nowhere(self, browser: Browser, token: str) -> None:
        assert (await browser.get(f"/recover/{token}")).status_code == 404

    async def test_a_weak_or_used_one_then_told_and_the_link_stays(self, browser: Browser, mis: Mis) -> None:
        await ask(browser)
        path = await link(mis)
        assert await renew(browser, path, "Password12345") == 422
        assert await renew(browser, path, PASSWORD) == 422 and "останні три" in browser.text
        await renew(browser, path)
        assert browser.path == "/sign-in"

    async def test_while_typing_then_the_rules_with_marks_until_the_link_is_used(
        self, browser: Browser, mis: Mis
    ) -> None:
        await ask(browser)
        path = await link(mis)
        page = await browser.get(path)
        typed = {"csrf": page.text.split('name="csrf" value="')[1].split('"')[0], "new": "Ковальчук-1977"}
        answer = await browser.client.post(f"{path}/rules", data=typed)
        assert answer.status_code == 200 and answer.text.count("○") == 1 and answer.text.count("✓") == 4
        await renew(browser, path)
        assert (await browser.client.post(f"{path}/rules", data=typed)).status_code in (403, 404)

    async def test_during_a_pause_then_open_and_the_pause_is_over(self, browser: Browser, mis: Mis) -> None:
        await wrong(browser, 4)
        await ask(browser)
        await renew(browser, await link(mis))
        answer = await browser.send("/sign-in", follow=False, email=email_of("DOCTOR"), password=NEW)
        assert answer.status_code == 303
