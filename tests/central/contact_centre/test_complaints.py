"""Complaints about accesses: taken once, answered once, read by who wrote them and nobody else."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from esoz.central import contact_centre, identity
from esoz.central.contact_centre.model import MOST_OPEN, answer_until
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.errors import Conflict, Rejected
from esoz.kernel.work import Actor, Work
from tests.factories.declarations import answered, told
from tests.factories.world import Caller, World

PATH = "/api/pis/access_complaints"
TEXT = "Я не зверталася до цього лікаря."
ANSWER = "Доступ перевірено: він законний."


async def line_of(patient: Caller) -> dict[str, str]:
    """The latest line of the patient's own log."""
    await patient.get("/api/pis/person")
    [line] = answered(await patient.get("/api/pis/access_log", page_size=1))["data"]
    return {"at": line["at"], "event": line["event"]}


async def complained(patient: Caller, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = answered(await patient.post(PATH, {"text": TEXT} | changes))["data"]
    return data


@pytest.fixture
async def operator(work: Work) -> Work:
    """Work of an operator."""
    user = await identity.create_user(work, email="operator@esoz.example", password=None)
    return Work(Actor(user_id=user.id), work.now, work.db, work.dependencies)


class TestComplain:
    # CC-4
    async def test_about_a_line_then_waits_with_its_term(self, patient: Caller, db: Connection) -> None:
        about = await line_of(patient)
        answer = await patient.post(PATH, {"text": f"  {TEXT}\n", "about": about})
        assert answer.status_code == 201
        made = answer.json()["data"]
        assert (made["status"], made["text"], made["about"]["event"]) == ("NEW", TEXT, about["event"])
        assert made["answer_until"] == "2026-12-22"
        events = await db.fetch("select patient_id from audit_events where event = 'access_complaint.filed'")
        assert [row["patient_id"] for row in events] == [patient.person_id]

    # CC-4
    async def test_the_same_again_then_the_one_that_waits(self, patient: Caller, db: Connection) -> None:
        about = await line_of(patient)
        for fields in ({}, {"about": about}):
            first, second = [await complained(patient, **fields) for _ in range(2)]
            assert first["id"] == second["id"]
        assert await db.fetchval("select count(*) from access_complaints") == 2
        answer = await patient.post(PATH, {"text": "Інші слова про це саме.", "about": about})
        assert told(answer) == (409, "", "Complaint about this access waits for an answer already")

    # CC-4
    async def test_many_that_wait_then_no_more(self, patient: Caller, operator: Work) -> None:
        ids = [(await complained(patient, text=f"{TEXT} {number}"))["id"] for number in range(MOST_OPEN)]
        assert (await patient.post(PATH, {"text": TEXT})).status_code == 409
        await contact_centre.answer(operator, UUID(ids[0]), ANSWER)
        await complained(patient)

    # CC-4
    @pytest.mark.parametrize("event", ["person.updated", "x", ""])
    async def test_about_a_line_that_is_not_there_then_422(self, patient: Caller, event: str) -> None:
        about = await line_of(patient) | {"event": event}
        assert told(await patient.post(PATH, {"text": TEXT, "about": about}))[:2] == (422, "$.about")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"text": "коротко"},
            {"text": "я" * 2001},
            {"text": " " * 50},
            {"text": 1},
            {"text": TEXT, "about": {"at": "2026-11-22", "event": "x"}},
            {"text": TEXT, "about": {"at": "2026-11-22T10:00:00", "event": "x"}},
            {"text": TEXT, "more": 1},
        ],
    )
    async def test_odd_body_then_422(self, patient: Caller, body: dict[str, Any]) -> None:
        assert (await patient.post(PATH, body)).status_code == 422

    async def test_by_a_doctor_then_403(self, doctor: Caller) -> None:
        assert (await doctor.post(PATH, {"text": TEXT})).status_code == 403

    async def test_by_somebody_inactive_then_409(self, patient: Caller, db: Connection) -> None:
        await db.execute("update persons set is_active = false where id = $1", patient.person_id)
        assert (await patient.post(PATH, {"text": TEXT})).status_code in (401, 403, 409)
        assert await db.fetchval("select count(*) from access_complaints") == 0

    async def test_copies_at_once_then_one(self, fresh_world: World, fresh_database: Database) -> None:
        patient = fresh_world.patient
        answers = await asyncio.gather(*(patient.post(PATH, {"text": TEXT}) for _ in range(4)))
        assert {answer.status_code for answer in answers} == {201}
        async with fresh_database.connection() as db:
            assert await db.fetchval("select count(*) from access_complaints") == 1


class TestAnswer:
    # CC-5
    async def test_then_read_by_the_patient_who_is_told_by_sms(
        self, patient: Caller, operator: Work, db: Connection
    ) -> None:
        made = await complained(patient)
        await contact_centre.answer(operator, UUID(made["id"]), ANSWER)
        [shown] = answered(await patient.get(PATH))["data"]
        assert (shown["status"], shown["answer"]) == ("ANSWERED", ANSWER)
        bodies = [row["body"] for row in await db.fetch("select body from messages where channel = 'sms'")]
        assert len(bodies) == 1 and ANSWER not in bodies[0] and "кабінеті" in bodies[0]

    # CC-5
    async def test_twice_then_refused_and_the_first_stays(self, patient: Caller, operator: Work) -> None:
        made = await complained(patient)
        await contact_centre.answer(operator, UUID(made["id"]), ANSWER)
        with pytest.raises(Conflict):
            await contact_centre.answer(operator, UUID(made["id"]), "Зовсім інша відповідь.")
        [shown] = answered(await patient.get(PATH))["data"]
        assert shown["answer"] == ANSWER

    async def test_too_short_then_refused(self, patient: Caller, operator: Work) -> None:
        made = await complained(patient)
        with pytest.raises(Rejected):
            await contact_centre.answer(operator, UUID(made["id"]), "так")

    # CC-5
    def test_term_then_thirty_days(self) -> None:
        assert answer_until(date(2026, 11, 22)) == date(2026, 12, 22)


class TestOwn:
    async def test_the_latest_first_and_nobody_else_s(self, patient: Caller, clock: FixedClock, db: Connection) -> None:
        first = await complained(patient, text=f"{TEXT} 1")
        clock.forward(timedelta(seconds=1))
        second = await complained(patient, text=f"{TEXT} 2")
        assert [each["id"] for each in answered(await patient.get(PATH))["data"]] == [second["id"], first["id"]]
        other = await db.fetchval("select id from persons where id <> $1 limit 1", patient.person_id)
        await db.execute("update access_complaints set person_id = $1 where id = $2", other, UUID(first["id"]))
        assert [each["id"] for each in answered(await patient.get(PATH))["data"]] == [second["id"]]
