"""Wrong passwords: the pause at its edges, many guesses at once, what is remembered and shown, who may lift it."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.pages.devices import device_of
from esoz.kernel.passwords import Passwords
from esoz.mis.app import Mis
from esoz.mis.base.limits import Limits
from esoz.mis.sign_in.accounts.model import crowd_lockout, lockout
from tests.emptying import empty_tables
from tests.factories.world import World

from .conftest import NOW, PASSWORD, Browser, Consent, come_in, email_of

MINUTE = timedelta(minutes=1)
LIMITS = Limits()
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


class TestLockout:
    def test_after_three_wrong_tries_one_is_left(self) -> None:
        assert lockout([NOW, NOW, NOW], NOW, LIMITS).tries_left == 1

    def test_the_fourth_wrong_try_begins_a_pause_of_ten_minutes(self) -> None:
        assert lockout([NOW] * 4, NOW, LIMITS).paused_until == NOW + 10 * MINUTE

    def test_a_second_before_the_end_it_is_still_paused(self) -> None:
        assert lockout([NOW] * 4, NOW + 10 * MINUTE - timedelta(seconds=1), LIMITS).paused_until is not None

    def test_at_the_end_of_the_pause_all_tries_are_back(self) -> None:
        after = lockout([NOW] * 4, NOW + 10 * MINUTE, LIMITS)
        assert (after.paused_until, after.tries_left) == (None, 4)

    def test_four_tries_over_ten_minutes_do_not_pause(self) -> None:
        wrong = [NOW, NOW + 4 * MINUTE, NOW + 8 * MINUTE, NOW + 10 * MINUTE]
        assert lockout(wrong, NOW + 10 * MINUTE, LIMITS).paused_until is None

    def test_with_other_settings_then_by_these(self) -> None:
        strict = Limits(forgiven=1, pause=30 * MINUTE)
        assert lockout([NOW], NOW, strict).tries_left == 1
        assert lockout([NOW, NOW + 29 * MINUTE], NOW + 29 * MINUTE, strict).paused_until == NOW + 59 * MINUTE


@pytest.mark.parametrize(("wrong", "is_limited"), [(59, False), (60, True)])
def test_wrong_tries_of_one_network_then_limited_from_the_sixtieth(wrong: int, is_limited: bool) -> None:
    assert (crowd_lockout([NOW] * wrong, LIMITS) is not None) is is_limited


@pytest.mark.parametrize(
    ("says", "device"),
    [(FIREFOX, "Firefox, Windows"), ("Mozilla (iPhone) Safari/604.1", "Safari, iPhone"), ("curl/8.5", ""), ("", "")],
)
def test_device_then_short_words(says: str, device: str) -> None:
    assert device_of(says) == device


async def wrong(browser: Browser, times: int, email: str = email_of("DOCTOR")) -> None:
    for _ in range(times):
        await browser.get("/sign-in")
        await browser.send("/sign-in", email=email, password="Неправильний-1")


async def right(browser: Browser, email: str = email_of("DOCTOR")) -> bool:
    """Whether the right password lets in."""
    await browser.get("/sign-in")
    answer = await browser.send("/sign-in", follow=False, email=email, password=PASSWORD)
    return answer.status_code == 303


async def again(browser: Browser, role: str) -> None:
    """Come in by the right password while central still knows the user."""
    await browser.get("/sign-in")
    await browser.send("/sign-in", email=email_of(role), password=PASSWORD)


async def outcomes(mis: Mis) -> list[str]:
    async with mis.services.database.connection() as db:
        return [row["outcome"] for row in await db.fetch("select outcome from sign_ins order by number")]


class TestPause:
    async def test_with_a_wrong_password_says_how_many_tries_are_left(self, browser: Browser) -> None:
        await wrong(browser, 1)
        assert browser.page and browser.page.status_code == 422
        assert "Залишилося 3 спроби, потім вхід паролем буде призупинено на 10 хв" in browser.text

    async def test_the_right_password_during_a_pause_does_not_let_in(self, browser: Browser) -> None:
        await wrong(browser, 4)
        assert not await right(browser)
        assert "Вхід призупинено" in browser.text
        assert "12:10" in browser.text and "Залишилося 10 хвилин" in browser.text  # 10:00 UTC is noon in Kyiv

    async def test_after_three_wrong_the_right_one_lets_in(self, browser: Browser) -> None:
        await wrong(browser, 3)
        assert await right(browser)

    async def test_tries_during_a_pause_neither_count_nor_prolong(
        self, browser: Browser, clock: FixedClock, mis: Mis
    ) -> None:
        await wrong(browser, 4)
        clock.forward(10 * MINUTE - timedelta(seconds=1))
        await wrong(browser, 2)
        assert not await right(browser)
        clock.forward(timedelta(seconds=1))
        assert await right(browser)
        assert await outcomes(mis) == ["wrong"] * 4 + ["paused"] * 3 + ["accepted"]

    async def test_an_unknown_address_gets_the_same_answer(self, browser: Browser) -> None:
        for times in (2, 3):  # before and during the pause
            await wrong(browser, times)
            known = browser.text
            await wrong(browser, times, "nobody@clinic.example")
            assert browser.text == known

    async def test_an_unknown_address_then_a_password_is_checked_all_the_same(
        self, browser: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        checked: list[str | None] = []

        async def matches(_self: Passwords, stored: str | None, _password: str) -> bool:
            checked.append(stored)
            return False

        monkeypatch.setattr(Passwords, "matches", matches)
        await wrong(browser, 1, "nobody@clinic.example")
        assert checked == [None]

    async def test_a_hundred_guesses_at_once_then_four_are_looked_at(self, browser: Browser, mis: Mis) -> None:
        page = await browser.get("/sign-in")
        csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
        given = {"csrf": csrf, "email": email_of("DOCTOR")}
        sent = [
            browser.client.post("/sign-in", data={**given, "password": f"Неправильний-{number}"})
            for number in range(100)
        ]
        assert {answer.status_code for answer in await asyncio.gather(*sent)} <= {422, 503}
        assert (await outcomes(mis)).count("wrong") == 4

    async def test_many_from_one_network_then_it_waits_and_others_do_not(self, browser: Browser, mis: Mis) -> None:
        for number in range(20):
            await wrong(browser, 3, f"nobody{number}@clinic.example")
        assert not await right(browser)
        assert "З Вашої мережі надто багато" in browser.text
        async with mis.services.database.connection() as db:
            await db.execute("update sign_ins set address = '203.0.113.9'")
        assert await right(browser)


class TestShown:
    async def test_after_coming_in_then_the_sign_in_before_and_what_failed(
        self, browser: Browser, consent: Consent, connected: World, clock: FixedClock
    ) -> None:
        browser.client.headers["user-agent"] = FIREFOX
        await come_in(browser, consent, "DOCTOR", connected.doctor)
        assert "Це Ваш перший вхід" in browser.text
        await browser.send("/sign-out")
        clock.forward(20 * MINUTE)
        await wrong(browser, 2)
        await again(browser, "DOCTOR")
        assert "2 невдалі спроби" in browser.text
        assert re.search(r"Попередній вхід: .*12:00, Firefox, Windows, 127\.0\.0\.1", browser.text), browser.text
        await browser.get("/account")
        assert browser.text.count("Неправильний пароль") == 2 and "Firefox, Windows" in browser.text

    async def test_to_a_pharmacist_then_on_the_first_page_too(
        self, browser: Browser, consent: Consent, connected: World
    ) -> None:
        await come_in(browser, consent, "PHARMACIST", connected.pharmacist)
        await browser.send("/sign-out")
        await wrong(browser, 1, email_of("PHARMACIST"))
        await again(browser, "PHARMACIST")
        assert browser.path == "/pharmacy" and "Невдалих спроб увійти після нього: 1" in browser.text


class TestLift:
    async def test_by_the_head_then_the_right_password_lets_in_and_a_line_in_the_log(
        self, browser: Browser, consent: Consent, connected: World, head: UUID, mis: Mis, people: dict[str, UUID]
    ) -> None:
        await wrong(browser, 4)
        await come_in(browser, consent, "OWNER", connected.owner)
        await browser.get("/staff/pauses")
        assert "Ковальчук Ґалина" in browser.text and "12:10" in browser.text
        await browser.send("/staff/pauses")
        assert "Паузу знято" in browser.text and "Зараз нікого не призупинено" in browser.text
        async with mis.services.database.connection() as db:
            line = await db.fetchrow("select * from audit_events where event = 'sign_in_pause.lifted'")
        assert line["resource_id"] == str(people["DOCTOR"])
        await browser.send("/sign-out")
        assert await right(browser)

    async def test_by_a_doctor_then_forbidden(self, doctor: Browser) -> None:
        assert (await doctor.get("/staff/pauses")).status_code == 403

    async def test_of_somebody_of_another_clinic_then_not_found(
        self, browser: Browser, consent: Consent, connected: World, head: UUID, people: dict[str, UUID]
    ) -> None:
        await wrong(browser, 4)
        await come_in(browser, consent, "OWNER", connected.owner)
        await browser.get("/staff/pauses")
        answer = await browser.send("/staff/pauses", user=people["PHARMACIST"])
        assert answer.status_code == 404


@pytest.mark.slow
async def test_time_of_an_unknown_address_then_within_five_milliseconds_of_a_known_one(
    browser: Browser, mis: Mis
) -> None:
    """The medians of a thousand wrong passwords of either, from the request to the answer."""
    clock = asyncio.get_running_loop().time
    page = await browser.get("/sign-in")
    given = {"csrf": page.text.split('name="csrf" value="')[1].split('"')[0], "password": "Неправильний-1"}
    taken: dict[bool, list[float]] = {True: [], False: []}
    async with mis.services.database.connection() as db:
        for number in range(2000):
            is_known = bool(number % 2)
            start = clock()
            email = email_of("DOCTOR") if is_known else "nobody@clinic.example"
            answer = await browser.client.post("/sign-in", data=given | {"email": email})
            taken[is_known].append(clock() - start)
            assert "Залишилося 3 спроби" in answer.text
            await empty_tables(db, "sign_ins")  # so that the next one is the first wrong one again
    medians = [sorted(times)[len(times) // 2] for times in taken.values()]
    assert abs(medians[0] - medians[1]) < 0.005, medians
