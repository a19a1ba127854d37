"""Drafts: what was typed survives faults, detours and ends of sessions, for its own user only, until it is taken."""

import re
from datetime import timedelta

import httpx
import pytest

from esoz.kernel.db import Database
from esoz.kernel.pages import delete_expired, sessions
from esoz.kernel.pages.drafts import LIFE, MOST_BYTES, delete_old
from esoz.kernel.pages.refill import cut, filled

from .conftest import BASE_URL
from .example import site as example
from .test_site import COOKIE, hidden, records, sign_in

TYPED = {
    "last_name": "Франко",
    "note": "Кашель\n<3 дні>",
    "sex": "FEMALE",
    "country": "PL",
    "ways": ["mail"],
    "code": "R05",
    "code_text": "R05 Кашель",
    "agree": "yes",
}
HOUR = timedelta(hours=1)


@pytest.fixture
async def doctor(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    await sign_in(visitor)
    return visitor


def main_form(page: httpx.Response) -> dict[str, str]:
    """Hidden fields of the form of the page, the notice above it left out."""
    parts = cut(page.text)
    assert parts
    names = ("csrf", "form_token", "draft", "draft_user", "draft_from")
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', parts.inside) for name in names}
    return {name: match[1] for name, match in found.items() if match}


async def typed(browser: httpx.AsyncClient, path: str = "/form", **other: str) -> dict[str, object]:
    """The form as it is filled in, ready to be sent."""
    return main_form(await browser.get(path)) | TYPED | other


async def autosave(browser: httpx.AsyncClient, form: dict[str, object]) -> httpx.Response:
    given = {name: value for name, value in form.items() if name != "form_token"}
    return await browser.post("/drafts", data=given | {"draft_key": form["form_token"]})


async def kept(database: Database) -> int:
    async with database.connection() as db:
        return await db.fetchval("select count(*) from drafts")


async def come_back(browser: httpx.AsyncClient, away: httpx.Response, login: str = "doctor") -> httpx.Response:
    """Sign in at the page that the answer leads to, and go where it leads."""
    form = await browser.get(away.headers["location"])
    given = {"csrf": hidden(form, "csrf"), "login": login, "password": "right"}
    entered = await browser.post(away.headers["location"], data=given)
    return await browser.get(entered.headers["location"])


def assert_refilled(page: httpx.Response) -> None:
    text = page.text
    assert "Ми зберегли введене" in text
    assert 'id="last_name" name="last_name" type="text"' in text and 'value="Франко"' in text
    assert "Кашель\n&lt;3 дні&gt;</textarea>" in text
    assert re.search(r'value="FEMALE"[^>]* checked', text) and not re.search(r'value="MALE"[^>]* checked', text)
    assert '<option value="PL" selected>' in text and '<option value="UA" selected>' not in text
    assert re.search(r'value="mail"[^>]* checked', text) and not re.search(r'value="sms"[^>]* checked', text)
    assert re.search(r'name="code"[^>]* value="R05"', text)


class TestAutosave:
    async def test_typed_then_the_form_opens_filled_in(self, doctor):
        answer = await autosave(doctor, await typed(doctor))
        assert answer.json()["saved_at"] == "10:00"
        assert_refilled(await doctor.get("/form"))

    async def test_sent_then_the_draft_is_gone(self, doctor, database):
        form = await typed(doctor)
        await autosave(doctor, form)
        assert (await doctor.post("/form", data=form)).status_code == 303
        assert await kept(database) == 0
        assert "Ми зберегли введене" not in (await doctor.get("/form")).text

    async def test_saved_in_the_background_after_it_was_sent_then_not_kept(self, doctor, database):
        form = await typed(doctor)
        await doctor.post("/form", data=form)
        assert (await autosave(doctor, form)).json()["saved_at"] == ""
        assert await kept(database) == 0

    async def test_sent_from_the_refilled_form_then_the_first_draft_is_gone_too(self, doctor, database):
        await autosave(doctor, await typed(doctor))
        await doctor.post("/form", data=await typed(doctor))
        assert await kept(database) == 0

    async def test_of_another_address_then_not_shown(self, doctor):
        await autosave(doctor, await typed(doctor, "/form?patient=1"))
        assert "Ми зберегли введене" not in (await doctor.get("/form?patient=2")).text
        assert_refilled(await doctor.get("/form?patient=1&lang=uk"))

    async def test_two_tabs_then_each_text_can_be_opened(self, doctor, clock):
        first, second = await typed(doctor), await typed(doctor, last_name="Кобилянська")
        await autosave(doctor, first)
        clock.forward(timedelta(minutes=1))
        await autosave(doctor, second)
        page = await doctor.get("/form")
        assert 'value="Кобилянська"' in page.text
        other = re.search(r'href="(/form\?draft_key=[0-9a-f]+)"', page.text)
        assert other and "Інше введене тут" in page.text
        assert_refilled(await doctor.get(other[1]))

    async def test_cleared_then_the_form_is_empty(self, doctor, database):
        await autosave(doctor, await typed(doctor))
        page = await doctor.get("/form")
        given = {name: hidden(page, name) for name in ("csrf", "form_token", "draft", "draft_user", "draft_from")}
        assert (await doctor.post("/drafts/clear", data=given)).headers["location"] == "/form"
        assert await kept(database) == 0

    async def test_too_large_or_for_another_user_then_not_kept(self, doctor, database):
        await autosave(doctor, await typed(doctor, note="а" * MOST_BYTES))
        await autosave(doctor, await typed(doctor, draft_user=str(example.CLERK_ID)))
        assert await kept(database) == 0

    async def test_in_the_database_then_not_readable_and_without_secrets(self, doctor, database):
        await autosave(doctor, await typed(doctor, new_password="Таємниця"))
        async with database.connection() as db:
            row = await db.fetchrow("select * from drafts")
        assert "Франко".encode() not in row["content"]
        assert "Таємниця" not in (await doctor.get("/form")).text

    async def test_after_a_week_then_forgotten(self, doctor, database, clock):
        await autosave(doctor, await typed(doctor))
        async with database.connection() as db:
            await delete_old(db, clock.now() + LIFE - timedelta(seconds=1))
            assert await kept(database) == 1
            await delete_old(db, clock.now() + LIFE)
        assert await kept(database) == 0


class TestNotTaken:
    async def test_with_faults_then_kept_until_it_is_taken(self, doctor, database):
        form = await typed(doctor, last_name="")
        page = await doctor.post("/form", data=form)
        assert page.status_code == 422 and await kept(database) == 1
        again = main_form(page)
        assert again["draft_from"] == form["form_token"] and again["draft"] == "/form"
        assert (await doctor.post("/form", data=again | TYPED)).status_code == 303
        assert await kept(database) == 0

    async def test_led_away_to_another_page_then_kept(self, doctor):
        await doctor.post("/form/elsewhere", data=await typed(doctor))
        assert_refilled(await doctor.get("/form"))

    async def test_a_conflict_then_kept_though_the_rest_is_taken_back(self, doctor, database):
        assert (await doctor.post("/fail", data=await typed(doctor))).status_code == 409
        assert_refilled(await doctor.get("/form"))
        assert await records(database) == []

    async def test_a_field_that_the_form_no_longer_has_then_its_text_is_shown(self, doctor):
        await autosave(doctor, await typed(doctor, allergy="Пеніцилін"))
        page = (await doctor.get("/form")).text
        assert "Для цього вже немає поля" in page and "<li>Пеніцилін</li>" in page


class TestEndOfSession:
    @pytest.mark.parametrize("hours", [1, 12])
    async def test_idle_or_absolute_then_after_sign_in_everything_is_there(self, doctor, clock, hours):
        form = await typed(doctor)
        for _ in range(2 * hours - 1):
            clock.forward(HOUR / 2)
            await doctor.get("/queue")
        clock.forward(HOUR)
        away = await doctor.post("/form", data=form)
        assert away.headers["location"] == "/sign-in?next=%2Fform"
        told = (await doctor.get(away.headers["location"])).text
        assert "Введене збережено" in told
        assert ("довго нічого" if hours == 1 else "найдовший строк") in told
        assert_refilled(await come_back(doctor, away))

    async def test_in_the_background_then_kept_too(self, doctor, clock):
        form = await typed(doctor)
        clock.forward(HOUR)
        assert (await autosave(doctor, form)).status_code == 303
        assert_refilled(await come_back(doctor, await doctor.get("/form")))

    async def test_deleted_by_the_cleaning_or_ended_elsewhere_then_kept(self, doctor, database, clock):
        form = await typed(doctor)
        clock.forward(HOUR)
        async with database.connection() as db:
            await delete_expired(db, clock.now(), sessions.Terms())
        assert_refilled(await come_back(doctor, await doctor.post("/form", data=form)))

    async def test_another_user_signs_in_then_sees_nothing_of_it(self, doctor, clock):
        form = await typed(doctor)
        clock.forward(HOUR)
        page = await come_back(doctor, await doctor.post("/form", data=form), login="clerk")
        assert page.url.path == "/form" and "Франко" not in page.text and "Ми зберегли" not in page.text

    async def test_two_tabs_then_the_second_one_is_kept_before_and_after_the_new_sign_in(self, doctor, clock):
        first, second, third = [await typed(doctor, f"/form?patient={number}") for number in (1, 2, 3)]
        clock.forward(HOUR)
        away = await doctor.post("/form", data=first)
        assert (await doctor.post("/form", data=second)).headers["location"].startswith("/sign-in")
        assert_refilled(await come_back(doctor, away))
        back = await doctor.post("/form", data=third)
        assert back.headers["location"] == "/form?patient=3"
        assert_refilled(await doctor.get("/form?patient=3"))
        assert_refilled(await doctor.get("/form?patient=2"))

    async def test_the_form_of_another_user_in_an_old_tab_then_refused_and_not_kept(self, doctor, database):
        form = await typed(doctor)
        csrf = hidden(await doctor.get("/queue"), "csrf")
        await doctor.post("/sign-out", data={"csrf": csrf})
        await sign_in(doctor, "clerk")
        assert (await doctor.post("/form", data=form)).status_code == 403
        assert await kept(database) == 0

    async def test_from_another_site_then_refused_and_not_kept(self, doctor, database, clock):
        form = await typed(doctor)
        clock.forward(HOUR)
        answer = await doctor.post("/form", data=form, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403 and await kept(database) == 0


class TestPlaces:
    async def test_two_browsers_then_both_are_listed_and_this_one_is_marked(self, doctor, database, clock):
        async with _second(database, clock) as other:
            await sign_in(other)
            page = (await other.get("/account/sessions", headers={"User-Agent": "Firefox/1 (Windows)"})).text
        assert page.count("Цей сеанс") == 1 and page.count('action="/account/sessions/end"') == 1
        assert "Firefox, Windows" in page

    async def test_one_ended_then_its_browser_is_told_and_this_one_stays(self, doctor, database, clock):
        async with _second(database, clock) as other:
            await sign_in(other)
            form = await typed(other)
            page = await doctor.get("/account/sessions")
            given = {"csrf": hidden(page, "csrf"), "session": sessions.session_id(other.cookies[COOKIE]).hex()}
            assert (await doctor.post("/account/sessions/end", data=given)).status_code == 303
            away = await other.post("/form", data=form)
            assert "з іншого пристрою" in (await other.get(away.headers["location"])).text
            assert_refilled(await come_back(other, away))
        assert (await doctor.get("/queue")).status_code == 200
        async with database.connection() as db:
            lines = await db.fetch("select event from audit_events where user_id = $1", example.DOCTOR_ID)
        assert "session.ended_elsewhere" in {line["event"] for line in lines}

    async def test_all_others_ended_then_only_this_one_is_left(self, doctor, database, clock):
        async with _second(database, clock) as other:
            await sign_in(other)
            given = {"csrf": hidden(await doctor.get("/account/sessions"), "csrf")}
            await doctor.post("/account/sessions/end-others", data=given)
            assert (await other.get("/queue")).status_code == 303
        assert "Завершити всі інші" not in (await doctor.get("/account/sessions")).text

    async def test_of_another_user_then_it_does_not_end(self, doctor, database, clock):
        async with _second(database, clock) as other:
            await sign_in(other, "clerk")
            given = {"csrf": hidden(await doctor.get("/queue"), "csrf")}
            given["session"] = sessions.session_id(other.cookies[COOKIE]).hex()
            await doctor.post("/account/sessions/end", data=given)
            assert (await other.get("/queue")).status_code == 200


def _second(database: Database, clock: object) -> httpx.AsyncClient:
    """Another browser at the same site."""
    transport = httpx.ASGITransport(example.make(database, clock, BASE_URL))
    agent = {"User-Agent": "Firefox/1 (Windows)"}
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=agent)


class TestRefill:
    def test_repeated_fields_then_taken_in_order_and_what_is_over_is_told(self):
        inside = '<input type="text" name="a" value="1"><input type="text" name="a">'
        html, lost = filled(inside, {"a": ["x", "y"], "b": ["z", " "]}, frozenset())
        assert html == '<input type="text" name="a" value="x"><input type="text" name="a" value="y">'
        assert lost == ["z"]

    def test_passwords_and_files_then_never_filled(self):
        inside = '<input type="password" name="a"><input type="file" name="b">'
        assert filled(inside, {"a": ["x"], "b": ["y"]}, frozenset()) == (inside, [])

    def test_text_with_marks_then_escaped(self):
        html, _ = filled('<input type="text" name="a">', {"a": ['"><script>']}, frozenset())
        assert html == '<input type="text" name="a" value="&#34;&gt;&lt;script&gt;">'

    def test_folded_parts_then_opened(self):
        html, _ = filled('<details class="x"><details open>', {}, frozenset())
        assert html == '<details open class="x"><details open>'

    def test_a_page_without_a_marked_form_then_nothing_is_cut(self):
        assert cut("<form method=post></form>") is None
