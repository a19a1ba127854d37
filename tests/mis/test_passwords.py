"""Passwords: their rules, their term at its edges, changing them, reminders, what opens when one is over."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.guessable import is_common
from esoz.mis.app import Mis
from esoz.mis.sign_in.passwords.commands import remind
from esoz.mis.sign_in.passwords.model import days_left, is_good, reminder, rules, shortest
from tests.factories.world import World

from .conftest import NOW, PASSWORD, Browser, Consent, come_in, email_of

DAY = timedelta(days=1)
NEW = "Жовтогарячий-77"
OWN = ("kovalchuk@clinic.example", "Ковальчук", "Ґалина")


class TestRules:
    @pytest.mark.parametrize("password", ["Жовтогарячий-77", "correctHorse7batt", "Ґанок І Їжак 5"])
    def test_good_then_taken(self, password: str) -> None:
        assert is_good(password, OWN)

    @pytest.mark.parametrize(
        ("password", "broken"),
        [
            ("Короткий-77", 0),
            ("ЖОВТОГАРЯЧИЙ-77", 1),
            ("жовтогарячий-77", 2),
            ("Жовтогарячий-жовтий", 3),
            ("Жовтогарячий-²", 3),
            ("Жовтогарячий-٣", 3),
            ("Password12345", 4),
            ("P@ssw0rd123456", 4),
            ("Йцукен123456", 4),
            ("PasswordQwerty1", 4),
            ("AAAAaaaa1111", 4),
            ("Ковальчук-1977", 4),
            ("Kovalchuk-19777", 4),
        ],
    )
    def test_broken_then_that_rule_and_no_other(self, password: str, broken: int) -> None:
        assert [place for place, rule in enumerate(rules(password, OWN)) if not rule.is_kept] == [broken]

    def test_longer_than_is_read_then_not_taken(self) -> None:
        assert not is_good("Жг7-" * 40)

    def test_nothing_typed_then_no_rule_is_kept(self) -> None:
        assert not any(rule.is_kept for rule in rules(""))

    def test_a_common_word_inside_a_longer_phrase_then_not_common(self) -> None:
        assert not is_common("Лікар йде лісом 7")


class TestTerm:
    @pytest.mark.parametrize(("days", "left"), [(0, 90), (89, 1), (90, 0), (91, 0)])
    def test_days_then_those_that_are_left(self, days: int, left: int) -> None:
        assert days_left(NOW, NOW + days * DAY, 90) == left

    def test_a_second_before_the_end_then_a_day_is_left(self) -> None:
        assert days_left(NOW, NOW + 90 * DAY - timedelta(seconds=1), 90) == 1

    def test_without_a_term_then_no_end(self) -> None:
        assert days_left(NOW, NOW + 9999 * DAY, 0) is None

    @pytest.mark.parametrize(
        ("operator", "clinics", "term"), [(90, [], 90), (90, [30, 60], 30), (0, [], 0), (0, [30], 30), (60, [90], 60)]
    )
    def test_of_operator_and_clinics_then_the_shortest(self, operator: int, clinics: list[int], term: int) -> None:
        assert shortest(operator, clinics) == term

    @pytest.mark.parametrize(
        ("left", "due"), [(15, None), (14, 14), (8, 14), (7, 7), (3, 3), (2, 3), (1, 1), (0, None), (None, None)]
    )
    def test_reminders_then_at_fourteen_seven_three_and_one(self, left: int | None, due: int | None) -> None:
        assert reminder(left) == due


async def change(browser: Browser, current: str, new: str, again: str = "") -> int:
    await browser.get("/account/password")
    return (await browser.send("/account/password", current=current, new=new, again=again or new)).status_code


async def come(browser: Browser, password: str, wanted: str = "/") -> None:
    await browser.get("/sign-in", next=wanted)
    await browser.send("/sign-in", email=email_of("DOCTOR"), password=password)


class TestChange:
    async def test_by_the_rules_then_the_new_one_lets_in_and_the_old_one_does_not(self, doctor: Browser) -> None:
        await change(doctor, PASSWORD, NEW)
        assert doctor.path == "/" and "Пароль змінено" in doctor.text
        await doctor.send("/sign-out")
        await come(doctor, PASSWORD)
        assert doctor.path == "/sign-in"
        await come(doctor, NEW)
        assert doctor.path == "/"

    async def test_then_other_sessions_end_and_this_one_stays(
        self, doctor: Browser, mis: Mis, people: dict[str, UUID]
    ) -> None:
        user_id = people["DOCTOR"]
        async with mis.services.database.transaction() as db:
            await db.execute(
                "insert into sessions (id, user_id, data, created_at, seen_at, expires_at)"
                " values ('\\x01', $1, '{}', $2, $2, $3)",
                user_id,
                NOW,
                NOW + DAY,
            )
        await change(doctor, PASSWORD, NEW)
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select count(*) from sessions where user_id = $1", user_id) == 1
        assert (await doctor.get("/account")).status_code == 200 and doctor.path == "/account"

    async def test_to_one_of_the_last_three_then_refused_and_to_the_fourth_taken(self, doctor: Browser) -> None:
        names = [PASSWORD, NEW, "Фіалковий-ранок-8", "Смарагдовий-ліс-9"]
        for old, new in pairwise(names):
            await change(doctor, old, new)
        for used in names[1:]:
            assert await change(doctor, names[-1], used) == 422
            assert "останні три не повторюють" in doctor.text
        await change(doctor, names[-1], PASSWORD)
        assert "Пароль змінено" in doctor.text

    async def test_with_a_wrong_present_one_then_counted_like_at_the_door(self, doctor: Browser) -> None:
        for _ in range(3):
            assert await change(doctor, "Неправильний-1", NEW) == 422
            assert "Поточний пароль неправильний" in doctor.text
        for password in ("Неправильний-1", PASSWORD):
            assert await change(doctor, password, NEW) == 422
            assert "пароль зараз не перевіряємо" in doctor.text

    @pytest.mark.parametrize(
        ("new", "again", "words"),
        [
            ("Password12345", "", "не відповідає правилам"),
            (NEW, "Інший-пароль-77", "не збігаються"),
            ("Жг7-" * 40, "", "задовгий"),
        ],
    )
    async def test_that_may_not_be_then_told_at_the_field(
        self, doctor: Browser, new: str, again: str, words: str
    ) -> None:
        assert await change(doctor, PASSWORD, new, again) == 422
        assert words in doctor.text

    async def test_while_typing_then_the_rules_with_marks(self, doctor: Browser) -> None:
        page = await doctor.get("/account/password")
        csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
        answer = await doctor.client.post("/account/password/rules", data={"csrf": csrf, "new": "Коротко7"})
        assert answer.status_code == 200 and answer.text.count("○") == 1 and answer.text.count("✓") == 4


class TestOver:
    async def test_then_only_the_change_opens_and_work_goes_on_right_after(
        self, browser: Browser, consent: Consent, connected: World, clock: FixedClock
    ) -> None:
        await come_in(browser, consent, "DOCTOR", connected.doctor)
        await browser.send("/sign-out")
        clock.forward(90 * DAY)
        await come(browser, PASSWORD, "/sync")
        assert browser.path == "/account/password" and "Строк дії Вашого пароля минув" in browser.text
        for path in ("/", "/sync", "/patients", "/account"):
            await browser.get(path)
            assert browser.path == "/account/password"
        await browser.get("/sync")
        await browser.send("/account/password", current=PASSWORD, new=NEW, again=NEW)
        assert browser.path == "/sync"

    async def test_a_second_before_then_nothing_is_asked(
        self, browser: Browser, consent: Consent, connected: World, clock: FixedClock
    ) -> None:
        await come_in(browser, consent, "DOCTOR", connected.doctor)
        await browser.send("/sign-out")
        clock.forward(90 * DAY - timedelta(seconds=1))
        await come(browser, PASSWORD)
        assert browser.path != "/account/password"

    async def test_during_a_session_then_the_shift_is_not_interrupted(self, doctor: Browser, mis: Mis) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("update users set password_set_at = $1", NOW - 91 * DAY)
        assert (await doctor.get("/sync")).status_code == 200 and doctor.path == "/sync"


class TestReminders:
    async def test_on_the_desk_then_the_days_and_the_way_in_two_clicks(self, doctor: Browser, mis: Mis) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("update users set password_set_at = $1", NOW - 83 * DAY)
        await doctor.get("/")
        assert "Пароль діє ще 7 днів" in doctor.text
        assert doctor.page is not None and 'href="/account/password"' in doctor.page.text

    async def test_fifteen_days_before_then_nothing_on_the_desk(self, doctor: Browser, mis: Mis) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("update users set password_set_at = $1", NOW - 75 * DAY)
        await doctor.get("/")
        assert "Пароль діє ще" not in doctor.text

    async def test_by_mail_then_each_once(self, mis: Mis, clock: FixedClock) -> None:
        sent: list[int] = []
        for _ in range(91):
            await remind(mis.services)
            await remind(mis.services)
            async with mis.services.database.transaction() as db:
                rows = await db.fetch("delete from messages where recipient = $1 returning body", email_of("DOCTOR"))
            sent += [int(row["body"].split("ще ")[1].split(" ")[0]) for row in rows]
            clock.forward(DAY)
        assert sent == [14, 7, 3, 1]


class TestTermOfAClinic:
    async def test_shorter_then_it_counts_and_longer_is_refused(
        self, browser: Browser, consent: Consent, connected: World, mis: Mis, head: UUID
    ) -> None:
        await come_in(browser, consent, "OWNER", connected.owner)
        for days in ("91", "6", "сто"):
            await browser.get("/staff/password-term")
            assert (await browser.send(days=days)).status_code == 422
        await browser.get("/staff/password-term")
        await browser.send(days="30")
        assert "Строк паролів збережено" in browser.text
        async with mis.services.database.connection() as db:
            await db.execute("update users set password_set_at = $1", NOW - 28 * DAY)
        await browser.get("/")
        assert "Пароль діє ще 2 дні" in browser.text
        await browser.get("/staff/password-term")
        await browser.send(days="")
        await browser.get("/")
        assert "Пароль діє ще" not in browser.text
