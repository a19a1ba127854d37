"""Passkeys: made and used as a browser does it, and everything that an answer may be wrong in."""

import asyncio
import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.kernel.clock import FixedClock
from esoz.mis.app import Mis
from esoz.mis.sign_in.passkeys.model import MOST, is_counted_on, is_possible

from .authenticator import PRESENT, VERIFIED, Authenticator, decoded, encoded
from .conftest import MIS_URL, NOW, Browser, email_of
from .signing_in import FACTOR, confirm, enrol, events, mails, password, tries

HOME, DOOR = "/account/passkeys", "/sign-in/passkey"
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("kept", "given", "is_so"), [(0, 0, True), (0, 1, True), (1, 2, True), (1, 1, False), (2, 1, False), (1, 0, False)]
)
def test_counter_then_it_grows_or_is_always_zero(kept: int, given: int, is_so: bool) -> None:
    assert is_counted_on(kept, given) is is_so


@pytest.mark.parametrize(
    ("address", "is_so"),
    [
        ("https://mis.clinic.ua", True),
        ("http://localhost:8410", True),
        ("http://mis.localhost", True),
        ("http://mis.clinic.ua", False),
        ("http://127.0.0.1:8410", False),
        ("https://[::1]:8410", False),
    ],
)
def test_address_then_passkeys_work_on_names_over_tls_and_on_the_machine_itself(address: str, is_so: bool) -> None:
    assert is_possible(address) is is_so


def options(browser: Browser) -> str:
    """What the page asks the browser for."""
    assert browser.page
    return html.unescape(browser.page.text.split('data-passkey-options="')[1].split('"')[0])


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator(MIS_URL)


async def add(browser: Browser, device: Authenticator, name: str = "Телефон") -> int:
    """Make a passkey; the status of the answer."""
    await browser.get(f"{HOME}/new")
    await confirm(browser)
    answer = device.create(options(browser))
    return (await browser.send(f"{HOME}/new", follow=False, name=name, answer=answer)).status_code


async def come(browser: Browser, device: Authenticator) -> int:
    await browser.get(DOOR, next="/account")
    return (await browser.send(DOOR, follow=False, answer=device.get(options(browser)))).status_code


@pytest.fixture
async def known(doctor: Browser, phone: Authenticator) -> Authenticator:
    """The doctor's telephone, with a passkey; the doctor is signed out."""
    assert await add(doctor, phone) == 303
    await doctor.get("/account")
    await doctor.send("/sign-out")
    return phone


class TestAdd:
    async def test_then_it_is_in_the_list_and_a_mail_goes(
        self, doctor: Browser, phone: Authenticator, mis: Mis
    ) -> None:
        assert await add(doctor, phone, "Мій телефон") == 303
        await doctor.get(HOME)
        assert "Мій телефон" in doctor.text and "ще не було" in doctor.text
        assert (email_of("DOCTOR"), "Додано ключ доступу") in await mails(mis)
        assert "passkey.added" in await events(mis)

    async def test_without_the_password_again_then_asked_for_it(self, doctor: Browser) -> None:
        await doctor.get(f"{HOME}/new")
        assert doctor.path == "/account/confirm"

    async def test_then_asks_for_a_discoverable_one_that_knows_its_user(
        self, doctor: Browser, phone: Authenticator, people: dict[str, UUID]
    ) -> None:
        await add(doctor, phone)
        await doctor.get(f"{HOME}/new")
        asked = json.loads(options(doctor))
        assert asked["authenticatorSelection"] == {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        }
        assert asked["rp"]["id"] == "mis.test" and decoded(asked["user"]["id"]) == people["DOCTOR"].bytes
        assert [known["id"] for known in asked["excludeCredentials"]] == [encoded(phone.id)]
        assert len(decoded(asked["challenge"])) == 40

    async def test_several_then_all_come_in(self, doctor: Browser, phone: Authenticator) -> None:
        laptop = Authenticator(MIS_URL)
        for device in (phone, laptop):
            assert await add(doctor, device) == 303
        for device in (laptop, phone):
            await doctor.get("/account")
            await doctor.send("/sign-out")
            assert await come(doctor, device) == 303

    async def test_the_same_again_or_more_than_twenty_then_not_added(
        self, doctor: Browser, phone: Authenticator
    ) -> None:
        await add(doctor, phone)
        assert await add(doctor, phone) == 422
        for _ in range(MOST - 1):
            assert await add(doctor, Authenticator(MIS_URL)) == 303
        assert await add(doctor, Authenticator(MIS_URL)) == 422

    @pytest.mark.parametrize("name", ["", "Н" * 61])
    async def test_without_a_name_or_with_a_long_one_then_told(
        self, doctor: Browser, phone: Authenticator, name: str
    ) -> None:
        assert await add(doctor, phone, name) == 422

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda device: setattr(device, "origin", "https://mis.evil"),
            lambda device: setattr(device, "flags", PRESENT),
            lambda device: setattr(device, "flags", VERIFIED),
            lambda device: setattr(device, "type", "webauthn.get"),
            lambda device: setattr(device, "cross_origin", True),
        ],
    )
    async def test_not_as_asked_then_not_added(
        self, doctor: Browser, phone: Authenticator, spoil: Callable[[Authenticator], None]
    ) -> None:
        spoil(phone)
        assert await add(doctor, phone) == 422

    async def test_answer_sent_twice_then_the_second_is_not_taken(self, doctor: Browser, phone: Authenticator) -> None:
        await doctor.get(f"{HOME}/new")
        await confirm(doctor)
        asked = options(doctor)
        await doctor.send(f"{HOME}/new", name="Перший", answer=phone.create(asked))
        await doctor.get(f"{HOME}/new")
        answer = await doctor.send(f"{HOME}/new", name="Другий", answer=Authenticator(MIS_URL).create(asked))
        assert answer.status_code == 422


class TestComeIn:
    async def test_without_an_address_then_in_and_the_list_says_when(
        self, doctor: Browser, known: Authenticator, mis: Mis
    ) -> None:
        await doctor.get("/sign-in")
        assert f'href="{DOOR}"' in (doctor.page.text if doctor.page else "")
        assert await come(doctor, known) == 303
        assert (await tries(mis))[-1] == ("accepted", "passkey")
        await doctor.get("/account")
        assert "Ключ доступу" in doctor.text
        await doctor.get(HOME)
        assert "ще не було" not in doctor.text

    async def test_with_a_code_set_too_then_no_code_is_asked_for(
        self, doctor: Browser, phone: Authenticator, clock: FixedClock
    ) -> None:
        await enrol(doctor, clock)
        await add(doctor, phone)
        await doctor.get("/account")
        await doctor.send("/sign-out")
        assert await come(doctor, phone) == 303
        await doctor.get("/account")
        assert doctor.path == "/account"

    async def test_during_a_pause_and_with_a_password_that_is_over_then_in(
        self, doctor: Browser, known: Authenticator, mis: Mis
    ) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("update users set password_set_at = $1", NOW - 91 * DAY)
            await db.execute("update clinics set second_factor_from = $1", NOW.date())
        for _ in range(4):
            await doctor.get("/sign-in")
            await doctor.send("/sign-in", email=email_of("DOCTOR"), password="Неправильний-1")
        assert await come(doctor, known) == 303
        await doctor.get("/account")
        assert doctor.path == "/account"

    async def test_answer_sent_again_then_not_taken(self, doctor: Browser, known: Authenticator, mis: Mis) -> None:
        known.counts = False
        await doctor.get(DOOR)
        assert doctor.page
        fields = dict(re.findall(r'name="(csrf)" value="([^"]+)"', doctor.page.text))
        fields["answer"] = known.get(options(doctor))
        answers = await asyncio.gather(*(doctor.client.post(DOOR, data=fields) for _ in range(4)))
        assert [answer.status_code for answer in answers].count(303) == 1
        assert (await tries(mis)).count(("accepted", "passkey")) == 1

    async def test_counter_that_does_not_grow_then_not_taken_and_the_owner_is_told(
        self, doctor: Browser, known: Authenticator, mis: Mis
    ) -> None:
        known.counter = 4
        assert await come(doctor, known) == 303
        await doctor.get("/account")
        await doctor.send("/sign-out")
        known.counter = 4
        assert await come(doctor, known) == 422
        assert (email_of("DOCTOR"), "Ключ доступу, можливо, скопійовано") in await mails(mis)

    @pytest.mark.parametrize(("waited", "status"), [(5 * MINUTE - SECOND, 303), (5 * MINUTE, 422)])
    async def test_then_five_minutes(
        self, doctor: Browser, known: Authenticator, clock: FixedClock, waited: timedelta, status: int
    ) -> None:
        await doctor.get(DOOR)
        asked = options(doctor)
        clock.forward(waited)
        assert (await doctor.send(DOOR, follow=False, answer=known.get(asked))).status_code == status

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda device: setattr(device, "origin", "https://mis.evil"),
            lambda device: setattr(device, "flags", PRESENT),
            lambda device: setattr(device, "type", "webauthn.create"),
            lambda device: setattr(device, "cross_origin", True),
            lambda device: setattr(device, "key", Authenticator("").key),
            lambda device: setattr(device, "user", b"somebody else"),
        ],
    )
    async def test_not_as_asked_then_refused_and_the_owner_sees_it(
        self, doctor: Browser, known: Authenticator, mis: Mis, spoil: Callable[[Authenticator], None]
    ) -> None:
        spoil(known)
        assert await come(doctor, known) == 422
        assert "Ключ доступу не прийнято" in doctor.text
        assert (await tries(mis))[-1] == ("refused", "passkey")
        await password(doctor)
        await doctor.get("/account")
        assert "Не прийнято" in doctor.text

    @pytest.mark.parametrize(
        "answer", ["", "{}", "null", "[]", '{"rawId": 1}', "x" * 70_000, '{"id":"AA","rawId":"AA"}', "[" * 60_000]
    )
    async def test_nonsense_then_refused(self, browser: Browser, answer: str) -> None:
        await browser.get(DOOR)
        assert (await browser.send(DOOR, follow=False, answer=answer)).status_code == 422

    async def test_of_nobody_here_then_the_same_answer(self, browser: Browser, phone: Authenticator) -> None:
        assert await come(browser, phone) == 422
        assert "Ключ доступу не прийнято" in browser.text

    async def test_of_somebody_who_has_left_then_refused(
        self, doctor: Browser, known: Authenticator, mis: Mis, people: dict[str, UUID]
    ) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("update users set is_active = false where id = $1", people["DOCTOR"])
        assert await come(doctor, known) == 422


class TestUnlock:
    async def test_with_ones_own_then_the_page_is_open_again(
        self, doctor: Browser, phone: Authenticator, mis: Mis
    ) -> None:
        await add(doctor, phone)
        await doctor.get("/account")
        await doctor.send("/lock")
        assert doctor.path == "/locked" and "Розблокувати ключем доступу" in doctor.text
        assert "Вийти" not in (await doctor.get("/locked/passkey")).text
        await doctor.get("/locked/passkey", next="/account")
        await doctor.send("/locked/passkey", answer=phone.get(options(doctor)))
        assert doctor.path == "/account"
        assert (await tries(mis))[-1] == ("accepted", "password")  # no new sign-in

    async def test_with_a_colleagues_then_locked_still(
        self, doctor: Browser, known: Authenticator, people: dict[str, UUID]
    ) -> None:
        await password(doctor, "RECEPTIONIST")
        await doctor.get("/account")
        await doctor.send("/lock")
        await doctor.get("/locked/passkey")
        answer = await doctor.send("/locked/passkey", answer=known.get(options(doctor)))
        assert answer.status_code == 422
        await doctor.get("/account")
        assert doctor.path == "/locked"


class TestRemove:
    async def test_then_it_lets_in_no_more_and_a_mail_goes(
        self, doctor: Browser, phone: Authenticator, mis: Mis
    ) -> None:
        await add(doctor, phone)
        await doctor.get(HOME)
        path = re.findall(rf'href="({HOME}/[0-9a-f-]{{36}})"', doctor.page.text if doctor.page else "")[0]
        await doctor.get(path)
        await doctor.send(path)
        assert "Ключ доступу видалено" in doctor.text and "Ключів доступу ще немає" in doctor.text
        assert (email_of("DOCTOR"), "Видалено ключ доступу") in await mails(mis)
        await doctor.send("/sign-out")
        assert await come(doctor, phone) == 422

    async def test_of_another_then_not_found(self, doctor: Browser, known: Authenticator, mis: Mis) -> None:
        async with mis.services.database.connection() as db:
            id = await db.fetchval("select id from passkeys")
        await password(doctor, "RECEPTIONIST")
        await doctor.get(f"{FACTOR}/new")
        await confirm(doctor)
        assert (await doctor.get(f"{HOME}/{id}")).status_code == 404


async def test_page_at_another_address_than_configured_then_it_leads_to_the_right_one(browser: Browser) -> None:
    """The browser itself refuses a passkey of another site: the script then shows this sentence."""
    await browser.get(DOOR)
    assert browser.page
    sentence = browser.page.text.split("data-passkey-elsewhere", 1)[1].split("</p>", 1)[0]
    assert f'href="{MIS_URL}{DOOR}"' in sentence
