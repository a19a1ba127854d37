"""Signing in with КЕП: one's own key and no other, one request of this browser, open when passwords are not."""

import base64
import html
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from esoz.gateways.revocation import RevocationStatus, State
from esoz.gateways.verifier import Mode, TrustListVerifier
from esoz.kernel.clock import FixedClock
from esoz.kernel.settings import Settings
from esoz.mis.app import Mis, make_app
from esoz.mis.sign_in.accounts.commands.challenges import forget_old
from esoz.mis.sign_in.key_sign_in.model import text_to_sign
from esoz.sdk import Central
from esoz.signature import Authority, Issued, Subject, TrustList, sign
from tests.factories.world import API_KEY, World

from .conftest import CENTRAL_URL, MIS_URL, NOW, PASSWORD, Browser, Consent, Wire, come_in, email_of
from .signing_in import password, tries

DOOR = "/sign-in/key"
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def asked(browser: Browser) -> bytes:
    """What the page gives to be signed."""
    assert browser.page
    found = re.search(r'data-kep-content value="([^"]+)"|data:application/json;base64,([^"]+)"', browser.page.text)
    assert found
    return base64.b64decode(html.unescape(found[1] or found[2]))


def signed(content: bytes, key: Issued) -> str:
    return base64.b64encode(sign(content, key.key, key.certificate, at=NOW)).decode()


async def come(browser: Browser, key: Issued, *, next: str = "/account") -> int:
    """Sign the request of the page with a key; the status of the answer."""
    await browser.get(DOOR, next=next)
    return await send(browser, signed(asked(browser), key))


async def send(browser: Browser, document: str) -> int:
    return (await browser.send(DOOR, follow=False, signed_content=document)).status_code


@pytest.fixture
def key(connected: World) -> Issued:
    """The doctor's own."""
    return connected.doctor.key


@pytest.fixture
async def passport_holder(mis: Mis, people: dict[str, UUID], connected: World) -> AsyncIterator[None]:
    """The doctor has a passport in the place of the tax id; users are kept from test to test."""
    async with mis.services.database.connection() as db:
        await db.execute("update users set tax_id = 'КС000017' where id = $1", people["DOCTOR"])
        yield
        await db.execute("update users set tax_id = $2 where id = $1", people["DOCTOR"], connected.doctor.tax_id)


def key_of(authority: Authority, drfo: str | None, *, ends: timedelta = DAY, **more: object) -> Issued:
    subject = Subject(surname="Ковальчук", given_name="Ґалина Їжаківна", drfo=drfo, **more)
    return authority.issue(subject, valid_from=NOW - 2 * DAY, valid_to=NOW + ends)


class TestText:
    def test_then_says_where_and_when_and_is_the_same_for_the_same_challenge(self) -> None:
        text = text_to_sign("https://mis.test", NOW, b"\x01\x02")
        told = json.loads(text)
        assert told["Сайт"] == "https://mis.test" and told["Час"] == "22.11.2026 12:00:00" and told["Номер"] == "0102"
        assert text == text_to_sign("https://mis.test", NOW, b"\x01\x02")


class TestComeIn:
    async def test_with_ones_own_key_then_in_and_consent_goes_on(
        self, browser: Browser, consent: Consent, connected: World, key: Issued, mis: Mis
    ) -> None:
        await browser.get("/sign-in", next="/sync")
        assert f'href="{DOOR}?next=%2Fsync"' in (browser.page.text if browser.page else "")
        await browser.get(DOOR, next="/sync")
        answer = await browser.send(DOOR, follow=False, signed_content=signed(asked(browser), key))
        start = await browser.client.get(answer.headers["location"])
        await browser.get(await consent.answer(connected.doctor.user_id, start.headers["location"]))
        assert browser.path == "/sync"
        assert await tries(mis) == [("accepted", "key")]
        await browser.get("/account")
        assert "КЕП" in browser.text and "Вхід" in browser.text

    # SG-4
    @pytest.mark.parametrize("drfo", ["KC000017", "кс 000017", "КС-000017"])
    async def test_passport_in_the_place_of_the_tax_id_in_any_spelling_then_in(
        self, browser: Browser, authority: Authority, passport_holder: None, drfo: str
    ) -> None:
        assert await come(browser, key_of(authority, drfo)) == 303

    async def test_by_an_uploaded_file_then_in(self, browser: Browser, key: Issued) -> None:
        await browser.get(DOOR)
        assert browser.page
        form = browser.page.text.split("multipart/form-data")[1]
        fields = dict(re.findall(r'name="(csrf|challenge)" value="([^"]+)"', form))
        file = base64.b64decode(signed(asked(browser), key))
        answer = await browser.client.post(DOOR, data=fields, files={"signed_file": ("vhid.p7s", file)})
        assert answer.status_code == 303

    async def test_during_a_pause_of_passwords_then_in(self, browser: Browser, key: Issued) -> None:
        for _ in range(4):
            await browser.get("/sign-in")
            await browser.send("/sign-in", email=email_of("DOCTOR"), password="Неправильний-1")
        assert "Вхід призупинено" in browser.text and "Інші способи входу" in browser.text
        assert await come(browser, key) == 303
        await browser.get("/sign-in")
        await browser.send("/sign-out")
        await password(browser)
        assert "Вхід призупинено" in browser.text  # the pause of passwords is what it was

    async def test_with_a_password_that_is_over_then_not_asked_for_another(
        self, browser: Browser, key: Issued, mis: Mis, people: dict[str, UUID]
    ) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("update users set password_set_at = $1", NOW - 91 * DAY)
        await come(browser, key)
        await browser.get("/account")
        assert browser.path == "/account"

    async def test_while_the_clinic_requires_a_second_factor_then_in(
        self, browser: Browser, key: Issued, mis: Mis
    ) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("update clinics set second_factor_from = $1", NOW.date())
        await come(browser, key)
        await browser.get("/account")
        assert browser.path == "/account"

    async def test_then_ways_in_are_changed_without_the_password_for_five_minutes(
        self, browser: Browser, key: Issued, clock: FixedClock
    ) -> None:
        await come(browser, key)
        await browser.get("/account/second-factor/new")
        assert browser.path == "/account/second-factor/new"
        clock.forward(5 * MINUTE)
        await browser.get("/account/second-factor/new")
        assert browser.path == "/account/confirm"

    async def test_after_somebody_elses_sign_out_then_nothing_of_theirs_is_left(
        self, doctor: Browser, consent: Consent, connected: World, key: Issued
    ) -> None:
        await doctor.get("/account/second-factor/new")
        await doctor.send("/account/confirm", password=PASSWORD)
        await doctor.send("/sign-out")
        await come_in(doctor, consent, "RECEPTIONIST", connected.registrar)
        await doctor.get("/account/second-factor/new")
        assert doctor.path == "/account/confirm"


class TestChallenge:
    async def test_answered_twice_then_the_second_is_refused(self, browser: Browser, key: Issued, mis: Mis) -> None:
        await browser.get(DOOR)
        assert browser.page
        fields = dict(re.findall(r'name="(csrf|challenge)" value="([^"]+)"', browser.page.text))
        cookie = browser.client.cookies["__Host-esoz_mis"]
        fields["signed_content"] = signed(asked(browser), key)
        assert (await browser.client.post(DOOR, data=fields)).status_code == 303
        browser.client.cookies.clear()
        browser.client.cookies.set("__Host-esoz_mis", cookie)  # the same browser as it was before
        answer = await browser.client.post(DOOR, data=fields)
        assert answer.status_code == 422 and "застарів або вже використаний" in answer.text
        assert [outcome for outcome, _method in await tries(mis)] == ["accepted", "refused"]

    async def test_of_another_browser_then_refused(self, browser: Browser, key: Issued, mis: Mis) -> None:
        await browser.get(DOOR)
        assert browser.page
        challenge = re.findall(r'name="challenge" value="([^"]+)"', browser.page.text)[0]
        document = signed(asked(browser), key)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(mis), base_url=MIS_URL) as client:
            other = Browser(client)
            await other.get(DOOR)
            answer = await other.send(DOOR, follow=False, signed_content=document, challenge=challenge)
        assert answer.status_code == 422

    @pytest.mark.parametrize(("waited", "status"), [(5 * MINUTE - SECOND, 303), (5 * MINUTE, 422)])
    async def test_then_five_minutes(
        self, browser: Browser, key: Issued, clock: FixedClock, waited: timedelta, status: int
    ) -> None:
        await browser.get(DOOR)
        document = signed(asked(browser), key)
        clock.forward(waited)
        assert await send(browser, document) == status

    @pytest.mark.parametrize("challenge", ["", "00", "00" * 40, "щось"])
    async def test_made_up_then_refused(self, browser: Browser, key: Issued, challenge: str) -> None:
        await browser.get(DOOR)
        document = signed(asked(browser), key)
        answer = await browser.send(DOOR, follow=False, signed_content=document, challenge=challenge)
        assert answer.status_code == 422

    async def test_signed_text_of_another_site_then_refused(self, browser: Browser, key: Issued) -> None:
        await browser.get(DOOR)
        other = asked(browser).replace(b"mis.test", b"mis.evil")
        assert await send(browser, signed(other, key)) == 422

    async def test_ten_minutes_after_the_answer_then_forgotten_and_not_before(
        self, browser: Browser, key: Issued, mis: Mis, clock: FixedClock
    ) -> None:
        await come(browser, key)
        for waited, left in ((10 * MINUTE, 1), (SECOND, 0)):
            clock.forward(waited)
            await forget_old(mis.services)
            async with mis.services.database.connection() as db:
                assert await db.fetchval("select count(*) from spent_challenges") == left


class TestRefused:
    async def test_key_of_nobody_here_then_told_what_to_do_and_noted(
        self, browser: Browser, authority: Authority, mis: Mis
    ) -> None:
        assert await come(browser, key_of(authority, "9988776655")) == 422
        assert "попросіть керівника закладу перевірити Ваш РНОКПП" in browser.text
        assert await tries(mis) == [("refused", "key")]

    async def test_two_users_of_one_code_then_the_same_answer(
        self, browser: Browser, key: Issued, mis: Mis, connected: World, people: dict[str, UUID]
    ) -> None:
        async with mis.services.database.transaction() as db:
            await db.execute(
                "update users set tax_id = $1 where id = $2", connected.doctor.tax_id, people["PHARMACIST"]
            )
        try:
            assert await come(browser, key) == 422
            assert "не знайдено рівно одного працівника" in browser.text
        finally:
            async with mis.services.database.transaction() as db:
                await db.execute(
                    "update users set tax_id = $1 where id = $2", connected.pharmacist.tax_id, people["PHARMACIST"]
                )

    async def test_of_somebody_who_has_left_then_not_let_in(
        self, browser: Browser, key: Issued, mis: Mis, people: dict[str, UUID]
    ) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("update users set is_active = false where id = $1", people["DOCTOR"])
        assert await come(browser, key) == 422

    async def test_seal_then_told_that_a_persons_key_is_wanted(self, browser: Browser, authority: Authority) -> None:
        seal = key_of(authority, None, organization="Амбулаторія", edrpou="22222222", is_seal=True)
        assert await come(browser, seal) == 422
        assert "ечатк" in browser.text

    async def test_key_without_a_code_then_told_so(self, browser: Browser, authority: Authority) -> None:
        assert await come(browser, key_of(authority, None)) == 422
        assert "немає РНОКПП" in browser.text

    async def test_expired_then_refused_with_the_reason(
        self, browser: Browser, authority: Authority, connected: World
    ) -> None:
        assert await come(browser, key_of(authority, connected.doctor.tax_id, ends=-SECOND)) == 422
        assert "трок" in browser.text

    async def test_wrong_keys_then_passwords_are_not_counted(
        self, browser: Browser, authority: Authority, mis: Mis
    ) -> None:
        for _ in range(5):
            await come(browser, key_of(authority, "9988776655"))
        await password(browser)
        assert (await tries(mis))[-1] == ("accepted", "password")


class TestUnlock:
    async def lock(self, browser: Browser, key: Issued) -> int:
        await browser.get("/account")
        await browser.send("/lock")
        await browser.get("/locked/key", next="/account")
        return (await browser.send("/locked/key", signed_content=signed(asked(browser), key))).status_code

    async def test_with_ones_own_key_then_the_page_is_open_again(self, doctor: Browser, key: Issued) -> None:
        await self.lock(doctor, key)
        assert doctor.path == "/account"

    async def test_with_a_colleagues_key_then_locked_still(self, doctor: Browser, connected: World) -> None:
        assert await self.lock(doctor, connected.registrar.key) == 422
        assert "ключем того, хто тут працює" in doctor.text
        await doctor.get("/account")
        assert doctor.path == "/locked"


class Withdrawn:
    """A provider that says of every certificate that it was revoked yesterday."""

    latest = None

    def known(self, _certificate: object, at: object) -> RevocationStatus:
        return RevocationStatus(state=State.REVOKED, asked_at=NOW, until=NOW + DAY, since=NOW - DAY)


@pytest.fixture
async def strict(mis: Mis, authority: Authority, wire: Wire, clock: FixedClock) -> AsyncIterator[Browser]:
    """The workplace whose verifier asks about revocation."""
    settings = Settings({"ESOZ_MIS_URL": MIS_URL, "ESOZ_CENTRAL_URL": CENTRAL_URL, "ESOZ_SECRET": "s" * 32})
    verifier = TrustListVerifier(TrustList(authority.certificates), Withdrawn(), Mode.SOFT)
    central = Central(CENTRAL_URL, api_key=API_KEY, transport=wire)
    app = make_app(settings, mis.services.database, central, clock, verifier=verifier)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=MIS_URL) as client:
        yield Browser(client)
    await central.close()


async def test_revoked_then_refused_with_the_reason(strict: Browser, key: Issued) -> None:
    assert await come(strict, key) == 422
    assert "скасував" in strict.text
