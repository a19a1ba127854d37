"""Ways to authenticate: added, renamed, ended when the person has confirmed it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.central import people, person_requests, uploads
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.errors import Conflict
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.answers import answered, faults, refused
from tests.central.conftest import NOW
from tests.factories.people import child, make_adult
from tests.factories.person_requests import code_sent_to, verify_phone
from tests.factories.scans import jpeg
from tests.factories.world import Caller, World

OLD, NEW = "+380670000001", "+380671234567"
OFFLINE = (people.AuthenticationDetails(type=people.AuthenticationType.OFFLINE),)
ROOT = "$.authentication_method"


async def ask(caller: Caller, person: people.Person, action: str, **method: object) -> httpx.Response:
    body = {"action": action, "authentication_method": {name: value for name, value in method.items()}}
    return await caller.post(f"/api/persons/{person.id}/authentication_method_requests", body)


async def approve(caller: Caller, person: people.Person, id: str, code: int | None) -> httpx.Response:
    body = {} if code is None else {"verification_code": code}
    return await caller.patch(f"/api/persons/{person.id}/authentication_method_requests/{id}/actions/approve", body)


async def done(caller: Caller, db: Connection, person: people.Person, action: str, **method: object) -> Any:
    """The answer to a change that is asked for and confirmed by the code to the old telephone."""
    id = answered(await ask(caller, person, action, **method), 201)["data"]["id"]
    return answered(await approve(caller, person, id, await code_sent_to(db, OLD)), 201)["data"]


async def methods_of(db: Connection, person: people.Person) -> list[tuple[str, str | None, str | None]]:
    found = await people.authentication_methods(db, person.id)
    return [(str(each.type), each.phone_number, each.alias) for each in found]


def confidant(person: people.Person) -> people.ConfidantDetails:
    paper = people.RelationshipDocument("BIRTH_CERTIFICATE", "1БК000777", "ДРАЦС", NOW.date())
    return people.ConfidantDetails(person_id=person.id, documents_relationship=(paper,))


class TestInsert:
    async def test_telephone_then_added_when_the_old_one_confirms(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        person = await make_adult(work)
        await verify_phone(db, NEW)
        answer = answered(await ask(doctor, person, "INSERT", type="OTP", phone_number=NEW), 201)
        assert answer["urgent"] == {
            "authentication_method_current": [{"type": "OTP", "phone_number": "+38067*****01"}],
            "documents": [],
        }
        assert len(await methods_of(db, person)) == 1
        data = answered(await approve(doctor, person, answer["data"]["id"], await code_sent_to(db, OLD)), 201)["data"]
        assert data == {"id": answer["data"]["id"], "status": "COMPLETED", "channel": "MIS"}
        assert await methods_of(db, person) == [("OTP", OLD, None), ("OTP", NEW, None)]
        rows = await db.fetch("select event from audit_events where patient_id = $1 and user_id is not null", person.id)
        assert {row["event"] for row in rows} == {
            "authentication_method_request.created",
            "authentication_method_request.completed",
            "person.authentication_method_added",
        }

    # PS-11
    async def test_telephone_when_not_verified_then_refused(self, doctor: Caller, work: Work) -> None:
        person = await make_adult(work)
        answer = await ask(doctor, person, "INSERT", type="OTP", phone_number=NEW)
        refused(answer, 422, "unverified", "Unverified phone number")

    # PS-12
    async def test_telephone_when_too_many_have_it_then_refused(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        shared = (people.AuthenticationDetails(type=people.AuthenticationType.OTP, phone_number=NEW),)
        for number in range(2, 7):
            await make_adult(work, number, authentication_methods=shared)
        person = await make_adult(work)
        assert faults(await ask(doctor, person, "INSERT", type="OTP", phone_number=NEW)) == [
            (f"{ROOT}.phone_number", "This phone number is present more than 5 times in the system")
        ]

    async def test_method_when_there_already_then_conflict(self, doctor: Caller, work: Work) -> None:
        person = await make_adult(work)
        refused(await ask(doctor, person, "INSERT", type="OTP", phone_number=OLD), 409, "request_conflict")

    async def test_who_speaks_for_a_child_when_added_already_then_conflict(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        mother = await make_adult(work)
        young = await people.create_person(work, child(work, mother))
        answer = await ask(doctor, young, "INSERT", type="THIRD_PERSON", value=mother.id, alias="мама")
        refused(answer, 409, "request_conflict", "Such authentication method already exists")

    # PS-7, PS-15
    async def test_who_speaks_for_a_person_then_added_and_confirms_from_now_on(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        mother, father = await make_adult(work), await make_adult(work, 2)
        young = await people.create_person(work, child(work, mother))
        await people.add_confidant(work, young.id, confidant(father))
        answer = await done(doctor, db, young, "INSERT", type="THIRD_PERSON", value=father.id, alias="тато мій")
        assert answer["status"] == "COMPLETED"
        found = await people.authentication_methods(db, young.id)
        assert [(each.value, each.alias) for each in found] == [(mother.id, "тато"), (father.id, "тато мій")]
        assert await people.phone_of(work, found[1]) == "+380670000002"

    async def test_who_confirmed_for_a_child_then_finds_it_in_their_log(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        mother = await make_adult(work)
        young = await people.create_person(work, child(work, mother))
        (method,) = await people.authentication_methods(db, young.id)
        await done(doctor, db, young, "UPDATE", id=method.id, alias="мама")
        rows = await db.fetch(
            "select patient_id from audit_events where event = any($1) order by event",
            ["authentication_method_request.completed", "person_request.confirmed_for_another"],
        )
        assert [row["patient_id"] for row in rows] == [young.id, mother.id]

    async def test_request_when_replaced_then_its_papers_come_no_more(self, doctor: Caller, work: Work) -> None:
        person = await make_adult(work, authentication_methods=OFFLINE)
        (method,) = await people.authentication_methods(work.db, person.id)
        asked = [answered(await ask(doctor, person, "UPDATE", id=method.id, alias="я"), 201) for _ in "12"]
        first, second = [UUID(each["data"]["id"]) for each in asked]
        place = uploads.Place("authentication_method_requests", first, "person.PASSPORT")
        with pytest.raises(uploads.Closed):
            await uploads.receive(work, place, jpeg())
        await uploads.receive(work, replace(place, request_id=second), jpeg())

    async def test_stranger_as_third_person_then_refused(self, doctor: Caller, work: Work) -> None:
        person, stranger = await make_adult(work), await make_adult(work, 2)
        answer = await ask(doctor, person, "INSERT", type="THIRD_PERSON", value=stranger.id, alias="сусід")
        assert faults(answer) == [(f"{ROOT}.value", "Third person must be an active confidant person")]

    # PS-7
    async def test_own_telephone_below_fourteen_then_refused(self, doctor: Caller, work: Work, db: Connection) -> None:
        young = await people.create_person(work, child(work, await make_adult(work)))
        await verify_phone(db, NEW)
        assert [place for place, _ in faults(await ask(doctor, young, "INSERT", type="OTP", phone_number=NEW))] == [
            f"{ROOT}.type"
        ]

    # DC-11
    async def test_who_has_no_telephone_then_papers_are_asked(self, doctor: Caller, work: Work, db: Connection) -> None:
        person = await make_adult(work, authentication_methods=OFFLINE)
        await verify_phone(db, NEW)
        answer = answered(await ask(doctor, person, "INSERT", type="OTP", phone_number=NEW), 201)
        assert [each["type"] for each in answer["urgent"]["documents"]] == ["person.tax_id", "person.PASSPORT"]
        answer = await approve(doctor, person, answer["data"]["id"], None)
        refused(answer, 409, "request_conflict", "Documents person.PASSPORT, person.tax_id is not uploaded")

    @pytest.mark.parametrize(
        ("action", "method", "places"),
        [
            ("INSERT", {"type": "OTP"}, ["phone_number"]),
            ("INSERT", {"type": "OTP", "phone_number": "0671234567"}, ["phone_number"]),
            ("INSERT", {"type": "OTP", "phone_number": NEW, "value": str(UUID(int=1))}, ["value"]),
            ("INSERT", {"type": "OFFLINE", "phone_number": NEW}, ["phone_number"]),
            ("INSERT", {"type": "THIRD_PERSON"}, ["alias", "value"]),
            ("INSERT", {"type": "NA"}, ["type"]),
            ("INSERT", {"alias": "мій"}, ["type"]),
            ("UPDATE", {"alias": "мій"}, ["id"]),
            ("DEACTIVATE", {}, ["id"]),
        ],
    )
    async def test_odd_body_then_named(
        self, doctor: Caller, work: Work, action: str, method: dict[str, object], places: list[str]
    ) -> None:
        found = [place for place, _ in faults(await ask(doctor, await make_adult(work), action, **method))]
        assert found == [f"{ROOT}.{place}" for place in places]


class TestUpdate:
    async def test_alias_then_changed(self, doctor: Caller, work: Work, db: Connection) -> None:
        person = await make_adult(work)
        (method,) = await people.authentication_methods(db, person.id)
        await done(doctor, db, person, "UPDATE", id=method.id, alias="мій")
        assert await methods_of(db, person) == [("OTP", OLD, "мій")]

    async def test_method_when_of_another_then_refused(self, doctor: Caller, work: Work, db: Connection) -> None:
        person, other = await make_adult(work), await make_adult(work, 2)
        (method,) = await people.authentication_methods(db, other.id)
        assert faults(await ask(doctor, person, "UPDATE", id=method.id, alias="мій")) == [
            (f"{ROOT}.id", "Person's authentication method doesn't exist")
        ]


class TestDeactivate:
    async def test_one_of_two_then_ended(self, doctor: Caller, work: Work, db: Connection) -> None:
        person = await make_adult(work)
        await people.add_authentication_method(work, person.id, OFFLINE[0])
        (method,) = [each for each in await people.authentication_methods(db, person.id) if each.type == "OFFLINE"]
        await done(doctor, db, person, "DEACTIVATE", id=method.id)
        assert await methods_of(db, person) == [("OTP", OLD, None)]

    async def test_the_only_one_then_conflict(self, doctor: Caller, work: Work, db: Connection) -> None:
        person = await make_adult(work)
        (method,) = await people.authentication_methods(db, person.id)
        answer = await ask(doctor, person, "DEACTIVATE", id=method.id)
        refused(answer, 409, "request_conflict", "The last authentication method can not be deactivated")

    async def test_both_at_once_by_two_clinics_then_one_is_left(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies
    ) -> None:
        doctor, other = fresh_world.doctor, fresh_world.foreign_doctor
        async with fresh_database.transaction() as db:
            work = Work(NOBODY, NOW, db, dependencies)
            person = await make_adult(work)
            await people.add_authentication_method(work, person.id, OFFLINE[0])
        async with fresh_database.connection() as db:
            methods = await people.authentication_methods(db, person.id)
            asked = []
            for caller, method in zip((doctor, other), methods, strict=True):
                id = answered(await ask(caller, person, "DEACTIVATE", id=method.id), 201)["data"]["id"]
                asked.append(approve(caller, person, id, await code_sent_to(db, OLD)))
            answers = await asyncio.gather(*asked)
            assert sorted(each.status_code for each in answers) == [201, 409]
            assert len(await people.authentication_methods(db, person.id)) == 1


class TestApprove:
    async def test_code_when_wrong_then_counted(self, doctor: Caller, work: Work, db: Connection) -> None:
        person = await make_adult(work)
        id = answered(await ask(doctor, person, "INSERT", type="OFFLINE"), 201)["data"]["id"]
        right = await code_sent_to(db, OLD)
        for _ in range(3):
            answer = await approve(doctor, person, id, 1000 if right != 1000 else 1001)
            refused(answer, 422, "forbidden", "Invalid verification code")
        refused(await approve(doctor, person, id, right), 403, "forbidden", "Maximum attempts exceed")

    async def test_twice_then_conflict(self, doctor: Caller, work: Work, db: Connection) -> None:
        person = await make_adult(work)
        id = answered(await ask(doctor, person, "INSERT", type="OFFLINE"), 201)["data"]["id"]
        code = await code_sent_to(db, OLD)
        answered(await approve(doctor, person, id, code), 201)
        refused(await approve(doctor, person, id, code), 409, "request_conflict", "Invalid transition")
        assert len(await methods_of(db, person)) == 2

    async def test_code_when_its_time_is_over_then_expired(
        self, doctor: Caller, work: Work, db: Connection, clock: FixedClock
    ) -> None:
        person = await make_adult(work)
        id = answered(await ask(doctor, person, "INSERT", type="OFFLINE"), 201)["data"]["id"]
        clock.forward(timedelta(minutes=15))
        answer = await approve(doctor, person, id, await code_sent_to(db, OLD))
        refused(answer, 403, "forbidden", "Verification code expired")

    async def test_after_its_day_then_conflict(
        self, doctor: Caller, work: Work, db: Connection, clock: FixedClock
    ) -> None:
        person = await make_adult(work)
        id = answered(await ask(doctor, person, "INSERT", type="OFFLINE"), 201)["data"]["id"]
        clock.forward(timedelta(days=1))
        refused(await approve(doctor, person, id, await code_sent_to(db, OLD)), 409, "request_conflict")

    async def test_by_another_clinic_or_of_another_person_then_not_found(
        self, doctor: Caller, foreign_doctor: Caller, work: Work, db: Connection
    ) -> None:
        person, other = await make_adult(work), await make_adult(work, 2)
        id = answered(await ask(doctor, person, "INSERT", type="OFFLINE"), 201)["data"]["id"]
        code = await code_sent_to(db, OLD)
        refused(await approve(foreign_doctor, person, id, code), 404, "not_found")
        refused(await approve(doctor, other, id, code), 404, "not_found")

    # DC-13
    async def test_code_when_sent_again_then_only_the_new_one_counts(
        self, doctor: Caller, work: Work, db: Connection, clock: FixedClock
    ) -> None:
        person = await make_adult(work)
        id = answered(await ask(doctor, person, "INSERT", type="OFFLINE"), 201)["data"]["id"]
        path = f"/api/persons/{person.id}/authentication_method_requests/{id}/actions/resend_otp"
        refused(await doctor.post(path), 429, "too_many_requests")
        clock.forward(timedelta(minutes=1))
        assert answered(await doctor.post(path))["data"]["id"] == id
        answered(await approve(doctor, person, id, await code_sent_to(db, OLD)), 201)
        refused(await doctor.post(path), 409, "request_conflict")


async def test_person_when_inactive_or_unknown_then_refused(doctor: Caller, work: Work, db: Connection) -> None:
    person = await make_adult(work)
    await db.execute("update persons set is_active = false, status = 'inactive' where id = $1", person.id)
    refused(await ask(doctor, person, "INSERT", type="OFFLINE"), 409, "request_conflict", "Person is not active")
    path = f"/api/persons/{doctor.client_id}/authentication_method_requests"
    answer = await doctor.post(path, {"action": "INSERT", "authentication_method": {"type": "OFFLINE"}})
    refused(answer, 404, "not_found")


async def test_pharmacist_may_not(pharmacist: Caller, work: Work) -> None:
    refused(await ask(pharmacist, await make_adult(work), "INSERT", type="OFFLINE"), 403, "forbidden")


async def test_method_when_not_chosen_yet_then_ends_with_the_first_one(work: Work, db: Connection) -> None:
    not_asked = (people.AuthenticationDetails(type=people.AuthenticationType.NA),)
    person = await make_adult(work, authentication_methods=not_asked)
    await people.add_authentication_method(work, person.id, OFFLINE[0])
    assert await methods_of(db, person) == [("OFFLINE", None, None)]
    with pytest.raises(Conflict):
        await make_adult(work)


# DC-6
async def test_requests_about_one_person_when_made_at_once_then_one_is_open(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies
) -> None:
    async with fresh_database.connection() as db:
        person = await make_adult(Work(NOBODY, NOW, db, dependencies), authentication_methods=OFFLINE)
        (method,) = await people.authentication_methods(db, person.id)
    asked = (ask(fresh_world.doctor, person, "UPDATE", id=method.id, alias="я") for _ in range(6))
    assert {each.status_code for each in await asyncio.gather(*asked)} == {201}
    async with fresh_database.connection() as db:
        assert await db.fetchval("select count(*) from authentication_method_requests where status = 'NEW'") == 1


# DC-26
async def test_request_when_over_for_a_month_then_forgotten(
    doctor: Caller, work: Work, db: Connection, dependencies: Dependencies
) -> None:
    person = await make_adult(work)
    (method,) = await people.authentication_methods(db, person.id)
    await done(doctor, db, person, "UPDATE", id=method.id, alias="мій")
    await ask(doctor, person, "UPDATE", id=method.id, alias="інший")
    ((_, _, end),) = person_requests.periodic_tasks
    count = "select count(*) from authentication_method_requests"
    for later, left in ((timedelta(days=30), 2), (timedelta(days=30, seconds=1), 1), (timedelta(days=62), 0)):
        await end(Work(NOBODY, NOW + later, db, dependencies))
        assert await db.fetchval(count) == left
