"""What central's register says of this workplace: asked beside the pages, told on the desk, at /status and on /help."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from esoz.central import mis_register
from esoz.central.mis_register import Application, Contacts
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.periodic import Periodic
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.mis.app import Mis
from esoz.mis.base.health import Component
from esoz.mis.base.health import State as Health
from esoz.mis.base.register import RegisterCache, RegisterEntry, Standing, standings
from esoz.mis.base.support import Support
from esoz.mis.documents.sync.model import State
from esoz.mis.help.register import commands, wire
from esoz.mis.help.status import queries as status_queries
from esoz.sdk import CentralError
from tests.emptying import empty_tables
from tests.factories.world import World

from .conftest import Browser, Consent, Post, Wire, come_in
from .signing_in import events
from .test_visits import open_episode, state_of

OWN = "/api/mis_register/own"
WELL = RegisterEntry("CONNECTED", "1.10", "1.9", date(2028, 1, 1), "+380 44 123-45-67", "h@mis.example", "8–20", "")
CONTACTS = Contacts("+380 44 123-45-67", "help@mis.example", "щодня 8–20", "https://mis.example", "https://s.example")
GIVEN = Application("МІС", "99.0", "ТОВ «Розробник»", "12345678", ("PRIMARY_CARE",), "team@mis.example", CONTACTS)


class TestStandings:
    @pytest.mark.parametrize(
        ("entry", "installed", "expected"),
        [
            (WELL, "1.10", []),
            (WELL, "1.10.0", []),
            (WELL, "1.9", [Standing.OUTDATED]),
            (WELL, "1.8.7", [Standing.UNSUPPORTED]),
            (WELL, "1.10rc1", [Standing.OUTDATED]),
            (WELL, "1.11", [Standing.UNTESTED]),
            (replace(WELL, oldest_version=""), "0.1", [Standing.OUTDATED]),
            (replace(WELL, version="", oldest_version=""), "0.1", []),
            (replace(WELL, version="осінь", oldest_version=""), "0.1", [Standing.UNTESTED]),
            (replace(WELL, attestation_until=date(2026, 11, 21)), "1.8", [Standing.UNSUPPORTED, Standing.UNATTESTED]),
            (replace(WELL, attestation_until=date(2026, 11, 22)), "1.10", []),
            (replace(WELL, attestation_until=None), "1.10", []),
            (replace(WELL, status="BLOCKED"), "1.8", [Standing.BLOCKED]),
            (replace(WELL, status="DISCONNECTED"), "1.10", [Standing.DISCONNECTED]),
            (replace(WELL, status="LATER"), "1.10", []),
        ],
    )
    def test_entry_when_read_with_the_installed_version_then_what_has_to_be_told(
        self, entry: RegisterEntry, installed: str, expected: list[Standing]
    ) -> None:
        assert list(standings(entry, installed, date(2026, 11, 22))) == expected


@pytest.fixture
async def entered(
    mis: Mis, central_database: Database, connected: World, dependencies: Dependencies, clock: FixedClock
) -> AsyncIterator[UUID]:
    """This workplace stands in central's register; afterwards it does not, and nothing of it is kept."""
    async with central_database.transaction() as db:
        work = Work(NOBODY, clock.now(), db, dependencies)
        broker_id = await db.fetchval("select id from brokers where kind = 'MIS'")
        entry = await mis_register.enter(work, broker_id, GIVEN, reason="тест")
    yield entry.id
    async with central_database.connection() as db:
        await empty_tables(db, "mis_register")
        await db.execute("update brokers set is_blocked = false, block_reason = null")


class TestAsking:
    async def test_answer_then_kept_for_other_processes_and_asked_again_after_an_hour(
        self, mis: Mis, entered: UUID, wire: Wire, clock: FixedClock
    ) -> None:
        changes = (await events(mis)).count("register_entry.changed")
        other = replace(mis.services, register=RegisterCache())  # another process, which has heard nothing yet
        for services in (mis.services, mis.services, other):
            await commands.follow(services)
            assert services.register.entry is not None
            assert services.register.entry.version == "99.0"
        assert wire.paths("GET").count(OWN) == 1
        clock.forward(timedelta(hours=1))
        await commands.follow(mis.services)
        assert wire.paths("GET").count(OWN) == 2
        assert (await events(mis)).count("register_entry.changed") == changes + 1

    @pytest.mark.parametrize("answer", ["cut", "refused", "unreadable"])
    async def test_answer_that_is_away_then_nothing_changes(
        self, mis: Mis, entered: UUID, wire: Wire, clock: FixedClock, answer: str
    ) -> None:
        await commands.follow(mis.services)
        before, asked_at = mis.services.register.entry, mis.services.register.asked_at
        clock.forward(timedelta(hours=2))
        wire.is_cut = answer == "cut"
        if answer == "refused":
            wire.answers[f"GET {OWN}"] = httpx.Response(404, json={"meta": {}, "error": {"type": "not_found"}})
        if answer == "unreadable":
            wire.answers[f"GET {OWN}"] = httpx.Response(200, json={"meta": {}, "data": {"status": 7}})
        work = next(each for each in mis.works() if isinstance(each, Periodic) and each.name == "register")
        with pytest.raises(CentralError):
            await work.act()
        assert (mis.services.register.entry, mis.services.register.asked_at) == (before, asked_at)

    def test_address_that_is_none_of_a_site_then_left_out(self) -> None:
        assert wire.entry({"status": "CONNECTED", "website": "javascript:alert(1)"}).website == ""


class TestDesk:
    @pytest.fixture
    async def owner(self, browser: Browser, consent: Consent, connected: World, head: UUID) -> Browser:
        return await come_in(browser, consent, "OWNER", connected.owner)

    async def test_version_older_than_the_oldest_then_the_head_is_told_to_update(
        self, mis: Mis, entered: UUID, owner: Browser, central_database: Database, dependencies: Dependencies
    ) -> None:
        async with central_database.transaction() as db:
            work = Work(NOBODY, mis.services.clock.now(), db, dependencies)
            await mis_register.change_versions(work, entered, "99.0", "98.2")
        await commands.follow(mis.services)
        await owner.get("/")
        assert "Цю МІС треба оновити" in owner.text
        assert "можна працювати від версії 98.2" in owner.text
        assert "Треба оновити" in (await owner.get("/status")).text

    async def test_version_is_old_then_a_doctor_is_not_bothered(self, mis: Mis, entered: UUID, doctor: Browser) -> None:
        await commands.follow(mis.services)
        await doctor.get("/")
        assert "Є новіша версія" not in doctor.text
        assert "Записи зараз не передаються" not in doctor.text

    @pytest.fixture
    async def blocked(self, mis: Mis, entered: UUID, central_database: Database, dependencies: Dependencies) -> None:
        async with central_database.transaction() as db:
            work = Work(NOBODY, mis.services.clock.now(), db, dependencies)
            await mis_register.block(work, entered, "порушення")

    async def test_blocked_then_the_head_is_told_what_to_do(self, mis: Mis, owner: Browser, blocked: None) -> None:
        await commands.follow(mis.services)
        await owner.get("/")
        assert "ЕСОЗ заблокувала цю МІС" in owner.text
        assert owner.page is not None and "register-blocked-title" in owner.page.text

    async def test_blocked_then_a_doctor_reads_one_line(self, mis: Mis, doctor: Browser, blocked: None) -> None:
        await commands.follow(mis.services)
        await doctor.get("/")
        assert "Записи зараз не передаються до ЕСОЗ" in doctor.text
        assert "ЕСОЗ заблокувала цю МІС" not in doctor.text
        status = (await doctor.get("/status.json")).json()["mis_register"]
        assert (status["status"], status["standings"]) == ("BLOCKED", ["blocked"])

    async def test_all_is_well_then_nothing_is_said(self, mis: Mis, owner: Browser) -> None:
        mis.services.register.put(
            replace(WELL, version=mis.profile.version, oldest_version=""), mis.services.clock.now()
        )
        await owner.get("/")
        assert "register-" not in (owner.page.text if owner.page else "")
        assert "Підключено" in (await owner.get("/status")).text


class TestClosed:
    """Central refuses the whole system: that is no refusal of a record, of a consent, of a code."""

    async def test_signed_record_then_waits_and_arrives_when_the_block_is_over(
        self, mis: Mis, doctor: Browser, patient_id: UUID, post: Post, wire: Wire
    ) -> None:
        document_id = await open_episode(doctor, patient_id)
        closed(wire, f"POST /api/patients/{patient_id}/episodes")
        await post.sender.step()
        assert await state_of(mis, document_id) is State.QUEUED
        wire.answers.clear()
        post.clock.forward(timedelta(minutes=1))
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED

    async def test_page_then_says_that_it_is_the_system_and_whom_to_call(self, doctor: Browser, wire: Wire) -> None:
        closed(wire, "GET /api/persons")
        answer = await doctor.get("/patients", q="Коваль Іван 01.01.1990")
        assert answer.status_code == 503
        assert "ЕСОЗ не приймає цієї медичної інформаційної системи" in doctor.text
        assert "Надайте доступ ще раз" not in doctor.text

    async def test_state_then_central_answers(self, mis: Mis, wire: Wire) -> None:
        closed(wire, "GET /api/v2/dictionaries")
        await status_queries.look(mis.services)
        assert mis.services.watch.last is not None
        assert mis.services.watch.last.states[Component.CENTRAL] is Health.OPERATIONAL


def closed(wire: Wire, *requests: str) -> None:
    """Central answers as it does to a system that is blocked."""
    error = {"type": "access_denied", "message": "API-KEY header is invalid."}
    for each in requests:
        wire.answers[each] = httpx.Response(401, json={"meta": {}, "error": error})


class TestHelp:
    async def test_support_not_set_then_the_contacts_of_the_register(
        self, mis: Mis, entered: UUID, browser: Browser
    ) -> None:
        await commands.follow(mis.services)
        for path in ("/help", "/sign-in"):
            page = (await browser.get(path)).text
            for words in ('href="tel:+380441234567"', "help@mis.example", "щодня 8–20", "https://mis.example"):
                assert words in page
        assert "Зверніться до адміністратора свого закладу" not in page

    async def test_support_set_by_the_operator_then_theirs(self, mis: Mis) -> None:
        services = replace(mis.services, support=Support(phone="112"))
        services.register.put(WELL, services.clock.now())
        assert services.contacts.phone == "112"

    async def test_register_without_contacts_then_the_clinics_administrator(self, mis: Mis, browser: Browser) -> None:
        empty = replace(WELL, phone="", email="", hours="", website="")
        mis.services.register.put(empty, mis.services.clock.now())
        assert "Зверніться до адміністратора свого закладу" in (await browser.get("/help")).text
