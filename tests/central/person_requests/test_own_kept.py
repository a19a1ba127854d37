"""What stays of a person when they change their own data: names by language, the tax id; and what is kept of it."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx

from esoz.central import people, person_requests
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Work
from esoz.signature import Authority, Subject
from tests.central.answers import answered, faults
from tests.central.conftest import NOW
from tests.central.person_requests.test_own import complete, create, hand_in
from tests.factories.world import Caller, World, with_key

LATIN = {"language": "en", "first_name": "Tetiana", "last_name": "Savchenko"}


# PS-29
class TestNames:
    """A cabinet knows one name in three fields, and no countries of papers."""

    async def test_other_languages_and_countries_of_papers_then_stay(self, patient: Caller, db: Connection) -> None:
        before = await self.person(patient, db)
        own_name = {"language": "uk", "first_name": before.first_name, "last_name": before.last_name}
        await db.execute(
            "update persons set names = $2, second_name = null,"
            " documents = jsonb_set(documents, '{0,issuing_country}', '\"UA\"') where id = $1",
            before.id,
            [own_name, LATIN],
        )
        await self.changed(patient)
        after = await self.person(patient, db)
        assert [(name.language, name.first_name) for name in after.names] == [
            ("uk", before.first_name),
            ("en", "Tetiana"),
        ]
        assert (after.documents[0].issuing_country, after.email) == ("UA", "t@example.com")

    async def test_only_a_latin_one_then_told_as_it_is_seen_and_kept(self, patient: Caller, db: Connection) -> None:
        alone = {"language": "en", "first_name": "Tetiana", "no_last_name": True}
        await db.execute(
            "update persons set names = $2, first_name = 'Tetiana', last_name = '-', second_name = null,"
            " name_language = 'en' where id = $1",
            patient.person_id,
            [alone],
        )
        await self.changed(patient)
        after = await self.person(patient, db)
        assert (after.name_language, after.names[0].no_last_name, after.email) == ("en", True, "t@example.com")

    async def person(self, patient: Caller, db: Connection) -> people.Person:
        assert patient.person_id is not None
        return await people.find_person(db, patient.person_id)

    async def changed(self, patient: Caller) -> None:
        made = answered(await create(patient, email="t@example.com"), 201)
        assert made["urgent"]["documents"] == []
        answered(await complete(patient, made["data"]))


# DC-26
class TestKept:
    async def test_signed_then_the_scans_while_it_may_be_contested(
        self, patient: Caller, door: httpx.AsyncClient, db: Connection
    ) -> None:
        made = answered(await create(patient, last_name="Мар’яненко"), 201)
        assert await hand_in(door, made["urgent"]["documents"][0]["url"]) == 200
        answered(await complete(patient, made["data"]))
        id = UUID(made["data"]["id"])
        assert await db.fetchval("select forget_at from uploads where request_id = $1", id) > NOW + timedelta(days=1000)

    async def test_signed_long_ago_then_only_where_the_document_is(
        self, patient: Caller, work: Work, db: Connection
    ) -> None:
        data = answered(await create(patient, email="t@example.com"), 201)["data"]
        answered(await complete(patient, data))
        await person_requests.periodic_tasks[0][2](Work(NOBODY, NOW + timedelta(days=31), db, work.dependencies))
        assert await db.fetchval("select count(*) from person_requests where id = $1", UUID(data["id"])) == 0
        row = await db.fetchrow("select id, person_id, legal_entity_id from signed_requests")
        assert tuple(row) == (UUID(data["id"]), patient.person_id, None)


# CB-4
async def test_tax_id_when_a_clinic_writes_it_at_the_same_moment_then_not_taken_away(
    fresh_world: World, fresh_database: Database, authority: Authority
) -> None:
    patient = fresh_world.patient
    async with fresh_database.transaction() as db:
        unzr = await db.fetchval(
            "update persons set tax_id = null, no_tax_id = true, unzr = to_char(birth_date, 'YYYYMMDD') || '-01234'"
            " where id = $1 returning unzr",
            patient.person_id,
        )
        await db.execute("delete from person_tax_ids where person_id = $1", patient.person_id)
    signer = Subject(surname="Савченко", given_name="Тетяна Андріївна", drfo=patient.tax_id)
    patient = with_key(authority, patient, signer, unzr)
    data = answered(await create(patient, tax_id=None, no_tax_id=True, email="t@example.com"), 201)["data"]
    async with fresh_database.transaction() as db:
        await db.execute(
            "update persons set tax_id = $2, no_tax_id = false where id = $1", patient.person_id, patient.tax_id
        )
        signing = asyncio.create_task(complete(patient, data))
        await somebody_waits(fresh_database)
    assert faults(await signing) == [("$.person.tax_id", "Person's tax ID can not be changed")]


async def somebody_waits(database: Database) -> None:
    """Until the lock of another stands in somebody's way."""
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    for _ in range(600):
        async with database.connection() as db:
            if await db.fetchval(waiting):
                return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody waits")
