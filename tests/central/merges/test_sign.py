"""The signature of a merge: all records become the person's, or none."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.central.merges.store import MOVED
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.answers import answered, faults, refused
from tests.central.conftest import NOW
from tests.central.merges.conftest import PATH, PREPERSONS, SCOPES, approved, signed, treated
from tests.factories.registries import with_scopes
from tests.factories.world import Caller, World

# Of patients too, and no matter of a merge: of persons, of identity, of prescriptions, which nobody unidentified has.
STAYING = {
    "users",
    "person_tax_ids",
    "person_documents",
    "person_names",
    "signed_requests",
    "authentication_methods",
    "confidant_person_relationships",
    "merged_persons",
    "declarations",
    "declaration_numbers",
    "declaration_status_history",
    "declaration_requests",
    "person_requests",
    "own_papers",
    "authentication_method_requests",
    "relationship_requests",
    "approvals",
    "care_plans",
    "care_plan_numbers",
    "care_plan_activities",
    "care_plan_uses",
    "access_complaints",
    "notices",
    "notice_ways",
    "statistics_fills",
    "audit_events",
    "prescription_numbers",
    "dispense_persons",
    "medication_requests",
    "medication_request_requests",
    "medication_dispenses",
}


@pytest.fixture
async def ready(specialist: Caller, db: Connection, made: dict[str, Any]) -> dict[str, Any]:
    """An approved request."""
    return await approved(specialist, db, made)


def path_of(request: dict[str, Any]) -> str:
    return f"{PATH}/{request['id']}/actions/sign"


class TestSign:
    async def test_signed_then_records_are_the_persons_and_the_other_is_ended(
        self, specialist: Caller, ready: dict[str, Any], db: Connection, unknown: UUID, master: UUID
    ) -> None:
        ids = await treated(db, unknown, specialist.client_id)
        before = {
            table: await db.fetchval(f"select count(*) from {table} where person_id = $1", master) for table in MOVED
        }
        data = answered(await specialist.patch(path_of(ready), signed(specialist, ready)))["data"]
        assert data["status"] == "SIGNED"
        for table in MOVED:
            assert await db.fetchval(f"select count(*) from {table} where person_id = $1", unknown) == 0, table
        for table in ("episodes", "visits", "encounters", "conditions", "specimens", "specimen_numbers"):
            count = await db.fetchval(f"select count(*) from {table} where person_id = $1", master)
            assert count == before[table] + 1, table
        assert await db.fetchval("select person_id from conditions where id = $1", ids["condition"]) == master
        assert answered(await specialist.get(f"{PREPERSONS}/{unknown}"))["data"]["status"] == "INACTIVE"
        merged = await db.fetchrow("select person_id, merge_person_id from merged_persons")
        assert tuple(merged.values()) == (master, unknown)
        events = await db.fetch("select event from audit_events where patient_id = $1", master)
        assert {"preperson.merged", "merge_request.signed"} <= {row["event"] for row in events}

    async def test_twice_then_conflict(self, specialist: Caller, ready: dict[str, Any]) -> None:
        body = signed(specialist, ready)
        answered(await specialist.patch(path_of(ready), body))
        refused(await specialist.patch(path_of(ready), body), 409, "request_conflict", "Invalid merge request status")

    async def test_before_the_person_said_yes_then_conflict(self, specialist: Caller, made: dict[str, Any]) -> None:
        body = signed(specialist, made | {"data_to_be_signed": {}})
        refused(await specialist.patch(path_of(made), body), 409, "request_conflict")

    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"patient_signed": False}, "$.patient_signed"),
            ({"content": "інше"}, "$.content"),
            ({"status": "NEW"}, "$.status"),
            ({"extra": 1}, "$.extra"),
            ({"merge_person": {}}, "$.merge_person.external_id"),
        ],
    )
    async def test_another_text_then_its_place_is_named_and_nothing_moves(
        self, specialist: Caller, ready: dict[str, Any], db: Connection, changes: dict[str, Any], entry: str
    ) -> None:
        found = faults(await specialist.patch(path_of(ready), signed(specialist, ready, **changes)))
        assert [place for place, _ in found] == [entry]
        assert await db.fetchval("select count(*) from merged_persons") == 0

    async def test_key_of_somebody_else_then_refused(
        self, specialist: Caller, doctor: Caller, ready: dict[str, Any]
    ) -> None:
        found = faults(await specialist.patch(path_of(ready), signed(doctor, ready)))
        assert found == [("$.signed_content", "Does not match the signer drfo")]

    async def test_not_signed_at_all_then_named(self, specialist: Caller, ready: dict[str, Any]) -> None:
        body = {"signed_content": "bm90IHNpZ25lZA==", "signed_content_encoding": "base64"}
        assert [place for place, _ in faults(await specialist.patch(path_of(ready), body))] == ["$.signed_content"]

    async def test_who_no_longer_works_here_is_forbidden(
        self, specialist: Caller, ready: dict[str, Any], db: Connection
    ) -> None:
        await db.execute("update employees set is_active = false where id = $1", specialist.employee_id)
        refused(await specialist.patch(path_of(ready), signed(specialist, ready)), 403, "forbidden")

    async def test_records_that_wait_then_conflict(
        self, specialist: Caller, ready: dict[str, Any], db: Connection, unknown: UUID
    ) -> None:
        await db.execute(
            "insert into jobs (id, kind, patient_id, request_hash, payload, actor, request_id, status, eta,"
            " inserted_at) values ('x', 'x', $1, '', '', '{}', '', 'pending', now(), now())",
            unknown,
        )
        refused(await specialist.patch(path_of(ready), signed(specialist, ready)), 409, "request_conflict")

    async def test_same_record_at_both_then_conflict_and_nothing_moves(
        self, specialist: Caller, ready: dict[str, Any], db: Connection, unknown: UUID, master: UUID
    ) -> None:
        ids = await treated(db, unknown, specialist.client_id)
        await db.execute(
            "insert into visits (person_id, id, started_at, ended_at, inserted_at)"
            " values ($1, $2, now(), now(), now())",
            master,
            ids["visit"],
        )
        refused(await specialist.patch(path_of(ready), signed(specialist, ready)), 409, "request_conflict")
        assert await db.fetchval("select person_id from conditions where id = $1", ids["condition"]) == unknown


async def test_every_table_of_patients_is_moved_or_named_as_staying(db: Connection) -> None:
    rows = await db.fetch(
        "select c.table_name from information_schema.columns c join information_schema.tables t using (table_name)"
        " where c.column_name = 'person_id' and c.table_schema = 'public' and t.table_type = 'BASE TABLE'"
        " and c.table_name !~ '^audit_events_'"
    )
    assert {row["table_name"] for row in rows} - STAYING == set(MOVED)


class TestAtOnce:
    async def test_signed_at_once_then_once(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies
    ) -> None:
        async with fresh_database.transaction() as db:
            await dictionaries.load(db)
            specialist = await with_scopes(Work(NOBODY, NOW, db, dependencies), fresh_world.specialist, *SCOPES)
        content = {"external_id": "#1", "gender": "MALE"}
        unknown = answered(await specialist.post(PREPERSONS, content), 201)["data"]["id"]
        told = {"master_person_id": str(fresh_world.patient.person_id), "merge_person_id": unknown}
        made = answered(await specialist.post(PATH, told), 201)["data"]
        async with fresh_database.connection() as db:
            ready = await approved(specialist, db, made)
        body = signed(specialist, ready)
        calls = [specialist.patch(path_of(ready), body) for _ in range(4)]
        calls += [specialist.patch(f"{PATH}/{made['id']}/actions/reject")]
        codes = sorted(each.status_code for each in await asyncio.gather(*calls))
        assert codes == [200] + [409] * 4
        async with fresh_database.connection() as db:
            status = await db.fetchval("select status from merge_requests")
            assert await db.fetchval("select count(*) from merged_persons") == (status == "SIGNED")
            assert (await db.fetchval("select status from prepersons") == "INACTIVE") is (status == "SIGNED")

    async def test_asked_at_once_then_one_request_is_open(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies
    ) -> None:
        async with fresh_database.transaction() as db:
            await dictionaries.load(db)
            specialist = await with_scopes(Work(NOBODY, NOW, db, dependencies), fresh_world.specialist, *SCOPES)
        content = {"external_id": "#1", "gender": "MALE"}
        codes = [
            each.status_code for each in await asyncio.gather(*(specialist.post(PREPERSONS, content) for _ in range(4)))
        ]
        assert sorted(codes) == [201, 409, 409, 409]
        async with fresh_database.connection() as db:
            unknown = str(await db.fetchval("select id from prepersons"))
        told = {"master_person_id": str(fresh_world.patient.person_id), "merge_person_id": unknown}
        codes = [each.status_code for each in await asyncio.gather(*(specialist.post(PATH, told) for _ in range(3)))]
        assert codes == [201, 201, 201]
        async with fresh_database.connection() as db:
            assert await db.fetchval("select count(*) from merge_requests where status = 'NEW'") == 1
