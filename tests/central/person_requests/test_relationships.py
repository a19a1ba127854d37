"""Who speaks for a person: asked for by a clinic, confirmed, signed, and done."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from esoz.central import people, person_requests
from esoz.central.upload_door import UploadDoor
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.answers import answered, faults, refused
from tests.central.conftest import NOW
from tests.factories.people import child, make_adult
from tests.factories.person_requests import code_sent_to
from tests.factories.scans import jpeg
from tests.factories.world import Caller, World

MOTHER, FATHER = "+380670000001", "+380670000002"
OFFLINE = (people.AuthenticationDetails(type=people.AuthenticationType.OFFLINE),)
PAPER = {"type": "BIRTH_CERTIFICATE", "number": "1БК000777", "issued_by": "ДРАЦС", "issued_at": "2021-01-05"}


def path(person: people.Person, *more: object) -> str:
    return "/".join((f"/api/persons/{person.id}/confidant_person_relationship_requests", *map(str, more)))


Family = tuple[people.Person, people.Person, people.Person]


async def insert(caller: Caller, person: people.Person, confidant: people.Person, **paper: object) -> httpx.Response:
    papers = [PAPER | paper]
    return await caller.post(path(person), {"confidant_person_id": confidant.id, "documents_relationship": papers})


async def deactivate(caller: Caller, db: Connection, person: people.Person, of: people.Person) -> httpx.Response:
    found = await people.relationships(db, person.id)
    id = next(each.id for each in found if each.confidant_person_id == of.id)
    paper = PAPER | {"type": "COURT_DECISION"}
    body = {"confidant_person_relationship": {"id": id, "documents_relationship": [paper]}}
    return await caller.post(path(person, "deactivate"), body)


async def hand_in(door: httpx.AsyncClient, answer: dict[str, Any]) -> None:
    for each in answer["urgent"]["documents"]:
        parts = urlsplit(each["url"])
        assert (await door.put(f"{parts.path}?{parts.query}", content=jpeg())).status_code == 200


async def approve(caller: Caller, person: people.Person, id: str, code: int | None) -> httpx.Response:
    body = {} if code is None else {"verification_code": code}
    return await caller.patch(path(person, id, "actions", "approve"), body)


async def sign(caller: Caller, person: people.Person, data: dict[str, Any], **changes: object) -> httpx.Response:
    document = caller.sign(data | changes)
    return await caller.patch(path(person, data["id"], "actions", "sign"), {"signed_content": document})


async def ready(
    caller: Caller, db: Connection, door: httpx.AsyncClient, asked: httpx.Response, *, person: people.Person, phone: str
) -> dict[str, Any]:
    """What is to be signed of a request that is confirmed by a code and its scans."""
    answer = answered(asked, 201)
    await hand_in(door, answer)
    data: dict[str, Any] = answered(await approve(caller, person, answer["data"]["id"], await code_sent_to(db, phone)))[
        "data"
    ]
    return data


class TestInsert:
    async def test_father_then_speaks_when_signed(
        self, doctor: Caller, work: Work, db: Connection, door: httpx.AsyncClient, family: Family
    ) -> None:
        young, _, father = family
        asked = await insert(doctor, young, father)
        assert answered(asked, 201)["urgent"]["authentication_method_current"] == {
            "type": "OTP",
            "phone_number": "+38067*****02",
        }
        data = await ready(doctor, db, door, asked, person=young, phone=FATHER)
        assert (data["status"], data["action"]) == ("APPROVED", "INSERT")
        assert not await people.speaks_for(db, father.id, young.id, work.today)
        assert answered(await sign(doctor, young, data))["data"]["status"] == "COMPLETED"
        assert await people.speaks_for(db, father.id, young.id, work.today)
        events = await db.fetch(
            "select event from audit_events where patient_id = $1 and user_id is not null", young.id
        )
        assert {row["event"] for row in events} == {
            "confidant_request.created",
            "confidant_request.approved",
            "confidant_request.signed",
            "person.confidant_added",
        }
        refused(await sign(doctor, young, data), 409, "request_conflict", "Invalid transition")

    # DC-11
    async def test_papers_of_the_right_then_asked_besides_the_code(
        self, doctor: Caller, db: Connection, family: Family
    ) -> None:
        young, _, father = family
        answer = answered(await insert(doctor, young, father), 201)
        types = [each["type"] for each in answer["urgent"]["documents"]]
        assert types == ["confidant_person.RELATIONSHIP.BIRTH_CERTIFICATE"]
        refused(
            await approve(doctor, young, answer["data"]["id"], await code_sent_to(db, FATHER)),
            409,
            "request_conflict",
            "Documents confidant_person.RELATIONSHIP.BIRTH_CERTIFICATE is not uploaded",
        )

    async def test_who_has_no_telephone_then_shows_their_papers_too(
        self, doctor: Caller, work: Work, family: Family
    ) -> None:
        guardian = await make_adult(work, 3, authentication_methods=OFFLINE)
        answer = answered(await insert(doctor, family[0], guardian), 201)
        assert [each["type"] for each in answer["urgent"]["documents"]] == [
            "person.tax_id",
            "person.PASSPORT",
            "confidant_person.RELATIONSHIP.BIRTH_CERTIFICATE",
        ]

    async def test_adult_who_has_a_telephone_then_gives_the_own_word(self, doctor: Caller, work: Work) -> None:
        ward, guardian = await make_adult(work, 1), await make_adult(work, 2)
        current = answered(await insert(doctor, ward, guardian), 201)["urgent"]["authentication_method_current"]
        assert current["phone_number"] == "+38067*****01"

    # PS-8
    async def test_who_may_not_speak_then_named(self, doctor: Caller, work: Work, family: Family) -> None:
        young, mother, _ = family
        place = "$.confidant_person_id"
        assert faults(await insert(doctor, mother, young)) == [(place, "Confidant person must be active and adult")]
        assert faults(await insert(doctor, mother, mother)) == [(place, "Person can not be a confidant of themselves")]
        nobody = replace(mother, id=doctor.client_id)
        assert faults(await insert(doctor, young, nobody)) == [(place, "Confidant person is not found")]

    async def test_who_speaks_already_then_conflict(self, doctor: Caller, family: Family) -> None:
        refused(await insert(doctor, family[0], family[1]), 409, "request_conflict")

    async def test_one_beyond_the_limit_then_published_words(self, doctor: Caller, work: Work, family: Family) -> None:
        paper = people.RelationshipDocument("DOCUMENT", "1")
        for number in range(3, 7):
            other = await make_adult(work, number)
            details = people.ConfidantDetails(person_id=other.id, documents_relationship=(paper,))
            await people.add_confidant(work, family[0].id, details)
        message = "This patient has 5 confidants and can not have more"
        refused(await insert(doctor, family[0], family[2]), 422, "request_malformed", message)

    # PS-9
    async def test_paper_when_odd_then_named(self, doctor: Caller, family: Family) -> None:
        day = NOW.date()
        odd = {"issued_at": str(day + timedelta(days=2)), "active_to": str(day - timedelta(days=2))}
        places = [place for place, _ in faults(await insert(doctor, family[0], family[2], **odd))]
        assert places == ["$.documents_relationship[0].issued_at", "$.documents_relationship[0].active_to"]

    async def test_both_asked_of_two_clinics_then_the_second_signature_is_refused(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies
    ) -> None:
        async with fresh_database.transaction() as db:
            work = Work(NOBODY, NOW, db, dependencies)
            mother, father = await make_adult(work, 1), await make_adult(work, 2)
            young = await people.create_person(work, child(work, mother))
        door = UploadDoor(fresh_database, dependencies, FixedClock(NOW), "https://api.test")
        callers = (fresh_world.doctor, fresh_world.foreign_doctor)
        client = httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="https://api.test")
        async with client, fresh_database.connection() as db:
            signing = []
            for caller in callers:
                asked = await insert(caller, young, father)
                data = await ready(caller, db, client, asked, person=young, phone=FATHER)
                signing.append(sign(caller, young, data))
            answers = await asyncio.gather(*signing)
        assert sorted(each.status_code for each in answers) == [200, 409]


class TestDeactivate:
    # PS-8
    async def test_the_only_one_of_a_child_then_conflict(self, doctor: Caller, db: Connection, family: Family) -> None:
        answer = await deactivate(doctor, db, family[0], of=family[1])
        refused(answer, 409, "request_conflict", "Confidant person is mandatory for children")

    # PS-8
    async def test_the_only_one_who_lives_then_conflict(
        self, doctor: Caller, work: Work, db: Connection, family: Family
    ) -> None:
        young, mother, father = family
        paper = people.RelationshipDocument("BIRTH_CERTIFICATE", "1")
        speaks_too = people.ConfidantDetails(person_id=father.id, documents_relationship=(paper,))
        await people.add_confidant(work, young.id, speaks_too)
        await db.execute("update persons set is_active = false, status = 'inactive' where id = $1", father.id)
        answer = await deactivate(doctor, db, young, of=mother)
        refused(answer, 409, "request_conflict", "Confidant person is mandatory for children")
        answered(await deactivate(doctor, db, young, of=father), 201)

    async def test_one_whose_paper_is_over_then_ended_so_that_a_new_paper_may_come(
        self, doctor: Caller, db: Connection, clock: FixedClock, family: Family
    ) -> None:
        young, mother, _ = family
        await db.execute("update confidant_person_relationships set active_to = $1", NOW.date())
        refused(await deactivate(doctor, db, young, of=mother), 409, "request_conflict")
        clock.moment = NOW + timedelta(hours=12)  # midnight in Kyiv
        answered(await deactivate(doctor, db, young, of=mother), 201)

    async def test_one_of_two_then_ended_and_not_by_the_word_of_who_goes(
        self, doctor: Caller, work: Work, db: Connection, door: httpx.AsyncClient, family: Family
    ) -> None:
        young, mother, father = family
        paper = people.RelationshipDocument("BIRTH_CERTIFICATE", "1")
        await people.add_confidant(
            work, young.id, people.ConfidantDetails(person_id=father.id, documents_relationship=(paper,))
        )
        by_father = people.AuthenticationDetails(
            type=people.AuthenticationType.THIRD_PERSON, value=father.id, alias="тато"
        )
        await people.add_authentication_method(work, young.id, by_father)
        asked = await deactivate(doctor, db, young, of=mother)
        current = answered(asked, 201)["urgent"]["authentication_method_current"]
        assert current["phone_number"] == "+38067*****02"
        data = await ready(doctor, db, door, asked, person=young, phone=FATHER)
        assert answered(await sign(doctor, young, data))["data"]["status"] == "COMPLETED"
        assert not await people.speaks_for(db, mother.id, young.id, work.today)
        assert await people.speaks_for(db, father.id, young.id, work.today)

    async def test_unknown_then_not_found(self, doctor: Caller, family: Family) -> None:
        ending = {"id": doctor.client_id, "documents_relationship": [PAPER]}
        answer = await doctor.post(path(family[0], "deactivate"), {"confidant_person_relationship": ending})
        refused(answer, 404, "not_found")


class TestAnswers:
    async def test_code_when_wrong_then_counted_and_sent_again(
        self, doctor: Caller, db: Connection, clock: FixedClock, family: Family
    ) -> None:
        young, _, father = family
        id = answered(await insert(doctor, young, father), 201)["data"]["id"]
        right = await code_sent_to(db, FATHER)
        for _ in range(3):
            refused(await approve(doctor, young, id, 1000 if right != 1000 else 1001), 422, "forbidden")
        refused(await approve(doctor, young, id, right), 403, "forbidden", "Maximum attempts exceed")
        refused(await doctor.post(path(young, id, "actions", "resend_otp")), 429, "too_many_requests")
        clock.forward(timedelta(minutes=1))
        answered(await doctor.post(path(young, id, "actions", "resend_otp")))

    async def test_code_when_its_time_is_over_then_expired(
        self, doctor: Caller, db: Connection, clock: FixedClock, family: Family
    ) -> None:
        young, _, father = family
        id = answered(await insert(doctor, young, father), 201)["data"]["id"]
        clock.forward(timedelta(minutes=15))
        answer = await approve(doctor, young, id, await code_sent_to(db, FATHER))
        refused(answer, 403, "forbidden", "Verification code expired")

    async def test_signature_when_of_a_colleague_or_of_another_text_then_refused(
        self, doctor: Caller, registrar: Caller, db: Connection, door: httpx.AsyncClient, family: Family
    ) -> None:
        young, _, father = family
        data = await ready(doctor, db, door, await insert(doctor, young, father), person=young, phone=FATHER)
        document = registrar.sign(data)
        answer = await doctor.patch(path(young, data["id"], "actions", "sign"), {"signed_content": document})
        assert faults(answer) == [("$.signed_content", "Does not match the signer drfo")]
        refused(await sign(doctor, young, data, channel="PIS"), 422, "validation_failed")

    async def test_another_clinic_then_finds_nothing(
        self, doctor: Caller, foreign_doctor: Caller, db: Connection, family: Family
    ) -> None:
        young, _, father = family
        id = answered(await insert(doctor, young, father), 201)["data"]["id"]
        refused(await foreign_doctor.get(path(young, id)), 404, "not_found")
        refused(await approve(foreign_doctor, young, id, await code_sent_to(db, FATHER)), 404, "not_found")
        refused(await foreign_doctor.post(path(young, id, "actions", "resend_otp")), 404, "not_found")
        assert answered(await foreign_doctor.get(path(young)))["data"] == []
        refused(await doctor.get(path(father, id)), 404, "not_found")

    async def test_list_then_by_status_and_over_after_a_day(
        self, doctor: Caller, clock: FixedClock, family: Family
    ) -> None:
        young, _, father = family
        first = answered(await insert(doctor, young, father), 201)["data"]["id"]
        second = answered(await insert(doctor, young, father), 201)["data"]["id"]

        async def ids(**filters: object) -> list[str]:
            return [each["id"] for each in answered(await doctor.get(path(young), **filters))["data"]]

        assert await ids() == [first, second]
        assert (await ids(status="CANCELLED"), await ids(status="NEW")) == ([first], [second])
        clock.forward(timedelta(days=1))
        assert (await ids(status="NEW"), await ids(status="EXPIRED")) == ([], [second])
        assert answered(await doctor.get(path(young, second)))["data"]["status"] == "EXPIRED"

    async def test_request_when_replaced_then_its_papers_come_no_more(
        self, doctor: Caller, door: httpx.AsyncClient, family: Family
    ) -> None:
        young, _, father = family
        first, second = [answered(await insert(doctor, young, father), 201) for _ in "12"]
        (paper,) = first["urgent"]["documents"]
        parts = urlsplit(paper["url"])
        assert (await door.put(f"{parts.path}?{parts.query}", content=jpeg())).status_code == 409
        await hand_in(door, second)

    async def test_receptionist_may_not(self, registrar: Caller, family: Family) -> None:
        refused(await insert(registrar, family[0], family[2]), 403, "forbidden")


# DC-6
async def test_requests_about_one_person_when_made_at_once_then_one_is_open(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies
) -> None:
    async with fresh_database.connection() as db:
        work = Work(NOBODY, NOW, db, dependencies)
        mother, father = await make_adult(work, 1), await make_adult(work, 2, authentication_methods=OFFLINE)
        young = await people.create_person(work, child(work, mother))
    answers = await asyncio.gather(*(insert(fresh_world.doctor, young, father) for _ in range(6)))
    assert {each.status_code for each in answers} == {201}
    async with fresh_database.connection() as db:
        assert await db.fetchval("select count(*) from relationship_requests where status = 'NEW'") == 1


# DC-26
async def test_request_when_it_came_to_nothing_then_forgotten_a_month_later(
    doctor: Caller, db: Connection, dependencies: Dependencies, family: Family
) -> None:
    for _ in "12":
        answered(await insert(doctor, family[0], family[2]), 201)
    ((_, _, end),) = person_requests.periodic_tasks
    count = "select count(*) from relationship_requests"
    for days, left in ((1, 2), (30, 2), (31, 1), (32, 0)):
        await end(Work(NOBODY, NOW + timedelta(days=days), db, dependencies))
        assert await db.fetchval(count) == left
