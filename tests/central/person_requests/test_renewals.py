"""New papers of a right to speak for somebody: asked for, confirmed, signed, and the right goes on by them."""

from datetime import date, timedelta

import httpx
import pytest

from esoz.central import people
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.central.person_requests.test_relationships import (
    MOTHER,
    PAPER,
    Family,
    approve,
    deactivate,
    hand_in,
    path,
    ready,
    sign,
)
from tests.factories.people import make_adult
from tests.factories.world import Caller

COURT = PAPER | {"type": "COURT_DECISION", "active_to": "2027-05-01"}


async def right_of(db: Connection, person: people.Person) -> people.Relationship:
    (found,) = await people.relationships(db, person.id)
    return found


async def update(caller: Caller, db: Connection, person: people.Person, *papers: dict[str, object]) -> httpx.Response:
    right = await right_of(db, person)
    body = {"confidant_person_relationship": {"id": right.id, "documents_relationship": list(papers)}}
    return await caller.post(path(person, "update"), body)


# PS-8
class TestUpdate:
    async def test_signed_then_the_right_has_the_new_papers_and_their_end(
        self, doctor: Caller, db: Connection, door: httpx.AsyncClient, family: Family
    ) -> None:
        young, mother, _ = family
        asked = await update(doctor, db, young, COURT)
        answer = answered(asked, 201)
        assert (answer["data"]["action"], answer["data"]["status"]) == ("UPDATE", "NEW")
        shown = answer["urgent"]
        assert shown["authentication_method_current"] == {"type": "OTP", "phone_number": "+38067*****01"}
        assert [each["type"] for each in shown["documents"]] == ["confidant_person.RELATIONSHIP.COURT_DECISION"]
        await db.execute("update confidant_person_relationships set verification_status = 'VERIFIED'")
        data = await ready(doctor, db, door, asked, person=young, phone=MOTHER)
        assert answered(await sign(doctor, young, data))["data"]["status"] == "COMPLETED"
        right = await right_of(db, young)
        assert (right.confidant_person_id, right.active_to) == (mother.id, date(2027, 5, 1))
        assert [paper.type for paper in right.documents_relationship] == ["COURT_DECISION"]
        assert right.verification_status == "VERIFICATION_NEEDED"
        events = "select patient_id from audit_events where event = 'person.confidant_renewed'"
        assert await db.fetchval(events) == young.id

    async def test_right_when_over_then_renewed_by_papers(
        self, doctor: Caller, db: Connection, door: httpx.AsyncClient, family: Family
    ) -> None:
        young, mother, _ = family
        await db.execute("update confidant_person_relationships set active_to = '2026-11-01'")
        answer = answered(await update(doctor, db, young, COURT), 201)
        assert answer["urgent"]["authentication_method_current"]["type"] == "OFFLINE"
        await hand_in(door, answer)
        data = answered(await approve(doctor, young, answer["data"]["id"], None))["data"]
        answered(await sign(doctor, young, data))
        assert (await right_of(db, young)).active_to == date(2027, 5, 1)
        assert [each.person.id for each in await people.confidants(db, young.id, date(2026, 11, 22))] == [mother.id]

    @pytest.mark.parametrize(
        ("paper", "place"),
        [
            ({"issued_at": "2027-01-01"}, "[0].issued_at"),
            ({"active_to": "2026-11-20"}, "[0].active_to"),
            ({"number": "1" * 256}, "[0].number"),
        ],
    )
    async def test_papers_when_wrong_then_named(
        self, doctor: Caller, db: Connection, family: Family, paper: dict[str, object], place: str
    ) -> None:
        answer = await update(doctor, db, family[0], COURT | paper)
        root = "$.confidant_person_relationship.documents_relationship"
        assert [each for each, _ in faults(answer)] == [f"{root}{place}"]

    async def test_confidant_when_gone_then_conflict(self, doctor: Caller, db: Connection, family: Family) -> None:
        young, mother, _ = family
        await db.execute("update persons set is_active = false where id = $1", mother.id)
        answer = await update(doctor, db, young, COURT)
        refused(answer, 409, "request_conflict", "Confidant person must be active and adult")

    async def test_right_when_over_and_five_others_speak_then_refused(
        self, doctor: Caller, work: Work, db: Connection, family: Family
    ) -> None:
        young, mother, _ = family
        await db.execute("update confidant_person_relationships set active_to = '2026-11-01'")
        right = await right_of(db, young)
        paper = people.RelationshipDocument("COURT_DECISION", "1", "Суд", date(2026, 1, 1))
        for number in range(10, 15):
            other = await make_adult(work, number)
            details = people.ConfidantDetails(person_id=other.id, documents_relationship=(paper,))
            await people.add_confidant(work, young.id, details)
        body = {"confidant_person_relationship": {"id": right.id, "documents_relationship": [COURT]}}
        answer = await doctor.post(path(young, "update"), body)
        refused(answer, 422, "request_malformed", "This patient has 5 confidants and can not have more")
        assert right.confidant_person_id == mother.id

    async def test_right_of_another_person_then_not_found(
        self, doctor: Caller, work: Work, db: Connection, family: Family
    ) -> None:
        right = await right_of(db, family[0])
        stranger = await make_adult(work, 30)
        body = {"confidant_person_relationship": {"id": right.id, "documents_relationship": [COURT]}}
        refused(await doctor.post(path(stranger, "update"), body), 404, "not_found")

    async def test_right_when_ended_meanwhile_then_not_signed(
        self, doctor: Caller, work: Work, db: Connection, door: httpx.AsyncClient, family: Family
    ) -> None:
        young, _, _ = family
        data = await ready(doctor, db, door, await update(doctor, db, young, COURT), person=young, phone=MOTHER)
        await people.end_confidant(work, young.id, (await right_of(db, young)).id)
        refused(await sign(doctor, young, data), 404, "not_found")

    async def test_newer_request_then_the_older_one_ends(
        self, doctor: Caller, db: Connection, family: Family, clock: FixedClock
    ) -> None:
        young, _, _ = family
        first = answered(await update(doctor, db, young, COURT), 201)["data"]["id"]
        clock.forward(timedelta(minutes=1))
        message = "Confidant person is mandatory for children"
        refused(await deactivate(doctor, db, young, family[1]), 409, "request_conflict", message)
        answered(await update(doctor, db, young, COURT), 201)
        assert answered(await doctor.get(path(young, first)))["data"]["status"] == "CANCELLED"

    async def test_pharmacist_may_not(self, pharmacist: Caller, db: Connection, family: Family) -> None:
        refused(await update(pharmacist, db, family[0], COURT), 403, "forbidden")
