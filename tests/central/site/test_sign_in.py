"""Pages of signing in: password, second factor, КЕП, expired password, recovery, and the consent they lead to."""

import base64
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from esoz.central import identity
from esoz.central.site import make_site
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.pages.display import clock_time
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies, NeedsExternal, SignedContent, Work
from esoz.signature import sign
from tests.factories.world import World

from .conftest import BASE_URL, EMAIL, PASSWORD, PHONE, REDIRECT, Browser, last_code

NEW = "Зовсім-інший-пароль-2"
WRONG = "Адреса електронної пошти або пароль неправильні."


async def start(browser: Browser, asked: str, password: str = PASSWORD):
    await browser.get(f"/sign-in?{asked}")
    return await browser.send(f"/sign-in?{asked}", email=EMAIL, password=password)


class TestPassword:
    async def test_right_leads_to_consent_and_consent_back_to_the_mis_with_a_code(self, browser, asked) -> None:
        response = await start(browser, asked)
        assert response.headers["location"].startswith("/consent?")
        page = await browser.get(response.headers["location"])
        assert "Пацієнти: пошук і перегляд" in page.text
        returned = await browser.send(response.headers["location"], answer="yes")
        address = re.search(r'href="(https://mis\.test[^"]+)"', returned.text)
        assert address is not None
        assert re.fullmatch(re.escape(REDIRECT) + r"\?code=[\w-]{43}&amp;state=xyz", address[1])

    async def test_no_leads_back_with_access_denied(self, browser, asked) -> None:
        response = await start(browser, asked)
        await browser.get(response.headers["location"])
        returned = await browser.send(response.headers["location"], answer="no")
        assert f"{REDIRECT}?error=access_denied&amp;state=xyz" in returned.text

    async def test_wrong_and_unknown_answer_the_same_page(self, browser, asked) -> None:
        wrong = await start(browser, asked, "неправильний")
        unknown = await browser.send(f"/sign-in?{asked}", email="nobody@clinic.example", password=PASSWORD)
        assert (wrong.status_code, unknown.status_code) == (403, 403)
        assert WRONG in wrong.text
        blank = re.compile(r'value="[^"]*"')
        assert blank.sub("", wrong.text) == blank.sub("", unknown.text)

    async def test_wrong_then_the_tries_left_are_told_and_the_pause_by_the_try_that_begins_it(
        self, browser, asked
    ) -> None:
        for left in ("Залишилося 3 спроби", "Залишилося 2 спроби", "Залишилася 1 спроба"):
            assert left in (await start(browser, asked, "неправильний")).text
        fourth = await start(browser, asked, "неправильний")
        fifth = await start(browser, asked)  # the right one is not looked at
        for response in (fourth, fifth):
            assert "Вхід за паролем зупинено до" in response.text and WRONG not in response.text

    async def test_pause_then_told_until_when_it_really_lasts(self, browser, asked, clock) -> None:
        begun = clock.now()
        for _ in range(3):
            await start(browser, asked, "неправильний")
        clock.forward(timedelta(minutes=8))
        response = await start(browser, asked, "неправильний")
        assert f"зупинено до {clock_time(begun + timedelta(minutes=10))}" in response.text  # AUTH-5
        clock.forward(timedelta(minutes=2, seconds=1))
        assert (await start(browser, asked)).headers["location"].startswith("/consent?")

    async def test_hint_of_the_mis_then_stands_in_the_form_on_the_whole_way(self, browser, asked) -> None:
        page = await browser.get(f"/sign-in?{asked}&login_hint=doctor%40clinic.example")
        assert 'value="doctor@clinic.example"' in page.text
        assert (
            page.text.count("login_hint=doctor%40clinic.example") == 3
        )  # the form, the ways to the key and to English
        for odd in ("nobody", "a@" + "b" * 260, "a@b%00", "%22%3E%3Cscript%3E@b"):
            page = await browser.get(f"/sign-in?{asked}&login_hint={odd}")
            assert page.status_code in (200, 400, 404) and "<script>@" not in page.text

    async def test_scope_of_another_role_is_not_offered(self, browser, asked) -> None:
        query = asked.replace("episode:read+person:read", "legal_entity:write")
        response = await start(browser, query)
        page = await browser.get(response.headers["location"])
        assert "Ви не маєте потрібної ролі в цьому закладі" in page.text

    async def test_foreign_redirect_is_never_followed(self, browser, asked) -> None:
        response = await browser.get(f"/sign-in?{asked.replace(REDIRECT, 'https://evil.test/')}")
        assert response.status_code == 422
        assert "evil.test" not in response.headers.get("location", "")

    # GW-7
    async def test_one_address_cannot_try_the_passwords_of_many(self, browser, asked) -> None:
        """Each e-mail has its own pause; this is the bound on trying one password with many of them."""
        await browser.get(f"/sign-in?{asked}")
        for number in range(80):
            await browser.send("/sign-in?client_id=none", email=f"user{number}@clinic.example", password="x")
        response = await browser.send(f"/sign-in?{asked}", email=EMAIL, password=PASSWORD)
        assert (response.status_code, response.headers["retry-after"]) == (429, "60")


# AUTH-16, AUTH-17
class TestSecondFactor:
    async def test_code_from_sms_is_asked_and_leads_on(self, browser, asked, worker_id, work, db) -> None:
        await identity.require_factor(work, worker_id, phone=PHONE)
        response = await start(browser, asked)
        assert response.headers["location"].startswith("/sign-in/code?")
        assert (await browser.get(f"/consent?{asked}")).headers["location"].startswith("/sign-in")
        page = await browser.get(response.headers["location"])
        assert "Введіть код із SMS" in page.text
        assert PHONE not in page.text
        response = await browser.send(response.headers["location"], code=await last_code(db))
        assert response.headers["location"].startswith("/consent?")

    async def test_three_wrong_codes_block_the_user(self, browser, asked, worker_id, work, db) -> None:
        await identity.require_factor(work, worker_id, phone=PHONE)
        place = (await start(browser, asked)).headers["location"]
        await browser.get(place)
        right = await last_code(db)
        wrong = "000000" if right != "000000" else "111111"
        pages = [await browser.send(place, code=wrong) for _ in range(3)]
        assert "Код неправильний" in pages[1].text and "Залишилася 1 спроба" in pages[1].text
        assert "Спроби вичерпано" in pages[2].text
        assert await db.fetchval("select is_blocked from users where id = $1", worker_id)
        assert "Користувача заблоковано" in (await start(browser, asked)).text

    # AUTH-20
    async def test_new_code_makes_the_old_one_worthless(self, browser, asked, worker_id, work, db, clock) -> None:
        await identity.require_factor(work, worker_id, phone=PHONE)
        place = (await start(browser, asked)).headers["location"]
        await browser.get(place)
        old = await last_code(db)
        clock.forward(timedelta(seconds=1))
        await browser.send(place.replace("/sign-in/code", "/sign-in/code/again"))
        new = await last_code(db)
        if old != new:
            assert "Код неправильний" in (await browser.send(place, code=old)).text
        assert (await browser.send(place, code=new)).headers["location"].startswith("/consent?")

    async def test_phone_is_asked_for_once_when_none_is_set(self, browser, asked, worker_id, work, db) -> None:
        await identity.require_factor(work, worker_id)
        place = (await start(browser, asked)).headers["location"]
        assert place.startswith("/sign-in/phone?")
        await browser.get(place)
        assert "Введіть номер у вигляді" in (await browser.send(place, phone="0671234567")).text
        code_page = (await browser.send(place, phone=PHONE)).headers["location"]
        response = await browser.send(code_page, code=await last_code(db))
        assert response.headers["location"].startswith("/consent?")
        assert await db.fetchval("select factor from authentication_factors where user_id = $1", worker_id) == PHONE


class TestExpiredPassword:
    async def test_is_changed_on_the_way_and_sign_in_goes_on(self, browser, asked, clock: FixedClock) -> None:
        clock.forward(timedelta(days=90))
        place = (await start(browser, asked)).headers["location"]
        assert place.startswith("/password?")
        assert "Строк дії пароля минув" in (await browser.get(place)).text
        assert "щонайменше 12 символів" in (await browser.send(place, current=PASSWORD, new="Коротк-1")).text
        assert "уже був Вашим" in (await browser.send(place, current=PASSWORD, new=PASSWORD)).text
        assert "Чинний пароль неправильний" in (await browser.send(place, current="інший", new=NEW)).text
        response = await browser.send(place, current=PASSWORD, new=NEW)
        assert response.headers["location"].startswith("/consent?")
        assert (await browser.get(response.headers["location"])).status_code == 200

    async def test_page_is_closed_to_who_has_not_signed_in(self, browser, asked) -> None:
        assert (await browser.get(f"/password?{asked}")).headers["location"].startswith("/sign-in")


# AUTH-39, AUTH-40
class TestRecovery:
    async def test_link_of_a_mail_sets_a_new_password_once(self, browser, worker_id, db) -> None:
        await browser.get("/password/forgotten")
        page = await browser.send("/password/forgotten", email=EMAIL)
        assert "Якщо така адреса є в ЕСОЗ" in page.text
        mail = await db.fetchrow("select recipient, body from messages where channel = 'mail'")
        assert mail["recipient"] == EMAIL
        link = re.search(r"https://api\.test(/password/reset\?token=\S+)", mail["body"])
        assert link is not None
        await browser.get(link[1])
        assert (await browser.send(link[1], new=NEW)).headers["location"] == "/sign-in"
        assert (await browser.get(link[1])).status_code == 404
        response = await browser.send("/sign-in?next=/account", email=EMAIL, password=NEW)
        assert response.headers["location"] == "/account"

    async def test_unknown_address_gets_the_same_page_and_no_mail(self, browser, worker_id, db) -> None:
        await browser.get("/password/forgotten")
        known = await browser.send("/password/forgotten", email=EMAIL)
        unknown = await browser.send("/password/forgotten", email="nobody@clinic.example")
        assert known.text == unknown.text
        assert await db.fetchval("select count(*) from messages where channel = 'mail'") == 1

    async def test_link_lives_twenty_five_minutes(self, browser, worker_id, db, clock: FixedClock) -> None:
        await browser.get("/password/forgotten")
        await browser.send("/password/forgotten", email=EMAIL)
        body = await db.fetchval("select body from messages where channel = 'mail'")
        path = "/password/reset?token=" + re.search(r"token=(\S+)", body)[1]
        clock.forward(timedelta(seconds=1500))
        assert "Посилання більше не діє" in (await browser.get(path)).text


# AUTH-34
class TestKey:
    @pytest.fixture
    async def address(self, asked: str, world: World, worker_id: UUID, db: Connection) -> str:
        """The page of signing in; the worker is the world's doctor, and their password has expired."""
        await db.execute("update users set tax_id = null where tax_id = $1", world.doctor.tax_id)
        await db.execute(
            "update users set tax_id = $2, password_set_at = password_set_at - interval '1 year' where id = $1",
            worker_id,
            world.doctor.tax_id,
        )
        return f"/sign-in/key?{asked}"

    @staticmethod
    async def content(browser: Browser, address: str) -> str:
        """What is to be signed, base64: shown to the signer and sent back with the form."""
        page = await browser.get(address)
        shown = re.search(r'data-kep-content value="([^"]+)"', page.text)
        sent = re.search(r'name="content" value="([^"]+)"', page.text)
        assert shown is not None
        assert sent is not None
        assert shown[1] == sent[1]
        return shown[1]

    @staticmethod
    async def upload(browser: Browser, address: str, content: str, file: bytes):
        fields = {"csrf": browser.csrf, "content": content}
        return await browser.http.post(address, data=fields, files={"signed_file": ("vhid.p7s", file)})

    async def test_own_key_signs_a_worker_in_whose_password_has_expired(
        self, browser: Browser, address: str, world: World, db: Connection
    ) -> None:
        content = await self.content(browser, address)
        assert set(json.loads(base64.b64decode(content))) == {"jwt"}
        signed = world.doctor.sign(base64.b64decode(content))
        response = await browser.send(address, content=content, signed_content=signed)
        assert response.headers["location"].startswith("/consent?")
        await browser.get(response.headers["location"])
        returned = await browser.send(response.headers["location"], answer="yes")
        assert "?code=" in returned.text
        assert await db.fetchval("select method from tokens where name = 'authorization_code'") == "signature"

    @pytest.mark.parametrize("detached", [False, True], ids=["whole", "detached"])
    @pytest.mark.parametrize("encode", [bytes, base64.encodebytes], ids=["DER", "base64"])
    async def test_file_signed_elsewhere_signs_in(
        self, browser: Browser, address: str, world: World, detached: bool, encode
    ) -> None:
        content, key = await self.content(browser, address), world.doctor.key
        signed = sign(base64.b64decode(content), key.key, key.certificate, at=world.doctor.now, detached=detached)
        response = await self.upload(browser, address, content, encode(signed))
        assert response.headers["location"].startswith("/consent?")

    async def test_detached_signature_of_something_else_is_refused(
        self, browser: Browser, address: str, world: World
    ) -> None:
        content, key = await self.content(browser, address), world.doctor.key
        signed = sign(b"something else", key.key, key.certificate, at=world.doctor.now, detached=True)
        response = await self.upload(browser, address, content, signed)
        assert response.status_code == 403
        assert "Підписано інший документ" in response.text

    @pytest.mark.parametrize("content", ["", "не base64"])
    async def test_content_does_not_come_back_then_refused(
        self, browser: Browser, address: str, world: World, content: str
    ) -> None:
        shown = await self.content(browser, address)
        signed = world.doctor.sign(base64.b64decode(shown))
        response = await browser.send(address, content=content, signed_content=signed)
        assert response.status_code == 403
        assert "на вхід ще раз" in response.text or "Підписано інший документ" in response.text

    async def test_one_signed_request_signs_in_once(self, browser: Browser, address: str, world: World) -> None:
        content = await self.content(browser, address)
        signed = world.doctor.sign(base64.b64decode(content))
        first = await browser.send(address, content=content, signed_content=signed)
        assert first.status_code == 303
        await browser.get(address)
        assert (await browser.send(address, content=content, signed_content=signed)).status_code == 403

    async def test_revocation_must_be_asked_about_then_asked_and_signed_in(
        self, database, dependencies: Dependencies, clock: FixedClock, address: str, world: World
    ) -> None:
        """As the verifier of a running central does for a certificate that it sees for the first time."""
        questions: list[bytes] = []

        def verifier(document: bytes, *, at: datetime, now: datetime | None = None) -> SignedContent:
            async def asking() -> None:
                questions.append(document)

            if not questions:
                raise NeedsExternal(asking)
            return dependencies.verifier(document, at=at, now=now)

        site = make_site(
            database, replace(dependencies, verifier=verifier), clock, Settings({"ESOZ_CENTRAL_URL": BASE_URL})
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=BASE_URL) as client:
            browser = Browser(client)
            content = await self.content(browser, address)
            signed = world.doctor.sign(base64.b64decode(content))
            response = await browser.send(address, content=content, signed_content=signed)
        assert (response.status_code, len(questions)) == (303, 1)

    async def test_stranger_s_key_is_refused(self, browser: Browser, address: str, world: World) -> None:
        content = await self.content(browser, address)
        signed = world.pharmacist.sign(base64.b64decode(content))
        response = await browser.send(address, content=content, signed_content=signed)
        assert response.status_code == 403
        assert "За цим ключем користувача не знайдено" in response.text


# AUTH-12, AUTH-15
class TestAccount:
    @pytest.fixture
    async def signed_in(self, browser: Browser, worker_id: UUID) -> Browser:
        await browser.get("/sign-in")
        await browser.send("/sign-in?next=/account", email=EMAIL, password=PASSWORD)
        return browser

    async def test_shows_the_end_of_the_password_s_term(self, signed_in: Browser) -> None:
        page = await signed_in.get("/account")
        assert "20\u00a0лютого 2027\u00a0року" in page.text
        assert "не задано" in page.text

    async def test_phone_is_set_with_password_and_code(self, signed_in: Browser, db, worker_id) -> None:
        await signed_in.get("/account/phone")
        wrong = await signed_in.send("/account/phone", phone=PHONE, password="інший")
        assert "Чинний пароль неправильний" in wrong.text
        await signed_in.send("/account/phone", phone=PHONE, password=PASSWORD)
        response = await signed_in.send("/account/phone/code", code=await last_code(db))
        assert response.headers["location"] == "/account"
        assert await db.fetchval("select factor from authentication_factors where user_id = $1", worker_id) == PHONE

    async def test_changed_password_ends_other_sessions_and_tokens(
        self, signed_in: Browser, db: Connection, work: Work, world: World, worker_id: UUID
    ) -> None:
        await identity.issue_access(work, worker_id, world.doctor.client_id, frozenset({"person:read"}), None)
        await db.execute(
            "insert into sessions (id, user_id, data, created_at, seen_at, expires_at)"
            " select '\\x01', user_id, '{}', created_at, seen_at, expires_at from sessions where user_id = $1",
            worker_id,
        )
        await signed_in.get("/password?next=/account")
        response = await signed_in.send("/password?next=/account", current=PASSWORD, new=NEW)
        assert response.headers["location"] == "/account"
        assert (await signed_in.get("/account")).status_code == 200
        assert await db.fetchval("select count(*) from sessions where user_id = $1", worker_id) == 1
        live = "select count(*) from tokens where user_id = $1 and expires_at > $2"
        assert await db.fetchval(live, worker_id, work.now) == 0

    async def test_permission_is_seen_and_withdrawn_with_its_tokens(
        self, signed_in: Browser, db: Connection, work: Work, world: World, worker_id: UUID
    ) -> None:
        client_id = world.doctor.client_id
        scopes = frozenset({"person:read"})
        app_id = await identity.save_consent(work, worker_id, client_id, scopes)
        await identity.issue_access(work, worker_id, client_id, scopes, app_id)
        assert "Відкликати дозвіл" in (await signed_in.get("/account")).text
        await signed_in.send(f"/account/apps/{app_id}/delete")
        assert "Нікому." in (await signed_in.get("/account")).text
        live = "select count(*) from tokens where user_id = $1 and name = 'access_token' and expires_at > $2"
        assert await db.fetchval(live, worker_id, work.now) == 0

    async def test_change_of_password_is_told_by_mail(self, signed_in: Browser, db: Connection) -> None:
        await signed_in.get("/password?next=/account")
        await signed_in.send("/password?next=/account", current=PASSWORD, new=NEW)
        mail = await db.fetchrow("select recipient, subject from messages where channel = 'mail'")
        assert (mail["recipient"], mail["subject"]) == (EMAIL, "Пароль в ЕСОЗ змінено")

    async def test_open_redirect_is_not_possible(self, browser: Browser, worker_id: UUID) -> None:
        await browser.get("/sign-in")
        response = await browser.send("/sign-in?next=//evil.test", email=EMAIL, password=PASSWORD)
        assert response.headers["location"] == "/account"
