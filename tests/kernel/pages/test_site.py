"""The pipeline of a page: sessions, forms, access, refusals, headers; the browser here has no JavaScript."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest

from esoz.kernel.db import Database
from esoz.kernel.errors import Rejected
from esoz.kernel.pages import Form, Pages, sessions
from esoz.kernel.settings import Settings

from .conftest import BASE_URL
from .example import site as example

COOKIE = "esoz_example"


def hidden(page: httpx.Response, name: str) -> str:
    """Value of the first hidden field of that name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"{page.url} has no field {name}"
    return found[1]


async def sign_in(browser: httpx.AsyncClient, login: str = "doctor") -> httpx.Response:
    form = await browser.get("/sign-in")
    return await browser.post("/sign-in", data={"csrf": hidden(form, "csrf"), "login": login, "password": "right"})


async def records(database: Database) -> list[str]:
    async with database.connection() as db:
        return [row["text"] for row in await db.fetch("select text from records order by number")]


async def sessions_kept(database: Database) -> int:
    async with database.connection() as db:
        return await db.fetchval("select count(*) from sessions")


@pytest.fixture
async def doctor(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    assert (await sign_in(visitor)).status_code == 303
    return visitor


class TestSession:
    async def test_reading_a_public_page_then_nothing_is_stored(self, visitor, database):
        await visitor.get("/sign-in")
        assert await sessions_kept(database) == 0

    async def test_signing_in_then_the_token_is_another_and_only_its_hash_is_stored(self, visitor, database):
        await visitor.get("/sign-in")
        before = visitor.cookies[COOKIE]
        await sign_in(visitor)
        after = visitor.cookies[COOKIE]
        assert after != before
        async with database.connection() as db:
            assert [row["id"] for row in await db.fetch("select id from sessions")] == [sessions.session_id(after)]

    async def test_the_cookie_when_set_then_scripts_cannot_read_it(self, visitor):
        answer = await visitor.get("/sign-in")
        assert re.fullmatch(rf"{COOKIE}=[\w-]{{43}}; HttpOnly; Path=/; SameSite=lax", answer.headers["set-cookie"])

    async def test_the_cookie_of_an_https_site_then_it_is_secure_and_bound_to_the_host(self, database, clock):
        transport = httpx.ASGITransport(example.make(database, clock, "https://mis.example.org"))
        async with httpx.AsyncClient(transport=transport, base_url="https://mis.example.org") as browser:
            answer = await browser.get("/sign-in")
        assert answer.headers["set-cookie"].startswith("__Host-esoz_example=")
        assert "; Secure" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"] == "max-age=31536000"

    async def test_idle_for_an_hour_then_sign_in_is_asked_for_and_says_why(self, doctor, clock):
        clock.forward(timedelta(minutes=59))
        assert (await doctor.get("/queue")).status_code == 200
        clock.forward(timedelta(minutes=60))
        answer = await doctor.get("/form?page=2")
        assert answer.headers["location"] == "/sign-in?next=%2Fform%3Fpage%3D2"
        assert "Сеанс завершено" in (await doctor.get(answer.headers["location"])).text

    def test_terms_of_the_operator_then_they_hold(self):
        settings = Settings({"ESOZ_SESSION_IDLE_MINUTES": "15", "ESOZ_SESSION_HOURS": "8"})
        assert sessions.Terms.of(settings) == sessions.Terms(timedelta(minutes=15), timedelta(hours=8))

    async def test_twelve_hours_of_work_then_the_session_ends_in_any_case(self, doctor, clock):
        for _ in range(23):
            clock.forward(timedelta(minutes=31))
            assert (await doctor.get("/queue")).status_code == 200
        clock.forward(timedelta(minutes=10))
        assert (await doctor.get("/queue")).status_code == 303

    async def test_polling_in_the_background_then_the_session_is_not_kept_alive(self, doctor, clock):
        for _ in range(6):
            clock.forward(timedelta(minutes=10))
            answer = await doctor.get("/progress/state", headers={"HX-Request": "true", "X-Background": "1"})
        assert answer.headers["hx-redirect"] == "/sign-in?next=%2F"

    async def test_going_on_then_the_end_moves(self, doctor, clock):
        clock.forward(timedelta(minutes=59))
        assert (await doctor.get("/session/continue")).json() == {"idle": 3600, "absolute": 39660}
        clock.forward(timedelta(minutes=59))
        assert (await doctor.get("/queue")).status_code == 200

    async def test_signing_out_then_the_old_cookie_opens_nothing(self, doctor):
        old = doctor.cookies[COOKIE]
        csrf = hidden(await doctor.get("/queue"), "csrf")
        assert (await doctor.post("/sign-out", data={"csrf": csrf})).headers["location"] == "/sign-in"
        doctor.cookies.clear()
        doctor.cookies.set(COOKIE, old)
        assert (await doctor.get("/queue")).status_code == 303

    async def test_end_all_then_the_user_is_out_but_the_kept_session_stays(self, doctor, database, clock):
        token = doctor.cookies[COOKIE]
        async with database.connection() as db:
            kept, _ = await sessions.load(db, token, clock.now(), sessions.Terms())
            await sessions.end_all(db, example.DOCTOR_ID, but=kept)
        assert (await doctor.get("/queue")).status_code == 200
        async with database.connection() as db:
            await sessions.end_all(db, example.DOCTOR_ID)
        assert (await doctor.get("/queue")).status_code == 303

    async def test_delete_expired_then_only_living_sessions_stay(self, doctor, database, clock):
        async with database.connection() as db:
            await sessions.delete_expired(db, clock.now() + timedelta(minutes=59), sessions.Terms())
            assert await sessions_kept(database) == 1
            await sessions.delete_expired(db, clock.now() + timedelta(minutes=60), sessions.Terms())
            assert await sessions_kept(database) == 0


# AB-1
class TestAccess:
    async def test_a_page_that_does_not_say_who_may_see_it_then_it_cannot_be_registered(self):
        pages: Pages[object, example.Account] = Pages()
        with pytest.raises(TypeError):
            pages.add("GET /x")
        with pytest.raises(TypeError):
            pages.add("GET /x", roles={"doctor"}, public=True)

    async def test_nobody_signed_in_then_they_are_led_to_sign_in_and_back(self, visitor):
        answer = await visitor.get("/queue?page=2")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fqueue%3Fpage%3D2")
        form = await visitor.get(answer.headers["location"])
        assert hidden(form, "next") == "/queue?page=2"

    @pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb"])
    async def test_next_leads_to_another_site_then_it_is_ignored(self, visitor, address):
        form = await visitor.get("/sign-in", params={"next": address})
        assert hidden(form, "next") == "/"

    async def test_without_the_role_then_forbidden(self, visitor, database):
        await sign_in(visitor, "clerk")
        csrf = hidden(await visitor.get("/form"), "csrf")
        answer = await visitor.post("/form", data={"csrf": csrf, "last_name": "Франко"})
        assert answer.status_code == 403
        assert "Немає доступу" in answer.text
        assert await records(database) == []


class TestForm:
    async def save(self, browser: httpx.AsyncClient, **changes: str) -> httpx.Response:
        page = await browser.get("/form")
        data = {"csrf": hidden(page, "csrf"), "form_token": hidden(page, "form_token"), "last_name": "Франко"}
        return await browser.post("/form", data=data | changes)

    async def test_saved_then_committed_and_said_once_on_the_next_page(self, doctor, database):
        answer = await self.save(doctor)
        assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
        assert await records(database) == ["Франко"]
        assert "Запис збережено" in (await doctor.get("/queue")).text
        assert "Запис збережено" not in (await doctor.get("/queue")).text

    async def test_sent_twice_then_performed_once_and_both_lead_to_the_same_page(self, doctor, database):
        page = await doctor.get("/form")
        data = {"csrf": hidden(page, "csrf"), "form_token": hidden(page, "form_token"), "last_name": "Франко"}
        answers = [await doctor.post("/form", data=data) for _ in range(3)]
        assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, "/queue")}
        assert await records(database) == ["Франко"]

    async def test_copies_at_the_same_moment_then_performed_once(self, doctor, database):
        page = await doctor.get("/form")
        data = {"csrf": hidden(page, "csrf"), "form_token": hidden(page, "form_token"), "last_name": "Франко"}
        answers = await asyncio.gather(*(doctor.post("/form", data=data) for _ in range(5)))
        assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, "/queue")}
        assert await records(database) == ["Франко"]

    async def test_several_documents_then_all_signatures_come_in_order(self):
        form = Form(texts={"signed_content": ["Zmlyc3Q=", "c2Vjb25k"]})
        assert form.signed_all(2) == [b"first", b"second"]
        with pytest.raises(Rejected):
            form.signed_all(3)

    async def test_shown_again_with_faults_then_the_same_form_can_be_sent_corrected(self, doctor, database):
        page = await doctor.get("/form")
        data = {"csrf": hidden(page, "csrf"), "form_token": hidden(page, "form_token")}
        refused = await doctor.post("/form", data=data | {"last_name": ""})
        assert refused.status_code == 422
        assert '<a href="#last_name">Введіть прізвище</a>' in refused.text
        assert (await doctor.post("/form", data=data | {"last_name": "Франко"})).status_code == 303
        assert await records(database) == ["Франко"]

    async def test_an_impossible_day_then_the_field_says_so_and_keeps_what_was_typed(self, doctor):
        day = {"birth_date_day": "31", "birth_date_month": "2", "birth_date_year": "1990"}
        answer = await self.save(doctor, **day)
        assert "Введіть справжню дату" in answer.text
        assert 'value="1990"' in answer.text

    async def test_a_file_then_it_is_read_whole(self, doctor, database):
        csrf = hidden(await doctor.get("/sign"), "csrf")
        answer = await doctor.post("/sign", data={"csrf": csrf}, files={"signed_file": ("d.p7s", b"\x30\x80signed")})
        assert answer.status_code == 303

    @pytest.mark.parametrize("content", ["", "not base64!"])
    async def test_unsigned_or_broken_content_then_the_form_says_what_to_do(self, doctor, content):
        csrf = hidden(await doctor.get("/sign"), "csrf")
        answer = await doctor.post("/sign", data={"csrf": csrf, "signed_content": content})
        assert answer.status_code == 422
        assert 'href="#signed_file"' in answer.text

    async def test_nul_in_a_field_then_bad_request(self, doctor, database):
        assert (await self.save(doctor, last_name="a\0b")).status_code == 400
        assert await records(database) == []

    async def test_body_over_the_limit_then_too_large(self, doctor):
        assert (await self.save(doctor, note="a" * (10 * 1024 * 1024))).status_code == 413

    async def test_stream_over_the_limit_then_too_large_whatever_its_header_says(self, doctor):
        async def stream():
            yield b'--x\r\nContent-Disposition: form-data; name="scan"; filename="a"\r\n\r\n'
            for _ in range(11):
                yield b"a" * 1024 * 1024

        kind = {"content-type": "multipart/form-data; boundary=x"}
        assert (await doctor.post("/form", content=stream(), headers=kind)).status_code == 413

    async def test_find_without_scripts_then_choices_are_shown(self, doctor):
        answer = await self.save(doctor, find="code", code_text="каш")
        assert answer.status_code == 200
        assert 'value="R05"' in answer.text
        assert 'value="A97"' not in answer.text
        ids = re.findall(r'\sid="([^"]*)"', answer.text)
        assert len(ids) == len(set(ids))


class TestForgery:
    @pytest.mark.parametrize("token", ["", "0" * 64, "Ї"])
    async def test_wrong_token_then_refused_and_nothing_done(self, doctor, database, token):
        answer = await doctor.post("/form", data={"csrf": token, "last_name": "Франко"})
        assert answer.status_code == 403
        assert "Форма застаріла" in answer.text
        assert await records(database) == []

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ],
    )
    async def test_from_another_site_then_refused_even_with_the_token(self, doctor, database, headers):
        csrf = hidden(await doctor.get("/form"), "csrf")
        answer = await doctor.post("/form", data={"csrf": csrf, "last_name": "Франко"}, headers=headers)
        assert answer.status_code == 403
        assert await records(database) == []

    async def test_from_our_own_page_then_accepted(self, doctor):
        csrf = hidden(await doctor.get("/form"), "csrf")
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": BASE_URL}
        answer = await doctor.post("/form", data={"csrf": csrf, "last_name": "Франко"}, headers=headers)
        assert answer.status_code == 303

    async def test_token_of_another_browser_then_refused(self, doctor, database, clock):
        transport = httpx.ASGITransport(example.make(database, clock, BASE_URL))
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as other:
            stolen = hidden(await other.get("/sign-in"), "csrf")
        assert (await doctor.post("/form", data={"csrf": stolen, "last_name": "Франко"})).status_code == 403


class TestRefusal:
    async def test_a_problem_then_rolled_back_and_told_in_words_with_the_request_id(self, doctor, database):
        csrf = hidden(await doctor.get("/form"), "csrf")
        answer = await doctor.post("/fail", data={"csrf": csrf})
        assert answer.status_code == 409
        assert "Декларацію вже розірвано" in answer.text
        assert answer.headers["x-request-id"] in answer.text
        assert await records(database) == []

    @pytest.mark.parametrize(
        ("way", "status", "stays"),
        [("kept", 409, ["kept"]), ("undone", 409, []), ("silent", 500, []), ("bare", 500, [])],
    )
    async def test_a_page_refuses_then_it_has_said_whether_what_it_wrote_stays(
        self, doctor, database, way, status, stays
    ):
        csrf = hidden(await doctor.get("/form"), "csrf")
        answer = await doctor.post(f"/refuse/{way}", data={"csrf": csrf})
        assert answer.status_code == status
        assert await records(database) == stays

    async def test_a_refusal_that_keeps_changes_then_they_are_committed(self, visitor, database):
        csrf = hidden(await visitor.get("/sign-in"), "csrf")
        answer = await visitor.post("/sign-in", data={"csrf": csrf, "login": "x", "password": "wrong"})
        assert answer.status_code == 422
        assert await records(database) == ["wrong password"]

    async def test_a_crash_then_nothing_of_the_inside_is_told(self, visitor):
        answer = await visitor.get("/crash")
        assert answer.status_code == 500
        assert "Сталася помилка" in answer.text
        assert "secret inside" not in answer.text
        assert "Traceback" not in answer.text

    async def test_no_such_page_then_a_friendly_404(self, visitor):
        answer = await visitor.get("/nowhere")
        assert answer.status_code == 404
        assert "Сторінку не знайдено" in answer.text

    async def test_wrong_method_then_405_says_which_are_allowed(self, visitor):
        answer = await visitor.post("/crash", data={})
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")

    async def test_database_away_then_503_says_when_to_come_again(self, clock):
        away = Database("postgresql://esoz@/none?host=/nonexistent&port=1")
        away._pool = _NoPool()
        transport = httpx.ASGITransport(example.make(away, clock, BASE_URL))
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as browser:
            answer = await browser.get("/sign-in")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "Дані не втрачено" in answer.text

    async def test_a_fragment_then_the_refusal_is_a_fragment_too(self, visitor):
        answer = await visitor.get("/nowhere", headers={"HX-Request": "true"})
        assert "Сторінку не знайдено" in answer.text
        assert "<html" not in answer.text


class _NoPool:
    async def acquire(self, timeout: float) -> None:
        raise OSError("no server")


class TestHeaders:
    @pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/crash", "/static/none.css"])
    async def test_any_answer_then_it_is_protected(self, visitor, path):
        headers = (await visitor.get(path)).headers
        assert headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self' https://id.example.org; "
            "frame-ancestors 'none'; base-uri 'none'"
        )
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"

    async def test_no_page_has_inline_scripts_or_styles(self, doctor):
        for path in ("/queue", "/form", "/sign", "/progress", "/delete", "/parts"):
            text = (await doctor.get(path)).text
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text), path

    async def test_a_download_then_its_name_survives(self, doctor):
        answer = await doctor.get("/download")
        assert answer.content == b"\x00\x01"
        assert answer.headers["content-disposition"].endswith("%D0%B4%D0%BE%D0%B2%D1%96%D0%B4%D0%BA%D0%B0.bin")


class TestAssets:
    async def test_a_fingerprinted_file_then_it_is_kept_for_ever_and_compressed(self, visitor):
        address = re.search(r'href="(/static/app\.[0-9a-f]{12}\.css)"', (await visitor.get("/sign-in")).text)[1]
        answer = await visitor.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        assert (await visitor.get(address, headers={"Accept-Encoding": "identity"})).text == answer.text

    @pytest.mark.parametrize(
        "path", ["/static/../sessions.py", "/static/%2e%2e/manifest.json", "/static/manifest.json"]
    )
    async def test_anything_but_an_asset_then_not_found(self, visitor, path):
        assert (await visitor.get(httpx.URL(BASE_URL).copy_with(raw_path=path.encode()))).status_code == 404

    async def test_styles_name_neither_the_foreign_typeface_nor_the_crest(self, visitor):
        address = re.search(r'href="(/static/app[^"]*)"', (await visitor.get("/sign-in")).text)[1]
        styles = (await visitor.get(address)).text
        assert "GDS" not in styles
        assert "crest" not in styles
        assert re.findall(r"url\((?!\./inter-)[^)]*\)", styles) == []


class TestLanguage:
    async def test_asked_for_in_the_address_then_kept_for_the_session(self, doctor):
        assert "Sign out" in (await doctor.get("/queue?lang=en")).text
        assert '<html lang="en"' in (await doctor.get("/queue")).text
        assert "Вийти" in (await doctor.get("/queue?lang=uk")).text

    async def test_english_browser_then_english(self, visitor):
        answer = await visitor.get("/nowhere", headers={"Accept-Language": "en-GB,en;q=0.9,uk;q=0.5"})
        assert "Page not found" in answer.text
