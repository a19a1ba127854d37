"""The page that an invitation's mail leads to: a new user, a known one, links that no longer work."""

import re
from datetime import timedelta

import pytest

from esoz.central import identity
from esoz.central.dictionaries import dictionaries
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered
from tests.central.workforce.test_requests import EMAIL, NEWCOMER, PATH, body, told
from tests.factories.registries import last_mail
from tests.factories.world import World

from .conftest import EMAIL as OTHER_EMAIL
from .conftest import PASSWORD, Browser

FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
ACCEPT, REJECT = "Прийняти запрошення", "Відхилити запрошення"
GONE = "Попросіть заклад надіслати нове запрошення"


@pytest.fixture
async def link(world: World, work: Work, db: Connection) -> str:
    """The path in the mail of a fresh invitation."""
    await dictionaries.load(db)
    answered(await world.owner.post(PATH, body(world.owner.sign(told(world.owner)))))
    found = re.search(r"https://api\.test(/invitations/\S+)", await last_mail(db, EMAIL))
    assert found is not None
    return found[1]


async def state(db: Connection) -> tuple[str, int, int]:
    """Status of the invitation, users of its e-mail, employees with the invited tax number."""
    return (
        await db.fetchval("select status from employee_requests"),
        await db.fetchval("select count(*) from users where email = $1", EMAIL),
        await db.fetchval(
            "select count(*) from employees e join parties p on p.id = e.party_id where p.tax_id = $1", NEWCOMER
        ),
    )


UNTOUCHED = ("NEW", 0, 0)


class TestNewUser:
    async def test_link_is_opened_then_who_invites_and_for_what_is_shown(self, browser: Browser, link: str) -> None:
        page = await browser.get(link)
        shown = ("«Калина»", "40000013", "Лікарка Нова", "Лікар", EMAIL, "21\u00a0грудня 2026", "Щонайменше 12")
        assert (page.status_code, [text for text in shown if text not in page.text]) == (200, [])
        assert NEWCOMER not in page.text
        assert page.headers["referrer-policy"] == "same-origin"  # the link stays with us

    async def test_opened_in_english_then_its_words_are(self, browser: Browser, link: str) -> None:
        page = await browser.get(f"{link}?lang=en")
        assert "Accept the invitation" in page.text
        assert ACCEPT not in page.text

    async def test_password_is_good_then_employed_and_may_sign_in(
        self, browser: Browser, link: str, db: Connection
    ) -> None:
        await browser.get(link)
        response = await browser.send(f"{link}/accept", password=PASSWORD)
        assert (response.status_code, response.headers["location"]) == (303, link)
        assert await state(db) == ("APPROVED", 1, 1)
        page = (await browser.get(link)).text
        assert "Запрошення прийнято" in page
        # The second letter comes first: without its password the MIS lets nobody in.
        assert page.index("спершу задайте за ним пароль у МІС") < page.index("Увійдіть до МІС закладу")
        assert "прийде другий лист, від МІС закладу" in await last_mail(db, EMAIL)
        await browser.get("/?lang=en")
        assert "first set your password there" in (await browser.get(link)).text
        await browser.get("/?lang=uk")
        roles = "select role from user_roles r join users u on u.id = r.user_id where u.email = $1"
        assert await db.fetchval(roles, EMAIL) == "DOCTOR"
        await browser.get("/sign-in")
        response = await browser.send("/sign-in?next=/account", email=EMAIL, password=PASSWORD)
        assert response.headers["location"] == "/account"

    @pytest.mark.parametrize(
        ("password", "words"),
        [
            ("", "щонайменше 12 символів"),
            ("коротко", "щонайменше 12 символів"),
            ("лише-малі-літери-1", "малу й велику літери"),
        ],
    )
    async def test_password_is_weak_then_told_and_nothing_is_made(
        self, browser: Browser, link: str, db: Connection, password: str, words: str
    ) -> None:
        await browser.get(link)
        page = await browser.send(f"{link}/accept", password=password)
        assert page.status_code == 422
        assert words in page.text
        assert 'href="#password"' in page.text
        assert await state(db) == UNTOUCHED

    async def test_rejected_then_nobody_is_made_and_it_is_over(
        self, browser: Browser, link: str, db: Connection
    ) -> None:
        await browser.get(link)
        assert (await browser.send(f"{link}/reject")).headers["location"] == link
        assert await state(db) == ("REJECTED", 0, 0)
        page = await browser.get(link)
        assert "Запрошення відхилено" in page.text
        assert ACCEPT not in page.text
        assert (await browser.send(f"{link}/accept", password=PASSWORD)).status_code == 409
        assert await state(db) == ("REJECTED", 0, 0)

    async def test_form_is_sent_twice_then_it_counts_once(self, browser: Browser, link: str, db: Connection) -> None:
        token = FORM_TOKEN.search((await browser.get(link)).text)
        assert token is not None
        both = [await browser.send(f"{link}/accept", password=PASSWORD, form_token=token[1]) for _ in range(2)]
        assert [(each.status_code, each.headers["location"]) for each in both] == [(303, link)] * 2
        assert await state(db) == ("APPROVED", 1, 1)

    async def test_accepted_from_another_window_then_told_so(self, browser: Browser, link: str, db: Connection) -> None:
        await browser.get(link)
        await browser.send(f"{link}/accept", password=PASSWORD)
        page = await browser.send(f"{link}/accept", password="Зовсім-Інший-Пароль-2")
        assert page.status_code == 409
        assert "Запрошення прийнято" in page.text
        assert (await browser.send(f"{link}/reject")).status_code == 409
        assert await state(db) == ("APPROVED", 1, 1)

    @pytest.mark.parametrize("answer", ["accept", "reject"])
    async def test_no_csrf_then_forbidden(self, browser: Browser, link: str, db: Connection, answer: str) -> None:
        browser.csrf = "0" * 64
        response = await browser.send(f"{link}/{answer}", password=PASSWORD)
        assert response.status_code == 403
        assert await state(db) == UNTOUCHED

    async def test_division_has_closed_since_then_told_and_no_account_is_left(
        self, browser: Browser, link: str, world: World, db: Connection
    ) -> None:
        await db.execute("update divisions set status = 'INACTIVE' where id = $1", world.owner.division_id)
        await browser.get(link)
        page = await browser.send(f"{link}/accept", password=PASSWORD)
        assert page.status_code == 409
        assert GONE in page.text
        assert await state(db) == UNTOUCHED


class TestLink:
    @pytest.mark.parametrize(
        "change",
        [
            lambda link: link[:-1],
            lambda link: link[:-1] + ("0" if link[-1] != "0" else "1"),
            lambda link: link.partition(".")[0],
            lambda link: "/invitations/nonsense",
        ],
        ids=["cut", "changed", "without proof", "nonsense"],
    )
    async def test_wrong_then_not_found_whatever_is_done_with_it(
        self, browser: Browser, link: str, db: Connection, change
    ) -> None:
        wrong = change(link)
        await browser.get(link)
        pages = [await browser.get(wrong)]
        pages += [await browser.send(f"{wrong}/{answer}", password=PASSWORD) for answer in ("accept", "reject")]
        assert [page.status_code for page in pages] == [404, 404, 404]
        assert all("Запрошення не знайдено" in page.text for page in pages)
        assert await state(db) == UNTOUCHED

    async def test_expired_then_told_and_answered_no_more(
        self, browser: Browser, link: str, db: Connection, clock: FixedClock
    ) -> None:
        clock.forward(timedelta(days=29))
        page = await browser.get(link)
        assert page.status_code == 200
        assert "Строк запрошення минув" in page.text
        assert "попросіть заклад надіслати нове запрошення" in page.text
        await browser.get("/sign-in")
        for answer in ("accept", "reject"):
            assert (await browser.send(f"{link}/{answer}", password=PASSWORD)).status_code == 409
        assert await state(db) == UNTOUCHED


class TestKnownUser:
    @pytest.fixture
    async def known(self, browser: Browser, link: str, work: Work) -> Browser:
        """Somebody invited who has an account; not signed in."""
        await identity.create_user(work, email=EMAIL, password=PASSWORD, tax_id=NEWCOMER)
        return browser

    async def sign_in(self, browser: Browser, link: str, email: str = EMAIL) -> str:
        await browser.get(f"/sign-in?next={link}")
        response = await browser.send(f"/sign-in?next={link}", email=email, password=PASSWORD)
        return str(response.headers["location"])

    async def test_not_signed_in_then_led_to_sign_in_and_nothing_is_written(
        self, known: Browser, link: str, db: Connection
    ) -> None:
        page = await known.get(link)
        assert f'href="/sign-in?next={link}"' in page.text
        assert ACCEPT not in page.text
        assert REJECT not in page.text
        await known.get("/sign-in")
        for answer in ("accept", "reject"):
            assert (await known.send(f"{link}/{answer}", password=PASSWORD)).headers["location"] == link
        assert await state(db) == ("NEW", 1, 0)

    async def test_signed_in_then_accepts(self, known: Browser, link: str, db: Connection) -> None:
        assert await self.sign_in(known, link) == link
        page = await known.get(link)
        assert 'type="password"' not in page.text
        assert (await known.send(f"{link}/accept")).headers["location"] == link
        assert await state(db) == ("APPROVED", 1, 1)
        assert "Запрошення прийнято" in (await known.get(link)).text

    async def test_signed_in_then_rejects(self, known: Browser, link: str, db: Connection) -> None:
        await self.sign_in(known, link)
        await known.get(link)
        await known.send(f"{link}/reject")
        assert await state(db) == ("REJECTED", 1, 0)

    async def test_somebody_else_is_signed_in_then_may_not_answer(
        self, known: Browser, link: str, worker_id, db: Connection
    ) -> None:
        await self.sign_in(known, link, OTHER_EMAIL)
        page = await known.get(link)
        assert "Увійдіть під іншою поштою" in page.text
        assert 'action="/sign-out"' in page.text
        assert ACCEPT not in page.text
        assert (await known.send(f"{link}/accept")).headers["location"] == link
        assert await state(db) == ("NEW", 1, 0)

    async def test_account_is_of_another_human_being_then_told(self, known: Browser, link: str, db: Connection) -> None:
        await db.execute("update users set tax_id = '1111111118' where email = $1", EMAIL)
        await self.sign_in(known, link)
        await known.get(link)
        page = await known.send(f"{link}/accept")
        assert page.status_code == 409
        assert GONE in page.text
        assert await state(db) == ("NEW", 1, 0)
