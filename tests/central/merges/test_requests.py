"""Merge requests: asked, confirmed by a code, given up, listed, over by themselves."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from esoz.central import verifications
from esoz.central.merges.commands import expire_requests, wipe_finished
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.central.merges.conftest import PATH, approved, last_code
from tests.factories.world import Caller

WEEK = timedelta(days=7)


class TestCreate:
    async def test_asked_then_a_code_is_sent_and_nothing_is_merged(
        self, specialist: Caller, told: dict[str, str], db: Connection
    ) -> None:
        body = answered(await specialist.post(PATH, told), 201)
        assert body["data"].items() >= (told | {"status": "NEW"}).items()
        [method] = body["urgent"]["authentication_method_current"]
        assert method["type"] == "OTP" and "*" in method["phone_number"]
        assert await last_code(db)
        assert await db.fetchval("select count(*) from merged_persons") == 0

    async def test_asked_again_then_the_earlier_is_rejected(
        self, specialist: Caller, told: dict[str, str], made: dict[str, Any]
    ) -> None:
        again = answered(await specialist.post(PATH, told), 201)["data"]
        assert answered(await specialist.get(f"{PATH}/{made['id']}"))["data"]["status"] == "REJECTED"
        assert answered(await specialist.get(f"{PATH}/{again['id']}"))["data"]["status"] == "NEW"

    @pytest.mark.parametrize("field", ["master_person_id", "merge_person_id"])
    async def test_nobody_then_the_field_is_named(self, specialist: Caller, told: dict[str, str], field: str) -> None:
        found = faults(await specialist.post(PATH, told | {field: str(uuid4())}))
        assert [place for place, _ in found] == [f"$.{field}"]

    async def test_two_unidentified_or_two_persons_then_refused(self, specialist: Caller, told: dict[str, str]) -> None:
        swapped = {"master_person_id": told["merge_person_id"], "merge_person_id": told["master_person_id"]}
        assert faults(await specialist.post(PATH, swapped)) == [("$.merge_person_id", "Preperson is not found")]
        same = told | {"master_person_id": told["merge_person_id"]}
        assert faults(await specialist.post(PATH, same)) == [("$.master_person_id", "Person is not found")]

    async def test_patient_of_another_clinic_is_not_found(self, foreign: Caller, told: dict[str, str]) -> None:
        assert faults(await foreign.post(PATH, told)) == [("$.merge_person_id", "Preperson is not found")]

    @pytest.mark.parametrize(
        ("gone", "words"),
        [
            ("update persons set is_active = false where id = $1", "Person is not active"),
            (
                "update prepersons set status = 'INACTIVE' where id = $2 and $1::uuid is not null",
                "Preperson is not active",
            ),
        ],
    )
    async def test_who_is_not_active_then_conflict(
        self, specialist: Caller, told: dict[str, str], db: Connection, gone: str, words: str
    ) -> None:
        ids = [UUID(told["master_person_id"]), UUID(told["merge_person_id"])]
        await db.execute(gone, *ids[: 2 if "$2" in gone else 1])
        refused(await specialist.post(PATH, told), 409, "request_conflict", words)

    async def test_method_of_somebody_else_or_without_a_telephone_then_refused(
        self, specialist: Caller, told: dict[str, str], db: Connection
    ) -> None:
        found = faults(await specialist.post(PATH, told | {"authorize_with": str(uuid4())}))
        assert found == [("$.authorize_with", "Person's authentication method doesn't exist")]
        await db.execute(
            "update authentication_methods set type = 'OFFLINE', phone_number = null where person_id = $1",
            UUID(told["master_person_id"]),
        )
        words = "Person must have authentication method with a phone number"
        assert faults(await specialist.post(PATH, told)) == [("$.authorize_with", words)]

    async def test_method_asked_for_then_its_telephone(
        self, specialist: Caller, told: dict[str, str], db: Connection
    ) -> None:
        id = await db.fetchval(
            "insert into authentication_methods (person_id, id, type, phone_number, started_at, inserted_at,"
            " updated_at) values ($1, gen_random_uuid(), 'OTP', '+380671110099', now(), now(), now()) returning id",
            UUID(told["master_person_id"]),
        )
        body = answered(await specialist.post(PATH, told | {"authorize_with": str(id)}), 201)
        assert body["urgent"]["authentication_method_current"][0]["phone_number"].endswith("99")

    async def test_without_scope_is_forbidden(self, doctor: Caller, told: dict[str, str]) -> None:
        refused(await doctor.post(PATH, told), 403, "forbidden")


class TestApprove:
    async def test_right_code_then_what_has_to_be_signed(
        self, specialist: Caller, made: dict[str, Any], db: Connection
    ) -> None:
        data = await approved(specialist, db, made)
        assert data["status"] == "APPROVED"
        form = data["data_to_be_signed"]
        assert form["master_person"]["id"] == made["master_person_id"]
        assert form["merge_person"]["id"] == made["merge_person_id"]
        assert (form["id"], form["status"], form["patient_signed"]) == (made["id"], "APPROVED", False)
        assert "№ #1 (Невідомий)" in form["content"]
        assert answered(await specialist.get(f"{PATH}/{made['id']}"))["data"] == data

    async def test_wrong_code_then_counted_and_the_third_closes_it(
        self, specialist: Caller, made: dict[str, Any], db: Connection
    ) -> None:
        code = await last_code(db)
        path = f"{PATH}/{made['id']}/actions/approve"
        wrong = {"verification_code": 1000 + (code - 999) % 9000}
        for words in ("Invalid verification code", "Invalid verification code", "Maximum attempts exceed"):
            refused(await specialist.patch(path, wrong), 403, "forbidden", words)
        refused(await specialist.patch(path, {"verification_code": code}), 403, "forbidden", "Maximum attempts exceed")
        answered(await specialist.post(f"{PATH}/{made['id']}/actions/resend_otp"))
        assert (await approved(specialist, db, made))["status"] == "APPROVED"

    async def test_code_for_something_else_then_refused(
        self, specialist: Caller, made: dict[str, Any], work: Work, db: Connection
    ) -> None:
        phone = await db.fetchval("select phone from merge_requests")
        await verifications.start(replace(work, now=work.now + timedelta(seconds=1)), phone)
        body = {"verification_code": await last_code(db)}
        refused(await specialist.patch(f"{PATH}/{made['id']}/actions/approve", body), 403, "forbidden")
        assert answered(await specialist.get(f"{PATH}/{made['id']}"))["data"]["status"] == "NEW"

    async def test_no_code_then_named(self, specialist: Caller, made: dict[str, Any]) -> None:
        found = faults(await specialist.patch(f"{PATH}/{made['id']}/actions/approve", {}))
        assert [place for place, _ in found] == ["$.verification_code"]

    async def test_twice_then_conflict(self, specialist: Caller, made: dict[str, Any], db: Connection) -> None:
        code = await last_code(db)
        await approved(specialist, db, made)
        body = {"verification_code": code}
        refused(await specialist.patch(f"{PATH}/{made['id']}/actions/approve", body), 409, "request_conflict")
        refused(await specialist.post(f"{PATH}/{made['id']}/actions/resend_otp"), 409, "request_conflict")

    async def test_person_died_meanwhile_then_conflict(
        self, specialist: Caller, made: dict[str, Any], db: Connection
    ) -> None:
        await db.execute("update persons set is_active = false where id = $1", UUID(made["master_person_id"]))
        body = {"verification_code": await last_code(db)}
        refused(await specialist.patch(f"{PATH}/{made['id']}/actions/approve", body), 409, "request_conflict")


class TestReject:
    async def test_new_or_approved_then_over(self, specialist: Caller, made: dict[str, Any], db: Connection) -> None:
        await approved(specialist, db, made)
        path = f"{PATH}/{made['id']}/actions/reject"
        assert answered(await specialist.patch(path))["data"]["status"] == "REJECTED"
        refused(await specialist.patch(path), 409, "request_conflict", "Invalid merge request status")


class TestTime:
    async def test_after_a_week_then_expired_though_nothing_wrote_it(
        self, specialist: Caller, made: dict[str, Any], clock: FixedClock
    ) -> None:
        clock.moment += WEEK - timedelta(seconds=1)
        assert answered(await specialist.get(PATH, status="NEW"))["data"] != []
        clock.moment += timedelta(seconds=1)
        assert answered(await specialist.get(PATH, status="NEW"))["data"] == []
        assert [each["status"] for each in answered(await specialist.get(PATH, status="EXPIRED"))["data"]] == [
            "EXPIRED"
        ]
        for action in ("reject", "approve"):
            body = {"verification_code": 1234} if action == "approve" else {}
            refused(await specialist.patch(f"{PATH}/{made['id']}/actions/{action}", body), 409, "request_conflict")

    async def test_worker_writes_the_end_and_wipes_after_a_month(
        self, specialist: Caller, made: dict[str, Any], work: Work, db: Connection
    ) -> None:
        await approved(specialist, db, made)
        await expire_requests(replace(work, now=work.now + WEEK))
        assert await db.fetchval("select status from merge_requests") == "EXPIRED"
        await wipe_finished(replace(work, now=work.now + WEEK + timedelta(days=29)))
        assert await db.fetchval("select data_to_be_signed is not null from merge_requests")
        await wipe_finished(replace(work, now=work.now + WEEK + timedelta(days=30)))
        assert await db.fetchval("select data_to_be_signed is null from merge_requests")

    @pytest.mark.parametrize("is_approved", [True, False])
    async def test_wiped_then_nobody_s_telephone_is_kept(
        self, specialist: Caller, made: dict[str, Any], work: Work, db: Connection, *, is_approved: bool
    ) -> None:
        if is_approved:
            await approved(specialist, db, made)
        answered(await specialist.patch(f"{PATH}/{made['id']}/actions/reject"))
        await wipe_finished(replace(work, now=work.now + timedelta(days=29)))

        async def method() -> dict[str, str]:
            [found] = answered(await specialist.get(f"{PATH}/{made['id']}"))["urgent"]["authentication_method_current"]
            return dict(found)

        assert (await method()).keys() == {"type", "phone_number"}
        await wipe_finished(replace(work, now=work.now + timedelta(days=31)))
        row = await db.fetchrow("select phone, data_to_be_signed from merge_requests")
        assert tuple(row.values()) == ("", None)
        assert await method() == {"type": "OTP"}


class TestWho:
    async def test_request_of_another_clinic_is_not_found(self, foreign: Caller, made: dict[str, Any]) -> None:
        path = f"{PATH}/{made['id']}"
        refused(await foreign.get(path), 404, "not_found")
        for action in ("approve", "reject"):
            refused(await foreign.patch(f"{path}/actions/{action}", {}), 404, "not_found")
        refused(await foreign.post(f"{path}/actions/resend_otp"), 404, "not_found")
        assert answered(await foreign.get(PATH))["data"] == []

    async def test_list_by_every_filter(self, specialist: Caller, made: dict[str, Any]) -> None:
        async def ids(**query: object) -> list[str]:
            return [each["id"] for each in answered(await specialist.get(PATH, **query))["data"]]

        assert await ids() == [made["id"]]
        assert await ids(status="NEW", master_person_id=made["master_person_id"]) == [made["id"]]
        assert await ids(merge_person_id=made["merge_person_id"]) == [made["id"]]
        assert await ids(status="SIGNED") == await ids(master_person_id=uuid4()) == []
        assert await ids(merge_person_id=uuid4()) == []
        assert [place for place, _ in faults(await specialist.get(PATH, status="ENDED"))] == ["$.status"]

    async def test_without_scope_is_forbidden(self, doctor: Caller, made: dict[str, Any]) -> None:
        path = f"{PATH}/{made['id']}"
        refused(await doctor.get(path), 403, "forbidden")
        refused(await doctor.get(PATH), 403, "forbidden")
        for action in ("approve", "reject", "sign"):
            refused(await doctor.patch(f"{path}/actions/{action}", {}), 403, "forbidden")
