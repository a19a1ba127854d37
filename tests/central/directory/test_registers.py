"""Whole registers for patients' systems: what changed, in pages, without anybody's secrets."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.central.directory import store
from esoz.central.directory.model import ChangesFilter
from esoz.central.workforce import EmployeeType
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.contract.checker import must_be_as_published
from tests.factories.world import CABINET_KEY, World

BULK = "/api/pis/bulk"
REGISTERS = ("legal_entities", "divisions", "employees", "parties", "healthcare_services", "employee_roles")


class System:
    """A patients' system that knows only its own API-key."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: object) -> httpx.Response:
        params = {name: str(value) for name, value in query.items()}
        response = await self.client.get(f"{BULK}/{path}", params=params, headers={"API-key": CABINET_KEY})
        must_be_as_published(response)
        return response

    async def rows(self, path: str, **query: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = answered(await self.get(path, **query))["data"]
        return found


@pytest.fixture
def system(world: World) -> System:
    assert world.doctor.client is not None
    return System(world.doctor.client)


@pytest.fixture
async def service(world: World, db: Connection) -> None:
    """The doctor gives a service."""
    doctor = world.doctor
    await db.execute(
        "with service as (insert into healthcare_services (id, legal_entity_id, division_id, category, speciality_type,"
        " providing_condition, status, inserted_at, inserted_by, updated_at, updated_by) values (gen_random_uuid(), $1,"
        " $2, 'MSP', 'CARDIOLOGIST', 'OUTPATIENT', 'ACTIVE', $5, $3, $5, $3) returning id)"
        " insert into employee_roles (id, healthcare_service_id, employee_id, legal_entity_id, start_date, status,"
        " inserted_at, inserted_by, updated_at) select gen_random_uuid(), id, $4, $1, $5, 'ACTIVE', $5, $3, $5"
        " from service",
        doctor.client_id,
        doctor.division_id,
        doctor.user_id,
        doctor.employee_id,
        doctor.now,
    )


@pytest.mark.usefixtures("service")
class TestRegisters:
    @pytest.mark.parametrize("register", REGISTERS)
    async def test_without_depth_then_everything_and_with_it_what_changed(
        self, system: System, db: Connection, work: Work, register: str
    ) -> None:
        whole = await system.rows(register)
        assert whole
        table = register
        await db.execute(f"update {table} set updated_at = $1", work.now - timedelta(days=9))
        assert await system.rows(register, depth=8) == []
        assert len(await system.rows(register, depth=10)) == len(whole)

    @pytest.mark.parametrize("register", REGISTERS)
    async def test_pages_then_each_row_once(self, system: System, register: str) -> None:
        whole = [each["id"] for each in await system.rows(register)]
        pages = [await system.rows(register, page=page, page_size=1) for page in range(1, len(whole) + 1)]
        assert [each["id"] for page in pages for each in page] == whole
        paging = answered(await system.get(register))["paging"]
        assert (paging["total_entries"], paging["page_size"]) == (len(whole), 5000)

    @pytest.mark.parametrize("register", REGISTERS)
    async def test_a_row_changes_between_two_pages_then_no_other_is_missed(
        self, system: System, db: Connection, register: str
    ) -> None:
        whole = {each["id"] for each in await system.rows(register)}
        [first] = await system.rows(register, page=1, page_size=1)
        await db.execute(f"update {register} set updated_at = now() where id = $1", UUID(first["id"]))
        pages = [await system.rows(register, page=page, page_size=1) for page in range(2, len(whole) + 1)]
        assert {first["id"], *(each["id"] for page in pages for each in page)} == whole

    def test_depth_then_told_from_the_beginning_of_that_day(self) -> None:
        moments = [datetime(2026, 11, 30, hour, 5, tzinfo=UTC) for hour in (0, 23)]
        assert {ChangesFilter(depth=2).since(each) for each in moments} == {datetime(2026, 11, 28, tzinfo=UTC)}

    async def test_nobody_s_number_telephone_or_birthday_is_told(self, system: System, db: Connection) -> None:
        text = (await system.get("parties")).text + (await system.get("employees")).text
        for party in await db.fetch("select tax_id, birth_date, phones from parties"):
            assert party["tax_id"] not in text
            assert str(party["birth_date"]) not in text
            assert all(phone["number"] not in text for phone in party["phones"])

    async def test_only_those_who_treat(self, system: System, world: World) -> None:
        employees = {each["id"]: each for each in await system.rows("employees")}
        assert employees[str(world.doctor.employee_id)]["speciality"]["speciality_officio"] is True
        assert str(world.registrar.employee_id) not in employees
        assert EmployeeType.OWNER not in {each["employee_type"] for each in employees.values()}
        parties = {each["id"] for each in await system.rows("parties")}
        assert {each["party_id"] for each in employees.values()} == parties

    async def test_dismissed_then_told_so_and_the_party_is_gone(
        self, system: System, world: World, db: Connection
    ) -> None:
        await db.execute("update employees set status = 'DISMISSED' where id = $1", world.doctor.employee_id)
        [found] = [each for each in await system.rows("employees") if each["id"] == str(world.doctor.employee_id)]
        assert found["status"] == "DISMISSED"
        assert found["party_id"] not in {each["id"] for each in await system.rows("parties")}

    async def test_dismissed_while_it_is_answered_then_the_party_is_gone(
        self, system: System, world: World, db: Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = store.offices_of

        async def offices_of(
            db: Connection, party_ids: Sequence[UUID], types: Collection[str]
        ) -> Mapping[UUID, Sequence[UUID]]:
            await db.execute("update employees set status = 'DISMISSED' where id = $1", world.doctor.employee_id)
            return await asked(db, party_ids, types)

        before = len(await system.rows("parties"))
        monkeypatch.setattr(store, "offices_of", offices_of)
        assert len(await system.rows("parties")) == before - 1

    @pytest.mark.parametrize("depth", ["0", "-1", "x", "99999"])
    async def test_depth_of_a_wrong_form_then_named(self, system: System, depth: str) -> None:
        assert [place for place, _ in faults(await system.get("divisions", depth=depth))] == ["$.depth"]


class TestDeclarationsLimit:
    # DC-17
    async def test_doctor_then_limit_and_count_over_all_workplaces(
        self, system: System, world: World, db: Connection
    ) -> None:
        party = await db.fetchrow(
            "update parties set declaration_count = 7 where id = (select party_id from employees where id = $1)"
            " returning id",
            world.doctor.employee_id,
        )
        loads = {each["party_id"]: each for each in await system.rows("declarations_limit")}
        found = loads[str(party["id"])]
        assert (found["declarations_limit"], found["declarations_count"]) == (1800, 7)

    # DC-4
    async def test_specialist_then_not_listed_for_they_take_no_declarations(
        self, system: System, world: World, db: Connection
    ) -> None:
        id = await db.fetchval("select party_id from employees where id = $1", world.specialist.employee_id)
        assert str(id) not in {each["party_id"] for each in await system.rows("declarations_limit")}


@pytest.mark.parametrize("register", [*REGISTERS, "declarations_limit"])
async def test_without_an_api_key_is_refused(world: World, register: str) -> None:
    assert world.doctor.client is not None
    refused(await world.doctor.client.get(f"{BULK}/{register}"), 401, "access_denied")
