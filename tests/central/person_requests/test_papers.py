"""Children, people without a telephone, changes of data, lists: who confirms how, and what of it is shown."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from esoz.central import people, person_requests
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.answers import answered, faults, refused
from tests.central.conftest import NOW
from tests.factories.people import adult, child, make_adult, tax_id
from tests.factories.person_requests import PATH, approved, body, code_sent_to, create, person_of, sign
from tests.factories.scans import jpeg
from tests.factories.world import Caller, World

OFFLINE = (people.AuthenticationDetails(type=people.AuthenticationType.OFFLINE),)


async def hand_in(door: httpx.AsyncClient, url: str) -> int:
    parts = urlsplit(url)
    return (await door.put(f"{parts.path}?{parts.query}", content=jpeg())).status_code


class TestPapers:
    """DC-11"""

    async def test_who_has_no_telephone_then_shows_each_paper(
        self, doctor: Caller, db: Connection, door: httpx.AsyncClient
    ) -> None:
        answer = answered(await create(doctor, db, adult(authentication_methods=OFFLINE)), 201)
        id, documents = answer["data"]["id"], answer["urgent"]["documents"]
        assert answer["urgent"]["authentication_method_current"] == [{"type": "OFFLINE"}]
        assert [each["type"] for each in documents] == ["person.tax_id", "person.PASSPORT"]
        answer = await doctor.patch(f"{PATH}/{id}/actions/approve")
        refused(answer, 409, "request_conflict", "Documents person.PASSPORT, person.tax_id is not uploaded")
        shown = answered(await doctor.get(f"{PATH}/{id}"))["urgent"]["documents"]
        assert sorted(each["type"] for each in shown) == ["person.PASSPORT", "person.tax_id"]
        assert [await hand_in(door, each["url"]) for each in documents] == [200, 200]
        data = answered(await doctor.patch(f"{PATH}/{id}/actions/approve"), 201)["data"]
        assert [await hand_in(door, each["url"]) for each in documents] == [409, 409]
        signed = answered(await sign(doctor, data))["data"]
        (method,) = await people.authentication_methods(db, UUID(signed["person_id"]))
        assert method.type is people.AuthenticationType.OFFLINE

    async def test_request_when_given_up_or_replaced_then_its_papers_come_no_more(
        self, doctor: Caller, db: Connection, door: httpx.AsyncClient
    ) -> None:
        first, second = [answered(await create(doctor, db, adult(authentication_methods=OFFLINE)), 201) for _ in "12"]
        assert [await hand_in(door, each["url"]) for each in first["urgent"]["documents"]] == [409, 409]
        answered(await doctor.patch(f"{PATH}/{second['data']['id']}/actions/reject"), 201)
        assert [await hand_in(door, each["url"]) for each in second["urgent"]["documents"]] == [409, 409]
        for each in (first, second):
            assert answered(await doctor.get(f"{PATH}/{each['data']['id']}"))["urgent"]["documents"] == []

    async def test_who_refused_the_tax_id_then_shows_the_refusal(self, doctor: Caller, db: Connection) -> None:
        details = adult(authentication_methods=OFFLINE, tax_id=None, no_tax_id=True)
        answer = answered(await create(doctor, db, details), 201)
        types = [each["type"] for each in answer["urgent"]["documents"]]
        assert types == ["person.no_tax_id", "person.PASSPORT"]


class TestChild:
    async def test_parent_has_a_telephone_then_the_parent_is_asked(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        parent = await make_adult(work)
        answer = answered(await create(doctor, db, child(work, parent)), 201)
        assert answer["urgent"]["authentication_method_current"] == [{"type": "OTP", "phone_number": "+38067*****01"}]
        id = answer["data"]["id"]
        code = {"verification_code": await code_sent_to(db, "+380670000001")}
        data = answered(await doctor.patch(f"{PATH}/{id}/actions/approve", code), 201)["data"]
        made = UUID(answered(await sign(doctor, data))["data"]["person_id"])
        assert await people.speaks_for(db, parent.id, made, work.today)

    async def test_parent_has_none_then_papers_of_both_and_the_certificate_once(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        parent = await make_adult(work, authentication_methods=OFFLINE)
        answer = answered(await create(doctor, db, child(work, parent)), 201)
        assert answer["urgent"]["authentication_method_current"] == [{"type": "OFFLINE"}]
        assert [each["type"] for each in answer["urgent"]["documents"]] == ["person.BIRTH_CERTIFICATE"]

    # PS-17
    async def test_certificate_when_registered_then_conflict(self, doctor: Caller, work: Work, db: Connection) -> None:
        parent = await make_adult(work)
        await people.create_person(work, child(work, parent))
        answer = await create(doctor, db, child(work, parent, last_name="Інша"))
        refused(answer, 409, "request_conflict", "Such person already exists")

    # PS-7
    async def test_below_fourteen_with_an_own_telephone_then_refused(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        parent = await make_adult(work)
        details = replace(child(work, parent), authentication_methods=adult().authentication_methods)
        places = [place for place, _ in faults(await create(doctor, db, details))]
        assert places == ["$.person.authentication_methods[0].type"]

    async def test_on_the_fourteenth_birthday_then_an_own_telephone(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        born = work.today.replace(year=work.today.year - 14)
        papers = (people.Document("BIRTH_CERTIFICATE", "1БК000778", "ДРАЦС", born),)
        answered(await create(doctor, db, adult(birth_date=born, documents=papers)), 201)


class TestUpdate:
    async def test_name_after_marriage_then_changed_and_the_rest_stays(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        person = await make_adult(work)
        details = adult(last_name="Дорошенко", second_name=None)
        made = answered(await doctor.post(PATH, body(person_of(details, person.id))), 201)["data"]
        assert made["person"]["id"] == str(person.id)
        code = {"verification_code": await code_sent_to(db, "+380670000001")}
        data = answered(await doctor.patch(f"{PATH}/{made['id']}/actions/approve", code), 201)["data"]
        signed = answered(await sign(doctor, data))["data"]
        assert signed["person_id"] == str(person.id)
        changed = await people.find_person(db, person.id)
        assert (changed.last_name, changed.second_name, changed.tax_id) == ("Дорошенко", None, person.tax_id)
        assert len(await people.authentication_methods(db, person.id)) == 1
        found = await doctor.get(
            "/api/persons", first_name="Дем'ян", last_name="Дорошенко", birth_date=details.birth_date
        )
        assert [each["id"] for each in answered(found)["data"]] == [str(person.id)]

    async def test_tax_id_when_changed_then_found_by_the_new_one_only(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        person = await make_adult(work)
        changed = await people.update_person(work, person.id, adult(7, authentication_methods=()))
        assert changed.tax_id == tax_id(310_000_007)
        assert await people.find_person_by_tax_id(db, person.tax_id or "") is None
        found = await people.find_person_by_tax_id(db, changed.tax_id or "")
        assert found is not None and found.id == person.id

    async def test_tax_id_when_of_another_then_conflict(self, doctor: Caller, work: Work) -> None:
        person = await make_adult(work)
        other = await make_adult(work, 2)
        answer = await doctor.post(PATH, body(person_of(adult(tax_id=other.tax_id), person.id)))
        refused(answer, 409, "request_conflict", "Such person already exists")

    async def test_blocks_of_registration_then_forbidden(self, doctor: Caller, work: Work) -> None:
        person = await make_adult(work)
        answer = await doctor.post(PATH, body(person_of(adult()) | {"id": str(person.id)}))
        assert [place for place, _ in faults(answer)] == ["$.person.authentication_methods"]

    # PS-18
    async def test_person_when_inactive_or_unknown_then_not_found(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        person = await make_adult(work)
        await db.execute("update persons set is_active = false, status = 'inactive' where id = $1", person.id)
        for id in (person.id, doctor.client_id):
            answer = await doctor.post(PATH, body(person_of(adult(), id)))
            refused(answer, 409, "request_conflict", "person is not found")

    async def test_person_when_dead_before_the_signature_then_not_changed(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        person = await make_adult(work)
        made = (await doctor.post(PATH, body(person_of(adult(last_name="Дорошенко"), person.id)))).json()["data"]
        code = {"verification_code": await code_sent_to(db, "+380670000001")}
        data = (await doctor.patch(f"{PATH}/{made['id']}/actions/approve", code)).json()["data"]
        await db.execute("update persons set is_active = false, status = 'inactive' where id = $1", person.id)
        refused(await sign(doctor, data), 409, "request_conflict", "person is not found")


class TestRead:
    async def test_of_another_clinic_then_not_found(
        self, doctor: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        id = (await create(doctor, db)).json()["data"]["id"]
        refused(await foreign_doctor.get(f"{PATH}/{id}"), 404, "not_found")

    async def test_unknown_then_not_found(self, doctor: Caller) -> None:
        for id in (doctor.client_id, "x"):
            refused(await doctor.get(f"{PATH}/{id}"), 404, "not_found")

    async def test_list_then_only_those_of_the_clinic_by_status(
        self, doctor: Caller, foreign_doctor: Caller, db: Connection, clock: FixedClock
    ) -> None:
        new = (await create(doctor, db)).json()["data"]["id"]
        ready = (await approved(doctor, db, adult(2)))["id"]
        await create(foreign_doctor, db, adult(3))

        async def ids(**filters: object) -> list[str]:
            return [each["id"] for each in answered(await doctor.get("/api/person_requests", **filters))["data"]]

        assert await ids() == [new, ready]
        assert await ids(status="NEW") == [new]
        assert await ids(status="APPROVED") == [ready]
        assert await ids(legal_entity_id=foreign_doctor.client_id) == []
        assert await ids(page=2, page_size=1) == [ready]
        clock.forward(timedelta(days=1))
        assert await ids(status="NEW") == await ids(status="APPROVED") == []
        assert await ids(status="CANCELLED") == [new, ready]

    async def test_list_when_status_is_odd_then_named(self, doctor: Caller) -> None:
        refused(await doctor.get("/api/person_requests", status="EXPIRED"), 422, "validation_failed")

    async def test_read_of_a_known_person_then_told_to_them(self, doctor: Caller, work: Work, db: Connection) -> None:
        person = await make_adult(work)
        id = (await doctor.post(PATH, body(person_of(adult(), person.id)))).json()["data"]["id"]
        await doctor.get(f"{PATH}/{id}")
        await doctor.get("/api/person_requests")
        rows = await db.fetch(
            "select event from audit_events where patient_id = $1 and user_id = $2", person.id, doctor.user_id
        )
        assert {row["event"] for row in rows} == {
            "person_request.created",
            "person_request.read",
            "person_requests.read",
        }


async def test_request_when_its_day_is_over_then_ended_and_a_month_later_forgotten(
    doctor: Caller, db: Connection, dependencies: Dependencies
) -> None:
    id = UUID((await create(doctor, db)).json()["data"]["id"])
    ((_, _, end),) = person_requests.periodic_tasks
    await end(Work(NOBODY, NOW + timedelta(days=1), db, dependencies))
    assert await db.fetchval("select status from person_requests where id = $1", id) == "CANCELLED"
    await end(Work(NOBODY, NOW + timedelta(days=31), db, dependencies))
    assert await db.fetchval("select status from person_requests where id = $1", id) == "CANCELLED"
    await end(Work(NOBODY, NOW + timedelta(days=31, seconds=1), db, dependencies))
    assert await db.fetchval("select count(*) from person_requests where id = $1", id) == 0


# DC-26
async def test_request_when_signed_a_month_ago_then_only_where_the_document_is_stays(
    doctor: Caller, db: Connection, dependencies: Dependencies
) -> None:
    data = await approved(doctor, db)
    person_id = answered(await sign(doctor, data))["data"]["person_id"]
    document = await db.fetchval("select signed_document from person_requests")
    ((_, _, end),) = person_requests.periodic_tasks
    await end(Work(NOBODY, NOW + timedelta(days=30), db, dependencies))
    assert await db.fetchval("select count(*) from person_requests") == 1
    await end(Work(NOBODY, NOW + timedelta(days=30, seconds=1), db, dependencies))
    assert await db.fetchval("select count(*) from person_requests") == 0
    row = await db.fetchrow("select id, person_id, legal_entity_id, signed_document from signed_requests")
    assert tuple(row) == (UUID(data["id"]), UUID(person_id), doctor.client_id, document)
    refused(await doctor.get(f"{PATH}/{data['id']}"), 404, "not_found")
    assert (await people.find_person(db, UUID(person_id))).is_active


# DC-6
async def test_requests_about_one_person_when_made_at_once_then_one_is_open(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies
) -> None:
    async with fresh_database.connection() as db:
        person = await make_adult(Work(NOBODY, NOW, db, dependencies), authentication_methods=OFFLINE)
    same = body(person_of(adult(last_name="Дорошенко"), person.id))
    answers = await asyncio.gather(*(fresh_world.doctor.post(PATH, same) for _ in range(6)))
    assert {each.status_code for each in answers} == {201}
    async with fresh_database.connection() as db:
        assert await db.fetchval("select count(*) from person_requests where status = 'NEW'") == 1
