"""The second factor: enrolment, the code at sign-in, recovery codes, what the head decides."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.kernel.clock import FixedClock
from esoz.mis.app import Mis
from esoz.mis.sign_in.factors.model import code_at, step_of
from tests.factories.world import World

from .conftest import Browser, Consent, come_in, email_of
from .signing_in import FACTOR, confirm, enrol, events, mails, password, secret_of, shown_codes, shown_secret, tries

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DOOR = "/sign-in/code"


class TestEnrol:
    async def test_then_codes_are_shown_and_a_mail_goes(self, doctor: Browser, mis: Mis, clock: FixedClock) -> None:
        codes = await enrol(doctor, clock)
        assert doctor.page and len(codes) == 10 and "data:text/plain" in doctor.page.text
        assert (email_of("DOCTOR"), "Додано другий фактор входу") in await mails(mis)
        assert "second_factor.enrolled" in await events(mis)
        await doctor.send(f"{FACTOR}/codes")
        await doctor.get(f"{FACTOR}/codes")
        assert doctor.path == FACTOR and "лишилося 10 кодів" in doctor.text

    async def test_without_the_password_again_then_asked_for_it(self, doctor: Browser) -> None:
        await doctor.get(f"{FACTOR}/new")
        assert doctor.path == "/account/confirm"
        await doctor.send("/account/confirm", password="Неправильний-1")
        assert doctor.page and doctor.page.status_code == 422
        await confirm(doctor)
        assert doctor.path == f"{FACTOR}/new"

    async def test_five_minutes_later_then_asked_again(self, doctor: Browser, clock: FixedClock) -> None:
        await doctor.get(f"{FACTOR}/new")
        await confirm(doctor)
        clock.forward(5 * MINUTE - SECOND)
        await doctor.get(f"{FACTOR}/new")
        assert doctor.path == f"{FACTOR}/new"
        clock.forward(SECOND)
        await doctor.get(f"{FACTOR}/new")
        assert doctor.path == "/account/confirm"

    async def test_with_a_wrong_code_then_not_on_and_the_same_secret_stays(self, doctor: Browser, mis: Mis) -> None:
        await doctor.get(f"{FACTOR}/new")
        await confirm(doctor)
        secret = shown_secret(doctor)
        answer = await doctor.send(f"{FACTOR}/new", code=code_at(secret, 1))
        assert answer.status_code == 422 and "Код не підійшов" in doctor.text
        assert shown_secret(doctor) == secret
        await doctor.send("/sign-out")
        await password(doctor)
        assert doctor.path == "/"

    async def test_then_neither_the_secret_nor_codes_lie_open(
        self, doctor: Browser, mis: Mis, clock: FixedClock, people: dict[str, UUID]
    ) -> None:
        codes = await enrol(doctor, clock)
        secret = await secret_of(mis, people["DOCTOR"])
        async with mis.services.database.connection() as db:
            kept = str([*await db.fetch("select * from totp"), *await db.fetch("select * from recovery_codes")])
            kept += str([row["data"] for row in await db.fetch("select data from sessions")])
        assert secret not in kept and not any(code in kept for code in codes)

    async def test_off_then_the_password_is_enough_and_a_mail_goes(
        self, doctor: Browser, mis: Mis, clock: FixedClock
    ) -> None:
        await enrol(doctor, clock)
        await doctor.get(f"{FACTOR}/off")
        await doctor.send(f"{FACTOR}/off")
        assert "Другий фактор вимкнено" in doctor.text
        assert (email_of("DOCTOR"), "Вимкнено другий фактор входу") in await mails(mis)
        await doctor.send("/sign-out")
        await password(doctor)
        assert doctor.path == "/"


@pytest.fixture
async def enrolled(doctor: Browser, clock: FixedClock) -> list[str]:
    """A doctor with a second factor, signed out; the recovery codes."""
    codes = await enrol(doctor, clock)
    await doctor.send("/sign-out")
    clock.forward(MINUTE)
    return codes


async def give(browser: Browser, **code: str) -> int:
    """A code at sign-in; the status of the answer."""
    return (await browser.send(DOOR, follow=False, **code)).status_code


async def right_code(mis: Mis, people: dict[str, UUID], clock: FixedClock) -> str:
    return code_at(await secret_of(mis, people["DOCTOR"]), step_of(clock.now()))


class TestDoor:
    async def test_after_the_password_then_the_session_is_nobodys_yet(
        self, doctor: Browser, enrolled: list[str], mis: Mis
    ) -> None:
        before = doctor.client.cookies["__Host-esoz_mis"]
        await password(doctor)
        assert doctor.path == DOOR
        assert doctor.client.cookies["__Host-esoz_mis"] != before
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select count(*) from sessions where user_id is not null") == 0
        await doctor.get("/account")
        assert doctor.path == "/sign-in"

    async def test_with_the_code_then_in_and_one_sign_in_is_shown(
        self, doctor: Browser, enrolled: list[str], mis: Mis, people: dict[str, UUID], clock: FixedClock
    ) -> None:
        await password(doctor)
        assert await give(doctor, code=await right_code(mis, people, clock)) == 303
        assert (await tries(mis))[-2:] == [("passed", "password"), ("accepted", "code")]
        await doctor.get("/account")
        assert doctor.text.count("Пароль і код із застосунку") == 1 and "коду не було" not in doctor.text

    async def test_the_code_a_second_time_then_not_taken(
        self, doctor: Browser, enrolled: list[str], mis: Mis, people: dict[str, UUID], clock: FixedClock
    ) -> None:
        code = await right_code(mis, people, clock)
        await password(doctor)
        await give(doctor, code=code)
        await doctor.get("/account")
        await doctor.send("/sign-out")
        await password(doctor)
        assert await give(doctor, code=code) == 422
        assert "неправильний або вже використаний" in doctor.text

    async def test_the_code_of_the_enrolment_then_not_taken_at_the_door(
        self, doctor: Browser, mis: Mis, people: dict[str, UUID], clock: FixedClock
    ) -> None:
        await enrol(doctor, clock)
        await doctor.send("/sign-out")
        await password(doctor)
        assert await give(doctor, code=await right_code(mis, people, clock)) == 422

    @pytest.mark.parametrize(("waited", "is_in"), [(5 * MINUTE - SECOND, True), (5 * MINUTE, False)])
    async def test_half_way_then_five_minutes(
        self,
        doctor: Browser,
        enrolled: list[str],
        mis: Mis,
        people: dict[str, UUID],
        clock: FixedClock,
        waited: timedelta,
        is_in: bool,
    ) -> None:
        await password(doctor)
        clock.forward(waited)
        await doctor.send(DOOR, code=await right_code(mis, people, clock))
        assert (doctor.path == "/") is is_in, doctor.text
        assert ("Час на введення коду минув" in doctor.text) is not is_in

    async def test_a_new_password_meanwhile_then_the_half_counts_no_more(
        self, doctor: Browser, enrolled: list[str], mis: Mis, people: dict[str, UUID], clock: FixedClock
    ) -> None:
        await password(doctor)
        clock.forward(SECOND)
        async with mis.services.database.connection() as db:
            await db.execute("update users set password_set_at = $1 where id = $2", clock.now(), people["DOCTOR"])
        await doctor.send(DOOR, code=await right_code(mis, people, clock))
        assert doctor.path == "/sign-in"

    async def test_without_the_password_then_led_to_it(self, browser: Browser) -> None:
        await browser.get(DOOR)
        assert browser.path == "/sign-in"

    async def test_password_without_the_code_then_the_user_is_shown_it(
        self, doctor: Browser, enrolled: list[str], mis: Mis, people: dict[str, UUID], clock: FixedClock
    ) -> None:
        await password(doctor)  # somebody knows it and goes no further
        await password(doctor)
        await doctor.send(DOOR, code=await right_code(mis, people, clock))
        assert "1 невдала спроба" in doctor.text
        await doctor.get("/account")
        assert doctor.text.count("Пароль правильний, коду не було") == 1

    async def test_expired_password_then_changed_after_the_code(
        self, doctor: Browser, enrolled: list[str], mis: Mis, people: dict[str, UUID], clock: FixedClock
    ) -> None:
        clock.forward(timedelta(days=91))
        await password(doctor)
        await doctor.send(DOOR, code=await right_code(mis, people, clock))
        await doctor.get("/account")
        assert doctor.path == "/account/password"


class TestPause:
    async def test_after_three_wrong_then_the_fourth_pauses_and_tells_by_mail(
        self, doctor: Browser, enrolled: list[str], mis: Mis, people: dict[str, UUID], clock: FixedClock
    ) -> None:
        await password(doctor)
        for left in (3, 2, 1):
            await give(doctor, code="000000")
            assert f"{left} спроб" in doctor.text
        await give(doctor, code="000000")
        assert "Коди призупинено" in doctor.text and "12:11" in doctor.text
        assert await give(doctor, code=await right_code(mis, people, clock)) == 422
        assert await give(doctor, recovery_code=enrolled[0]) == 422
        assert [subject for _to, subject in await mails(mis)].count("Хтось знає Ваш пароль") == 1
        assert (await tries(mis))[-6:] == [("wrong", "code")] * 4 + [("paused", "code"), ("paused", "recovery_code")]

    @pytest.mark.parametrize(("waited", "is_in"), [(10 * MINUTE - SECOND, False), (10 * MINUTE, True)])
    async def test_pause_then_ten_minutes_and_the_password_is_open(
        self,
        doctor: Browser,
        enrolled: list[str],
        mis: Mis,
        people: dict[str, UUID],
        clock: FixedClock,
        waited: timedelta,
        is_in: bool,
    ) -> None:
        await password(doctor)
        for _ in range(4):
            await give(doctor, code="000000")
        clock.forward(waited)
        await password(doctor)
        assert doctor.path == DOOR
        status = await give(doctor, code=await right_code(mis, people, clock))
        assert (status == 303) is is_in

    async def test_wrong_passwords_then_codes_are_counted_apart(
        self, doctor: Browser, enrolled: list[str], mis: Mis, people: dict[str, UUID], clock: FixedClock
    ) -> None:
        for _ in range(3):
            await doctor.get("/sign-in")
            await doctor.send("/sign-in", email=email_of("DOCTOR"), password="Неправильний-1")
        await password(doctor)
        for _ in range(3):
            await give(doctor, code="000000")
        assert await give(doctor, code=await right_code(mis, people, clock)) == 303

    async def test_a_hundred_guesses_at_once_then_four_are_looked_at(
        self, doctor: Browser, enrolled: list[str], mis: Mis
    ) -> None:
        await password(doctor)
        assert doctor.page
        csrf = doctor.page.text.split('name="csrf" value="')[1].split('"')[0]
        sent = [doctor.client.post(DOOR, data={"csrf": csrf, "code": f"{number:06}"}) for number in range(100)]
        assert {answer.status_code for answer in await asyncio.gather(*sent)} <= {422, 503}
        assert (await tries(mis)).count(("wrong", "code")) == 4

    async def test_lifted_by_the_head_then_the_code_lets_in(
        self,
        doctor: Browser,
        enrolled: list[str],
        mis: Mis,
        people: dict[str, UUID],
        clock: FixedClock,
        consent: Consent,
        connected: World,
        head: UUID,
    ) -> None:
        await password(doctor)
        for _ in range(4):
            await give(doctor, code="000000")
        await come_in(doctor, consent, "OWNER", connected.owner)
        await doctor.get("/staff/pauses")
        assert "12:11" in doctor.text
        await doctor.send("/staff/pauses")
        await doctor.send("/sign-out")
        await password(doctor)
        assert await give(doctor, code=await right_code(mis, people, clock)) == 303


class TestRecoveryCodes:
    async def test_then_lets_in_once_and_a_mail_goes(self, doctor: Browser, enrolled: list[str], mis: Mis) -> None:
        await password(doctor)
        assert await give(doctor, recovery_code=enrolled[3].lower().replace("-", " ")) == 303
        assert (email_of("DOCTOR"), "Використано код відновлення") in await mails(mis)
        await doctor.get(FACTOR)
        assert "лишилося 9 кодів" in doctor.text
        await doctor.send("/sign-out")
        await password(doctor)
        assert await give(doctor, recovery_code=enrolled[3]) == 422

    async def test_one_at_two_doors_at_once_then_one_comes_in(
        self, doctor: Browser, enrolled: list[str], mis: Mis
    ) -> None:
        await password(doctor)
        assert doctor.page
        csrf = doctor.page.text.split('name="csrf" value="')[1].split('"')[0]
        data = {"csrf": csrf, "recovery_code": enrolled[0]}
        answers = await asyncio.gather(*(doctor.client.post(DOOR, data=data) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers)[0] == 303
        assert (await tries(mis)).count(("accepted", "recovery_code")) == 1

    async def test_two_are_left_then_the_desk_says_so(
        self, doctor: Browser, enrolled: list[str], mis: Mis, people: dict[str, UUID], clock: FixedClock
    ) -> None:
        await spend(mis, people["DOCTOR"], left=3)
        await password(doctor)
        await doctor.send(DOOR, code=await right_code(mis, people, clock))
        assert "Закінчуються коди відновлення" not in doctor.text
        await spend(mis, people["DOCTOR"], left=2)
        await doctor.get("/")
        assert "Лишилося 2 коди відновлення" in doctor.text

    async def test_new_ones_then_the_earlier_are_worth_nothing(
        self, doctor: Browser, enrolled: list[str], mis: Mis, people: dict[str, UUID], clock: FixedClock
    ) -> None:
        await password(doctor)
        await doctor.send(DOOR, code=await right_code(mis, people, clock))
        await doctor.get(f"{FACTOR}/codes/new")
        await confirm(doctor)
        await doctor.send(f"{FACTOR}/codes/new")
        fresh = shown_codes(doctor)
        assert len(fresh) == 10 and not set(fresh) & set(enrolled)
        await doctor.send("/sign-out")
        await password(doctor)
        assert await give(doctor, recovery_code=enrolled[0]) == 422
        assert await give(doctor, recovery_code=fresh[0]) == 303


async def spend(mis: Mis, user_id: UUID, left: int) -> None:
    """Use recovery codes until so many are left."""
    async with mis.services.database.connection() as db:
        await db.execute(
            "update recovery_codes set used_at = now() where user_id = $1 and used_at is null and digest in"
            " (select digest from recovery_codes where user_id = $1 and used_at is null offset $2)",
            user_id,
            left,
        )
