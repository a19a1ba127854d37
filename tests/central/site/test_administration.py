"""Administrators' pages: closed to others, a second factor before them; the register, users, information."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from esoz.central import administrators, identity
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.errors import Rejected
from esoz.kernel.settings import Settings
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.country import MIS_ID, MIS_NAME
from esoz.sandbox.country import PASSWORD as DEMO_PASSWORD
from tests.conftest import Server

from .conftest import CHIEF, EMAIL, PASSWORD, Browser, last_code

FORM = {
    "product": "Нова МІС",
    "version": "1.0",
    "vendor": "ТОВ «Розробник»",
    "edrpou": "12345678",
    "areas": "PRIMARY_CARE",
    "contact_email": "team@mis.example",
    "support_phone": "+380441234567",
    "support_email": "help@mis.example",
    "support_hours": "щодня 8–20",
    "website": "https://mis.example",
    "status_page": "https://status.mis.example",
    "attestation": "АТ-1",
    "attestation_until": "2028-01-01",
}


# AB-1
class TestAccess:
    @pytest.mark.parametrize("path", ["/administration", "/administration/users", "/administration/information"])
    async def test_visitor_is_led_to_sign_in(self, browser: Browser, path: str) -> None:
        assert (await browser.get(path)).headers["location"].startswith("/sign-in")

    async def test_worker_is_forbidden(self, browser: Browser, worker_id) -> None:
        await browser.get("/sign-in")
        await browser.send("/sign-in?next=/account", email=EMAIL, password=PASSWORD)
        assert (await browser.get("/administration")).status_code == 403

    async def test_administrator_without_phone_sets_one_first(self, browser: Browser, work: Work) -> None:
        await identity.create_administrator(work, email=CHIEF, password=PASSWORD)
        await browser.get("/sign-in?next=/administration")
        response = await browser.send("/sign-in?next=/administration", email=CHIEF, password=PASSWORD)
        assert response.headers["location"].startswith("/sign-in/phone")


class TestCommandLine:
    async def test_administrator_is_made_with_a_required_second_factor(
        self, fresh_database: Database, server: Server, process_name: str, tmp_path: Path
    ) -> None:
        settings = Settings(
            {
                "ESOZ_CENTRAL_DATABASE": server.url(f"{process_name}_fresh"),
                "ESOZ_VAR": str(tmp_path),
                "ESOZ_SECRET": "a secret of the tests, long enough",
            }
        )
        (tmp_path / "trust").mkdir()
        await administrators.add(settings, CHIEF, PASSWORD, None)
        async with fresh_database.connection() as db:
            user_id = await db.fetchval("select id from users where email = $1", CHIEF)
            assert await db.fetchval("select role from global_roles where user_id = $1", user_id) == "ADMINISTRATOR"
            assert await db.fetchval("select factor from authentication_factors where user_id = $1", user_id) is None
        with pytest.raises(Rejected):
            await administrators.add(settings, "other@central.example", "слабкий", None)


class TestRegister:
    async def test_from_application_to_connection_and_block(self, administrator: Browser, db: Connection) -> None:
        browser = administrator
        await browser.get("/mis-register/apply")
        applied = await browser.send("/mis-register/apply", **FORM)
        assert "Заявку подано" in applied.text
        place = f"/administration/mis/{await db.fetchval('select id from mis_register')}"
        assert "Нова МІС" in (await browser.get("/administration")).text
        await browser.get(place)
        await browser.send(f"{place}/decision", decision="test", reason="")
        page = await browser.get(place)
        refused = await browser.send(f"{place}/decision", decision="pass", reason="")
        assert "Не всі випробування пройдено" in refused.text
        for test in re.findall(r'name="test" value="([\w-]+)"', page.text):
            await browser.send(f"{place}/tests", test=test, passed="yes")
        await browser.send(f"{place}/decision", decision="pass", reason="протокол 7")
        await browser.get(place)
        keys = await browser.send(f"{place}/decision", decision="connect", reason="договір 12")
        assert "Ключі показано один раз" in keys.text
        key = re.search(r"API-key\s*</dt>\s*<dd[^>]*>\s*([\w-]{43})", keys.text)
        assert key is not None
        assert key[1] not in (await browser.get(place)).text
        assert "Поясніть рішення" in (await browser.send(f"{place}/decision", decision="block", reason="")).text
        await browser.send(f"{place}/decision", decision="block", reason="порушення")
        page = await browser.get("/mis-register")
        assert "Заблоковано" in page.text
        assert "team@mis.example" not in page.text

    async def test_faults_of_an_application_stand_beside_their_fields(self, browser: Browser) -> None:
        await browser.get("/mis-register/apply")
        page = await browser.send("/mis-register/apply", **FORM | {"edrpou": "1", "website": "http://a.example"})
        assert page.status_code == 422
        assert "Введіть код ЄДРПОУ" in page.text
        assert "Введіть адресу сайту" in page.text

    async def test_contacts_are_changed(self, administrator: Browser, db: Connection) -> None:
        await administrator.get("/mis-register/apply")
        await administrator.send("/mis-register/apply", **FORM)
        place = f"/administration/mis/{await db.fetchval('select id from mis_register')}"
        await administrator.get(place)
        response = await administrator.send(f"{place}/contacts", **FORM | {"support_phone": "0-800-11"})
        assert response.status_code == 303
        assert await db.fetchval("select support_phone from mis_register") == "0-800-11"

    async def test_versions_are_changed_and_a_fault_stands_at_its_field(
        self, administrator: Browser, db: Connection
    ) -> None:
        await administrator.get("/mis-register/apply")
        await administrator.send("/mis-register/apply", **FORM)
        place = f"/administration/mis/{await db.fetchval('select id from mis_register')}"
        await administrator.get(place)
        page = await administrator.send(f"{place}/versions", version="1.9", oldest_version="1.10")
        assert page.status_code == 422
        assert 'href="#oldest_version"' in page.text
        assert (await administrator.send(f"{place}/versions", version="1.10", oldest_version="1.9")).status_code == 303
        row = await db.fetchrow("select version, oldest_version from mis_register")
        assert (row["version"], row["oldest_version"]) == ("1.10", "1.9")
        assert "Версії змінено" in (await administrator.get(place)).text
        changed = "select count(*) from audit_events where event = 'mis_versions.changed' and user_id is not null"
        assert await db.fetchval(changed) == 1


# AUTH-6, AUTH-14
class TestUsers:
    async def test_blocked_and_unblocked_with_a_reason(self, administrator: Browser, worker_id, db) -> None:
        page = await administrator.get("/administration/users?email=olena")
        assert EMAIL in page.text
        read = "select count(*) from audit_events where event = 'user.read' and resource_id = 'search'"
        assert await db.fetchval(read) == 1
        refused = await administrator.send(f"/administration/users/{worker_id}/block?email=olena", reason="")
        assert refused.status_code == 422 and EMAIL in refused.text
        assert await db.fetchval(read) == 2, "that users were looked for again stays in the audit log"
        await administrator.send(f"/administration/users/{worker_id}/block", reason="втрачено телефон")
        assert await db.fetchval("select block_reason from users where id = $1", worker_id) == "втрачено телефон"
        await administrator.get("/administration/users?email=olena")
        await administrator.send(f"/administration/users/{worker_id}/unblock")
        assert not await db.fetchval("select is_blocked from users where id = $1", worker_id)
        found = "select count(*) from audit_events where event = 'user.blocked' and user_id is not null"
        assert await db.fetchval(found) == 1


class TestInformation:
    async def test_everyone_sees_contact_centres_and_what_is_old(self, browser: Browser) -> None:
        page = await browser.get("/information")
        assert 'href="tel:0800602019"' in page.text
        assert "Може бути застарілим" in page.text

    async def test_places_of_learning_of_the_pandemic_are_named_and_marked(self, browser: Browser) -> None:
        page = (await browser.get("/information")).text
        for title in (
            "Вебінари ВООЗ",
            "UpToDate",
            "BMJ Best Practice",
            "Doctor Online",
            "Viveo",
            "Онлайн-лікар",
            "teplo.app",
            "doc2rbot",
            "«Розкажи мені»",
        ):
            heading = next(each for each in page.split("<h3")[1:] if title in each.partition("</h3>")[0])
            assert "Може бути застарілим" in heading.partition("</h3>")[0], title

    async def test_news_are_added_changed_hidden_and_shown_on_the_first_page(
        self, administrator: Browser, db: Connection
    ) -> None:
        await administrator.get("/administration/information/new")
        news = {
            "section": "NEWS",
            "title": "Оновлення",
            "body": "Що нового",
            "checked_on": "2026-11-21",
            "place": "1",
            "is_shown": "yes",
        }
        await administrator.send("/administration/information/new", **news)
        assert "Оновлення" in (await administrator.get("/")).text
        id = await db.fetchval("select id from information where section = 'NEWS'")
        assert "Оновлення" in (await administrator.get(f"/administration/information/{id}")).text
        await administrator.send(f"/administration/information/{id}", **news | {"is_shown": ""})
        assert "Оновлення" not in (await administrator.get("/information")).text

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""),
            ("url", "javascript:alert(1)"),
            ("checked_on", "2027-01-01"),
            ("ends_on", "2020-01-01"),
        ],
    )
    async def test_what_may_not_be_is_refused_at_its_field(self, administrator: Browser, field, value) -> None:
        news = {"section": "NEWS", "title": "Оновлення", "body": "Що нового", "checked_on": "2026-11-21", "place": "1"}
        await administrator.get("/administration/information/new")
        page = await administrator.send("/administration/information/new", **news | {field: value})
        assert page.status_code == 422
        assert f'href="#{field}"' in page.text

    async def test_checked_entry_is_no_longer_old(
        self, administrator: Browser, db: Connection, clock: FixedClock
    ) -> None:
        id = await db.fetchval("select id from information where section = 'TELECONSULTATION'")
        await administrator.get("/administration/information")
        await administrator.send(f"/administration/information/{id}/checked")
        assert str(await db.fetchval("select checked_on from information where id = $1", id)) == "2026-11-22"
        before = (await administrator.get("/information")).text.count("Може бути застарілим")
        clock.forward(timedelta(days=181))
        assert (await administrator.get("/information")).text.count("Може бути застарілим") > before


class TestDemo:
    async def test_built_then_the_register_shows_whom_to_call_and_the_administrator_comes_in(
        self, browser: Browser, work: Work, db: Connection
    ) -> None:
        await identity.create_broker(work, name=MIS_NAME, kind="MIS", api_key="demo key", id=MIS_ID)
        await build.enter_mis(work, version="1.0")
        await build.build_administrator(work, password=DEMO_PASSWORD)
        page = await browser.get("/mis-register")
        assert MIS_NAME in page.text
        assert build.CONTACTS.support_phone in page.text
        await browser.get("/sign-in?next=/administration")
        fields = {"email": build.ADMINISTRATOR_EMAIL, "password": DEMO_PASSWORD}
        place = (await browser.send("/sign-in?next=/administration", **fields)).headers["location"]
        await browser.get(place)
        assert (await browser.send(place, code=await last_code(db))).headers["location"] == "/administration"
        assert MIS_NAME in (await browser.get("/administration")).text
