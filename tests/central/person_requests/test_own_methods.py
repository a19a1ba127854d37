"""A person adds a telephone, renames and ends ways to authenticate through a cabinet."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import people
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories.people import make_adult
from tests.factories.person_requests import verify_phone
from tests.factories.world import Caller

NEW = "+380671234500"
REQUESTS, METHODS = "/api/pis/authentication_method_requests", "/api/pis/authentication_methods"


async def ask(patient: Caller, phone: str = NEW, otp: int | None = None, **more: Any) -> httpx.Response:
    body: dict[str, Any] = {"authentication_method": {"type": "OTP", "phone_number": phone} | more}
    return await patient.post(REQUESTS, body | ({} if otp is None else {"otp": otp}))


async def approve(patient: Caller, id: str, code: int | None) -> httpx.Response:
    body = {} if code is None else {"verification_code": code}
    return await patient.patch(f"{REQUESTS}/{id}/actions/approve", body)


async def code_to(db: Connection, phone: str) -> int:
    """The digits of the newest message to a telephone."""
    body = await db.fetchval("select body from messages where recipient = $1 order by id desc limit 1", phone)
    return int("".join(each for each in body.partition(":")[2] if each.isdigit())[:4])


async def methods(patient: Caller, db: Connection) -> list[people.AuthenticationMethod]:
    assert patient.person_id is not None
    return await people.authentication_methods(db, patient.person_id)


@pytest.fixture
async def old(patient: Caller, db: Connection) -> str:
    (method,) = await methods(patient, db)
    assert method.phone_number is not None
    return method.phone_number


class TestAdd:
    # PS-11
    async def test_new_telephone_then_it_answers_and_the_old_one_confirms(
        self, patient: Caller, db: Connection, old: str
    ) -> None:
        refused(await ask(patient), 422, "unverified", "Unverified phone number")
        made = answered(await ask(patient, otp=await code_to(db, NEW), alias="новий"), 201)
        assert (made["data"]["status"], made["data"]["channel"]) == ("NEW", "PIS")
        (current,) = made["urgent"]["authentication_method_current"]
        assert current == {"type": "OTP", "phone_number": people.mask_phone(old)}
        done = answered(await approve(patient, made["data"]["id"], await code_to(db, old)), 201)["data"]
        assert done["status"] == "COMPLETED"
        found = await methods(patient, db)
        assert [(each.phone_number, each.alias) for each in found] == [(old, None), (NEW, "новий")]

    async def test_code_to_the_old_telephone_says_where_it_belongs(
        self, patient: Caller, db: Connection, old: str
    ) -> None:
        await verify_phone(db, NEW)
        answered(await ask(patient), 201)
        body = await db.fetchval("select body from messages where recipient = $1", old)
        assert "нікому не кажіть" in body

    async def test_wrong_code_of_the_new_telephone_then_counted(self, patient: Caller, db: Connection) -> None:
        await ask(patient)
        right = await code_to(db, NEW)
        answer = await ask(patient, otp=1000 if right != 1000 else 1001)
        refused(answer, 403, "forbidden", "Invalid verification code")
        assert len(await methods(patient, db)) == 1

    # OT-2
    async def test_wrong_code_of_the_old_telephone_then_three_tries(
        self, patient: Caller, db: Connection, old: str
    ) -> None:
        await verify_phone(db, NEW)
        id = answered(await ask(patient), 201)["data"]["id"]
        right = await code_to(db, old)
        for _ in range(3):
            refused(await approve(patient, id, 1000 if right != 1000 else 1001), 422, "forbidden")
        refused(await approve(patient, id, right), 403, "forbidden", "Maximum attempts exceed")
        assert (await approve(patient, id, None)).status_code == 422

    async def test_who_has_no_telephone_then_needs_no_code(self, patient: Caller, db: Connection) -> None:
        await db.execute(
            "update authentication_methods set type = 'OFFLINE', phone_number = null where person_id = $1",
            patient.person_id,
        )
        await verify_phone(db, NEW)
        made = answered(await ask(patient), 201)
        assert made["urgent"] == {"authentication_method_current": []}
        answered(await approve(patient, made["data"]["id"], None), 201)
        assert NEW in [each.phone_number for each in await methods(patient, db)]

    async def test_confirmed_by_another_then_both_find_it(self, patient: Caller, db: Connection, work: Work) -> None:
        assert patient.person_id is not None
        speaker = await make_adult(work, 7)
        paper = people.RelationshipDocument(type="COURT_DECISION", number="1")
        right = people.ConfidantDetails(person_id=speaker.id, documents_relationship=(paper,))
        await people.add_confidant(work, patient.person_id, right)
        await db.execute(
            "update authentication_methods set type = 'THIRD_PERSON', phone_number = null, value = $2"
            " where person_id = $1",
            patient.person_id,
            speaker.id,
        )
        await verify_phone(db, NEW)
        made = answered(await ask(patient), 201)
        (theirs,) = await people.authentication_methods(db, speaker.id)
        assert theirs.phone_number is not None
        answered(await approve(patient, made["data"]["id"], await code_to(db, theirs.phone_number)), 201)
        seen = await db.fetch("select event from audit_events where patient_id = $1", speaker.id)
        assert "person_request.confirmed_for_another" in {row["event"] for row in seen}

    async def test_code_sent_again_then_the_first_is_void(
        self, patient: Caller, db: Connection, old: str, clock: FixedClock
    ) -> None:
        await verify_phone(db, NEW)
        id = answered(await ask(patient), 201)["data"]["id"]
        first = await code_to(db, old)
        clock.forward(timedelta(minutes=2))
        answered(await patient.post(f"{REQUESTS}/{id}/actions/resend_otp"))
        second = await code_to(db, old)
        if first != second:
            refused(await approve(patient, id, first), 422, "forbidden")
        answered(await approve(patient, id, second), 201)
        refused(await patient.post(f"{REQUESTS}/{id}/actions/resend_otp"), 409, "request_conflict")

    async def test_the_same_telephone_then_conflict(self, patient: Caller, old: str) -> None:
        refused(await ask(patient, old), 409, "request_conflict", "Such authentication method already exists")

    # PS-12
    async def test_telephone_of_too_many_then_named(self, patient: Caller, db: Connection) -> None:
        await db.execute(
            "update authentication_methods set phone_number = $1 where type = 'OTP' and id in"
            " (select id from authentication_methods where type = 'OTP' and person_id <> $2 limit 5)",
            NEW,
            patient.person_id,
        )
        assert faults(await ask(patient))[0][0] == "$.authentication_method.phone_number"

    async def test_odd_telephone_or_name_then_named(self, patient: Caller) -> None:
        assert faults(await ask(patient, "12"))[0][0] == "$.authentication_method.phone_number"
        assert faults(await ask(patient, alias=" "))[0][0] == "$.authentication_method.alias"

    async def test_another_s_or_a_clinic_s_request_then_not_found(self, patient: Caller, db: Connection) -> None:
        await verify_phone(db, NEW)
        id = answered(await ask(patient), 201)["data"]["id"]
        refused(await approve(patient, str(uuid4()), 1234), 404, "not_found")
        await db.execute("update authentication_method_requests set channel = 'MIS' where id = $1", UUID(id))
        refused(await approve(patient, id, 1234), 404, "not_found")

    async def test_newer_request_then_the_older_is_over(self, patient: Caller, db: Connection, old: str) -> None:
        await verify_phone(db, NEW)
        first = answered(await ask(patient), 201)["data"]["id"]
        code = await code_to(db, old)
        answered(await ask(patient), 201)
        refused(await approve(patient, first, code), 409, "request_conflict")

    async def test_doctor_s_token_then_forbidden(self, doctor: Caller) -> None:
        refused(await ask(doctor), 403, "forbidden")


class TestRenameAndEnd:
    async def test_named_and_without_a_name_again(self, patient: Caller, db: Connection, old: str) -> None:
        (method,) = await methods(patient, db)
        shown = answered(await patient.patch(f"{METHODS}/{method.id}", {"alias": "чоловік"}), 201)["data"]
        assert (shown["id"], shown["alias"]) == (str(method.id), "чоловік")
        assert [each.alias for each in await methods(patient, db)] == ["чоловік"]
        answered(await patient.patch(f"{METHODS}/{method.id}", {}), 201)
        assert [each.alias for each in await methods(patient, db)] == [None]
        assert (await patient.patch(f"{METHODS}/{method.id}", {"alias": "x" * 256})).status_code == 422

    async def test_last_one_then_stays(self, patient: Caller, db: Connection) -> None:
        (method,) = await methods(patient, db)
        answer = await patient.patch(f"{METHODS}/{method.id}/actions/deactivate")
        refused(answer, 409, "request_conflict", "The last authentication method can not be deactivated")

    async def test_one_of_two_then_over_and_of_two_ends_at_once_one_stays(
        self, patient: Caller, db: Connection, old: str
    ) -> None:
        await verify_phone(db, NEW)
        id = answered(await ask(patient), 201)["data"]["id"]
        answered(await approve(patient, id, await code_to(db, old)), 201)
        first, second = await methods(patient, db)
        answers = await asyncio.gather(
            patient.patch(f"{METHODS}/{first.id}/actions/deactivate"),
            patient.patch(f"{METHODS}/{second.id}/actions/deactivate"),
        )
        assert sorted(each.status_code for each in answers) == [201, 409]
        ended = next(each for each in answers if each.status_code == 201).json()["data"]
        assert (ended["is_active"], "ended_at" in ended) == (False, True)
        assert len(await methods(patient, db)) == 1

    async def test_another_s_method_then_not_found(self, patient: Caller, db: Connection) -> None:
        other = await db.fetchval(
            "select id from authentication_methods where person_id <> $1 and is_active limit 1", patient.person_id
        )
        for answer in (
            await patient.patch(f"{METHODS}/{other}", {"alias": "x"}),
            await patient.patch(f"{METHODS}/{other}/actions/deactivate"),
        ):
            refused(answer, 404, "not_found")
