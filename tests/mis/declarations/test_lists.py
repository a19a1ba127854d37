"""A doctor's patients and the doctors of a clinic: read of central, kept, searched, narrowed, as files."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.mis.app import Mis
from esoz.mis.base.tables import as_table
from esoz.mis.care.declarations import follow
from esoz.mis.care.declarations.model import Wanted, is_stale, last_day
from esoz.mis.care.declarations.pages.lists import read_wanted
from tests.factories.world import World

from ..conftest import NOW, Browser, Consent, Wire, come_in
from ..long_lists import LongLists
from .conftest import MakePerson, declare

DAY = NOW.date()


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A declaration as central lists it."""
    person = {
        "id": str(UUID(int=number)),
        "last_name": f"Прізвищенко{number}",
        "first_name": "Ґалина",
        "second_name": "Їжаківна",
        "birth_date": "1990-01-01",
    } | changes.pop("person", {})
    return {
        "id": str(UUID(int=number)),
        "declaration_number": f"0001-AAAA-{number:04}",
        "status": "active",
        "start_date": "2026-10-01",
        "end_date": "2126-10-01",
        "person": person,
    } | changes


class Told(LongLists):
    """Central that tells these declarations as active, and none as waiting."""

    async def handle_async_request(self, request: Any) -> Any:
        if request.url.params.get("status") == "pending_verification":
            return await LongLists(self.inner, {"/api/declarations": []}, 300).handle_async_request(request)
        return await super().handle_async_request(request)


def tells(wire: Wire, *rows: Mapping[str, Any]) -> None:
    wire.inner = Told(wire.inner, {"/api/declarations": [dict(each) for each in rows]}, 300)


class TestList:
    async def test_own_patient_then_opened_though_never_searched(
        self, doctor: Browser, make_person: MakePerson, connected: World, of_central: Connection, mis: Mis
    ) -> None:
        await declare(doctor, person := await make_person(), connected, of_central)
        async with mis.services.database.connection() as db:
            await db.execute("delete from recent_patients")
            await db.execute("delete from patients where person_id = $1", person.id)
        await doctor.get("/declarations", q=person.last_name)
        assert person.last_name in doctor.text and "безстроково" in doctor.text
        await doctor.get(f"/patients/{person.id}")
        assert doctor.path == f"/patients/{person.id}" and doctor.page.status_code == 200

    async def test_known_patient_of_the_list_then_their_sex_stays_known(
        self, doctor: Browser, make_person: MakePerson, connected: World, of_central: Connection, mis: Mis
    ) -> None:
        await declare(doctor, person := await make_person(), connected, of_central)
        known = "select gender from patients where person_id = $1"
        async with mis.services.database.connection() as db:
            before = await db.fetchval(known, person.id)
            await doctor.get("/declarations", q=person.last_name)
            await doctor.get(f"/patients/{person.id}")
            assert await db.fetchval(known, person.id) == before != ""

    async def test_signed_here_then_listed_at_once(
        self, doctor: Browser, make_person: MakePerson, connected: World, of_central: Connection
    ) -> None:
        await doctor.get("/declarations")
        await declare(doctor, person := await make_person(), connected, of_central)
        await doctor.get("/declarations", q=person.last_name)
        assert person.last_name in doctor.text

    async def test_long_list_then_every_page_and_central_is_asked_once(self, doctor: Browser, wire: Wire) -> None:
        tells(wire, *(row(number) for number in range(1, 754)))
        await doctor.get("/declarations")
        assert "Показано 1–50 із 753" in doctor.text
        asked = wire.paths("GET").count("/api/declarations")
        await doctor.get("/declarations", page="16")
        assert "Показано 751–753 із 753" in doctor.text
        await doctor.get("/declarations", page="99")
        assert "Показано 751–753 із 753" in doctor.text
        assert wire.paths("GET").count("/api/declarations") == asked == 4

    async def test_old_list_then_read_again_and_who_left_is_gone(
        self, doctor: Browser, wire: Wire, clock: FixedClock
    ) -> None:
        tells(wire, row(1), row(2))
        await doctor.get("/declarations")
        assert "Прізвищенко1" in doctor.text
        tells(wire, row(2))
        await doctor.get("/declarations")
        assert "Прізвищенко1" in doctor.text
        clock.forward(timedelta(minutes=16))
        await doctor.get("/declarations")
        assert "Прізвищенко1" not in doctor.text and "Прізвищенко2" in doctor.text
        tells(wire, row(3))
        await doctor.send("/declarations/refresh")
        assert "Прізвищенко3" in doctor.text

    async def test_declarations_are_away_then_the_old_list_with_its_time(
        self, doctor: Browser, wire: Wire, clock: FixedClock
    ) -> None:
        tells(wire, row(1))
        await doctor.get("/declarations")
        clock.forward(timedelta(minutes=16))
        wire.loses_answer = lambda request: request.url.path == "/api/declarations"
        await doctor.get("/declarations")
        assert "Список такий, яким був востаннє" in doctor.text and "Прізвищенко1" in doctor.text

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"q": "прізвищенко1 ґал"}, {1}),
            ({"q": "їжак"}, {1, 2, 3}),
            ({"q": "0001-aaaa-0002"}, {2}),
            ({"q": "0001аааа0003"}, {3}),
            ({"q": "%"}, set()),
            ({"q": "_різвищенко1"}, set()),
            ({"q": "\\"}, set()),
            ({"age": "0-5"}, {3}),
            ({"age": "65"}, {2}),
            ({"age": "x"}, {1, 2, 3}),
            ({"since": "2026-10-02"}, {3}),
            ({"until": "2026-09-30"}, {2}),
            ({"order": "old"}, {1, 2, 3}),
        ],
    )
    async def test_narrowed(self, doctor: Browser, wire: Wire, asked: dict[str, str], found: set[int]) -> None:
        # The edges: 65 today, 6 tomorrow.
        old, young = date(DAY.year - 65, DAY.month, DAY.day), date(DAY.year - 6, DAY.month, DAY.day) + timedelta(days=1)
        tells(
            wire,
            row(1),
            row(2, start_date="2026-09-30", person={"birth_date": old.isoformat()}),
            row(3, start_date="2026-10-02", person={"birth_date": young.isoformat()}),
        )
        await doctor.get("/declarations", **asked)
        assert {number for number in (1, 2, 3) if f"Прізвищенко{number} " in doctor.text} == found

    async def test_no_day_then_told_at_the_field(self, doctor: Browser, wire: Wire) -> None:
        tells(wire, row(1))
        await doctor.get("/declarations", since="2026-02-30")
        assert "Введіть справжню дату" in doctor.text and "Прізвищенко1" in doctor.text

    async def test_as_file_then_what_is_shown_and_nothing_calculates(self, doctor: Browser, wire: Wire) -> None:
        tells(wire, row(1), row(2, person={"last_name": "=1+1"}))
        await doctor.get("/declarations")
        answer = await doctor.client.get("/declarations/list.csv", params={"q": "=1"})
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert lines[0][0] == "Прізвище" and [line[0] for line in lines[1:]] == ["'=1+1"]
        assert lines[1][6] == "01.10.2026" and lines[1][7] == ""

    async def test_registrar_then_the_doctors_and_any_of_their_lists(
        self, browser: Browser, consent: Consent, connected: World, wire: Wire
    ) -> None:
        await come_in(browser, consent, "RECEPTIONIST", connected.registrar)
        tells(wire, row(1))
        await browser.get("/declarations")
        assert browser.path == "/declarations/doctors"
        await browser.get("/declarations", doctor=str(connected.doctor.employee_id))
        assert "Прізвищенко1" in browser.text
        await browser.get("/declarations", doctor=str(uuid4()))
        assert browser.path == "/declarations/doctors"
        assert (await browser.get("/declarations/list.csv", doctor="x")).status_code == 200


class TestDoctors:
    async def test_loads_then_of_central_and_of_the_own_list(
        self, doctor: Browser, wire: Wire, connected: World
    ) -> None:
        recent = (DAY - timedelta(days=29)).isoformat()
        tells(wire, row(1), row(2, start_date=recent), row(3, start_date=DAY.isoformat()))
        await doctor.get("/declarations/doctors")
        assert "ще не прочитано" in doctor.text and "1800" in doctor.text
        await doctor.get("/declarations")
        await doctor.get("/declarations/doctors", name="ковальч")
        answer = await doctor.client.get("/declarations/doctors/list.csv")
        lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        [own] = [line for line in lines if line["У закладі"]]
        assert (own["У закладі"], own["Нових за 30 днів"], own["Межа"]) == ("3", "2", "1800")
        assert int(own["Вільних місць"]) == 1800 - int(own["Декларацій усього"])

    async def test_read_after_midnight_in_kyiv_then_the_day_of_kyiv(
        self, doctor: Browser, wire: Wire, mis: Mis
    ) -> None:
        tells(wire, row(1))
        await doctor.get("/declarations")
        async with mis.services.database.connection() as db:
            await db.execute("update declared_lists set read_at = '2026-11-22T22:30:00Z'")
        answer = await doctor.client.get("/declarations/doctors/list.csv")
        lines = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
        assert [line["Станом на"] for line in lines if line["У закладі"]] == ["23.11.2026"]

    async def test_nobody_of_the_name_then_said(self, doctor: Browser) -> None:
        await doctor.get("/declarations/doctors", name="ніхто")
        assert "Таких лікарів немає" in doctor.text


class TestFollowing:
    async def test_list_that_nobody_opens_then_read_once_a_day(self, doctor: Browser, mis: Mis, wire: Wire) -> None:
        tells(wire, row(1))
        await follow(mis.services)
        asked = wire.paths("GET").count("/api/declarations")
        await follow(mis.services)
        assert wire.paths("GET").count("/api/declarations") == asked == 2
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select count(*) from declared_patients") == 1

    async def test_refused_then_tried_again_a_day_later(self, doctor: Browser, mis: Mis, wire: Wire) -> None:
        wire.answers["GET /api/declarations"] = refusal()
        await follow(mis.services)
        await follow(mis.services)
        assert wire.paths("GET").count("/api/declarations") == 1

    async def test_who_left_a_month_ago_then_forgotten(
        self, doctor: Browser, mis: Mis, wire: Wire, clock: FixedClock
    ) -> None:
        tells(wire, row(1))
        await doctor.get("/declarations")
        async with mis.services.database.connection() as db:
            await db.execute("delete from central_tokens")
        clock.forward(timedelta(days=31))
        await follow(mis.services)
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select count(*) from declared_patients") == 0


def refusal() -> httpx.Response:
    body = {"meta": {"code": 403}, "error": {"type": "forbidden", "message": "Your scope does not allow"}}
    return httpx.Response(403, json=body)


class TestRules:
    def test_list_is_read_again_when_old_or_outdated(self) -> None:
        assert is_stale(None, NOW, is_outdated=False) and is_stale(NOW, NOW, is_outdated=True)
        assert not is_stale(NOW - timedelta(minutes=15), NOW, is_outdated=False)
        assert is_stale(NOW - timedelta(minutes=15, seconds=1), NOW, is_outdated=False)

    def test_end_that_is_far_is_none(self) -> None:
        assert last_day(DAY, DAY.replace(year=DAY.year + 100)) is None and last_day(DAY, DAY) == DAY

    def test_odd_address_is_read_as_none(self) -> None:
        assert read_wanted({"age": "x", "order": "y", "since": " ", "until": ""}) == (Wanted(), {})

    def test_table_keeps_separators_and_lines_in_their_cells(self) -> None:
        text = as_table(["a"], [['б;в\nг"'], ["-5"], [date(2026, 1, 2)], [7]]).decode("utf-8-sig")
        assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
            ["a"],
            ['б;в\nг"'],
            ["'-5"],
            ["02.01.2026"],
            ["7"],
        ]

    def test_table_writes_numbers_and_moments_as_people_here_do(self) -> None:
        rows = [[2.5], [Decimal("-100")], [Decimal("0.50")], [datetime(2026, 1, 2, 22, 30, tzinfo=UTC)]]
        # With a point a spreadsheet of this country takes 2.5 for the second of May.
        text = as_table(["a"], rows).decode("utf-8-sig")
        assert text.split() == ["a", "2,5", "-100", "0,5", "03.01.2026", "00:30"]
