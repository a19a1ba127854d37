"""A request for a declaration: made, confirmed, given up, over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import people
from esoz.central.declarations.commands import requests as commands
from esoz.central.declarations.model import NewRequest, OverLimit
from esoz.central.declarations.periodic import close_expired_requests
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.settings import Settings
from esoz.kernel.work import Actor, Dependencies, Work
from tests.factories.declarations import PATH, Declaring, answered, told
from tests.factories.people import child, make_adult
from tests.factories.world import Caller, World


def refused(response: httpx.Response, status: int) -> None:
    assert response.status_code == status, response.text


def faults(response: httpx.Response) -> dict[str, str]:
    status, entry, words = told(response)
    assert status == 422, words
    return {entry: words}


async def made(declaring: Declaring, **changes: object) -> dict:
    return answered(await declaring.create(**changes))["data"]


class TestCreate:
    # DC-8, DC-10, DC-14
    async def test_by_a_doctor_then_a_request_and_a_code(self, declaring: Declaring, db: Connection) -> None:
        answer = await declaring.create()
        assert answer.status_code == 201, answer.text
        body = answer.json()
        assert body["data"] | {"id": "", "declaration_id": "", "declaration_number": ""} == {
            "id": "",
            "declaration_id": "",
            "declaration_number": "",
            "start_date": "2026-11-22",
            "end_date": "2126-11-22",
            "person_id": str(declaring.person.id),
            "employee_id": str(declaring.doctor.employee_id),
            "division_id": str(declaring.doctor.division_id),
            "status": "NEW",
            "system_declaration_limit": 1800,
            "current_declaration_count": 1,
            "channel": "MIS",
        }
        assert body["data"]["declaration_number"].startswith("0001-")
        assert body["urgent"] == {"authentication_method_current": {"type": "OTP", "number": "+38067*****01"}}
        message = await db.fetchrow("select recipient, body, urgent from messages where channel = 'sms'")
        assert message["recipient"] == "+380670000001" and message["urgent"]

    # DC-3, DC-4
    @pytest.mark.parametrize(
        ("field", "words"),
        [
            ("employee_id", "Employee does not exist"),
            ("division_id", "Division does not exist"),
            ("authorize_with", "Person's authentication method doesn't exist"),
            ("parent_declaration_id", "Declaration not found"),
        ],
    )
    async def test_naming_what_is_not_there_then_422(self, declaring: Declaring, field: str, words: str) -> None:
        assert faults(await declaring.create(**{field: uuid4()})) == {f"$.{field}": words}

    async def test_for_an_unknown_person_then_the_published_refusal(self, declaring: Declaring) -> None:
        error = (await declaring.create(person_id=uuid4())).json()["error"]
        assert (error["type"], error["message"]) == ("unverified", "Person not found")

    # DC-4
    async def test_for_a_doctor_of_another_clinic_then_422(self, declaring: Declaring, foreign_doctor: Caller) -> None:
        answer = await declaring.create(employee_id=foreign_doctor.employee_id)
        assert faults(answer) == {"$.employee_id": "Employee does not belong to legal entity."}
        answer = await declaring.create(division_id=foreign_doctor.division_id)
        assert faults(answer) == {"$.division_id": "Division does not belong to legal entity."}

    # DC-3, DC-5
    @pytest.mark.parametrize(
        ("change", "status", "words"),
        [
            ("persons set is_active = false", 409, "Person is not active"),
            ("persons set death_date = '2026-11-20'", 409, "Person is not active"),
            ("legal_entities set status = 'SUSPENDED'", 409, "Legal entity is not active"),
            ("legal_entities set nhs_verified = false, nhs_unverified_at = null", 409, "Legal entity is not verified"),
            ("employees set employee_type = 'SPECIALIST'", 422, "Employee ID must reference a doctor."),
            ("employees set status = 'DISMISSED'", 422, "Employee is not approved"),
            ("employees set speciality = 'PEDIATRICIAN'", 422, "Doctor speciality doesn't match patient's age"),
            ("divisions set status = 'INACTIVE'", 422, "Division is not active"),
        ],
    )
    async def test_with_somebody_who_may_not_then_refused_and_nothing_is_kept(
        self, declaring: Declaring, db: Connection, change: str, status: int, words: str
    ) -> None:
        await db.execute(f"update {change}")
        answer = await declaring.create()
        code, _, said = told(answer)
        assert (code, said) == (status, words)
        assert await db.fetchval("select count(*) from declaration_requests") == 0
        assert await db.fetchval("select count(*) from messages") == 0

    # DC-7
    async def test_of_a_child_with_a_pediatrician_then_until_the_eve_of_eighteen(
        self, declaring: Declaring, world: World, work: Work, db: Connection
    ) -> None:
        await db.execute("update employees set speciality = 'PEDIATRICIAN' where id = $1", declaring.doctor.employee_id)
        young = await people.create_person(work, child(work, declaring.person))
        request = await made(replace(declaring, person=young))
        born = young.birth_date
        assert request["end_date"] == (born.replace(year=born.year + 18) - timedelta(days=1)).isoformat()
        assert request["system_declaration_limit"] == 900

    # DC-9
    async def test_of_a_child_then_the_code_goes_to_who_speaks_for_it(
        self, declaring: Declaring, work: Work, db: Connection
    ) -> None:
        young = await people.create_person(work, child(work, declaring.person))
        answer = await replace(declaring, person=young).create()
        assert answer.json()["urgent"]["authentication_method_current"]["type"] == "OTP"
        assert await db.fetchval("select recipient from messages where channel = 'sms'") == "+380670000001"

    # DC-9
    async def test_of_a_child_whose_speaker_does_not_speak_any_more_then_422(
        self, declaring: Declaring, work: Work, db: Connection
    ) -> None:
        young = await people.create_person(work, child(work, declaring.person))
        await db.execute("update confidant_person_relationships set is_active = false")
        answer = await replace(declaring, person=young).create()
        assert faults(answer) == {"$.authorize_with": "Person must have authentication method"}

    # DC-6, BG-3
    async def test_again_then_the_earlier_one_is_cancelled(self, declaring: Declaring) -> None:
        first = await made(declaring)
        second = await made(declaring)
        shown = answered(await declaring.doctor.get(f"{PATH}/{first['id']}"))["data"]
        assert shown["status"] == "CANCELLED"
        assert second["declaration_number"] != first["declaration_number"]
        refused(await declaring.act(first["id"], "approve", {"verification_code": await declaring.code()}), 409)

    # OT-4
    async def test_too_often_then_429_and_nothing_is_kept(self, declaring: Declaring, db: Connection) -> None:
        for _ in range(3):
            await made(declaring)
        assert (await declaring.create()).status_code == 429
        assert await db.fetchval("select count(*) from declaration_requests") == 3

    async def test_without_the_scope_then_403(self, declaring: Declaring, specialist: Caller) -> None:
        refused(await replace(declaring, doctor=specialist).create(), 403)


class TestApprove:
    # DC-12, DC-15, DC-20
    async def test_with_the_code_then_the_text_to_be_signed(self, declaring: Declaring) -> None:
        request = await declaring.approved()
        assert request["status"] == "APPROVED"
        document = request["data_to_be_signed"]
        assert document["declaration_id"] == request["declaration_id"]
        assert document["person"]["patient_signed"] is False
        assert document["person"]["authentication_methods"] == [{"type": "OTP", "phone_number": "+38067*****01"}]
        assert len(document["seed"]) == 64
        for words in (
            document["declaration_number"],
            "Їжакевич Дем&#x27;ян Ґонтович",
            "Амбулаторія № 1",
            "безстроково",
        ):
            assert words in document["content"], words
        shown = answered(await declaring.doctor.get(f"{PATH}/{request['id']}"))["data"]
        assert shown["data_to_be_signed"] == document

    # OT-2
    async def test_with_a_wrong_code_then_counted_and_the_third_ends_it(
        self, declaring: Declaring, db: Connection
    ) -> None:
        request = await made(declaring)
        right = await declaring.code()
        for words in ("Invalid verification code", "Invalid verification code", "Maximum attempts exceed"):
            answer = await declaring.act(request["id"], "approve", {"verification_code": 1000 + right % 9000 - 999})
            assert (answer.status_code, answer.json()["error"]["message"]) == (403, words)
        answer = await declaring.act(request["id"], "approve", {"verification_code": right})
        assert answer.json()["error"]["message"] == "Maximum attempts exceed"
        count = "select count(*) from audit_events where event = 'declaration_request.code_refused' and patient_id = $1"
        assert await db.fetchval(count, UUID(request["person_id"])) == 4

    async def test_with_the_code_of_another_request_then_not_found(
        self, declaring: Declaring, work: Work, foreign_doctor: Caller
    ) -> None:
        request = await made(declaring)
        other = replace(declaring, doctor=foreign_doctor)
        await made(other)
        refused(await declaring.act(request["id"], "approve", {"verification_code": await other.code()}), 404)

    @pytest.mark.parametrize("body", [{}, [], None])
    async def test_without_a_code_then_422(self, declaring: Declaring, body: object) -> None:
        request = await made(declaring)
        assert list(faults(await declaring.act(request["id"], "approve", body))) == ["$.verification_code"]

    # DC-1
    async def test_twice_then_409(self, declaring: Declaring) -> None:
        request = await declaring.approved()
        refused(await declaring.act(request["id"], "approve", {"verification_code": 1234}), 409)

    async def test_by_another_clinic_then_not_found(self, declaring: Declaring, foreign_doctor: Caller) -> None:
        request = await made(declaring)
        code = await declaring.code()
        refused(await declaring.act(request["id"], "approve", {"verification_code": code}, by=foreign_doctor), 404)

    # DC-17
    async def test_of_a_full_doctor_then_the_published_refusal_and_the_code_stays_good(
        self, declaring: Declaring, db: Connection
    ) -> None:
        request = await made(declaring)
        await db.execute("update parties set declaration_count = 1800")
        body = {"verification_code": await declaring.code()}
        error = (await declaring.act(request["id"], "approve", body)).json()["error"]
        assert (error["type"], error["message"]) == (
            "request_malformed",
            "This doctor has 1800 declarations and could not sign more",
        )
        await db.execute("update parties set declaration_count = 1799")
        answered(await declaring.act(request["id"], "approve", body))

    # DC-17
    async def test_of_others_holds_a_place_until_it_is_over(
        self, declaring: Declaring, work: Work, db: Connection, clock: FixedClock
    ) -> None:
        other = replace(declaring, person=await make_adult(work, 2))
        await declaring.approved()
        await db.execute("update parties set declaration_count = 1799")
        request = await made(other)
        refused(await other.act(request["id"], "approve", {"verification_code": await other.code()}), 422)
        clock.forward(timedelta(days=1))
        answered(await other.act((await made(other))["id"], "approve", {"verification_code": await other.code()}))

    # DC-17
    async def test_of_a_patient_of_the_full_doctor_then_the_own_place_is_theirs(
        self, declaring: Declaring, db: Connection
    ) -> None:
        await declaring.declared()
        await db.execute("update parties set declaration_count = 1800")
        await declaring.approved()


class TestReject:
    # DC-1
    @pytest.mark.parametrize("is_approved", [False, True])
    async def test_before_it_is_signed_then_done_once(
        self, declaring: Declaring, registrar: Caller, *, is_approved: bool
    ) -> None:
        request = await (declaring.approved() if is_approved else made(declaring))
        answer = await declaring.act(request["id"], "reject", by=registrar)
        assert (answer.status_code, answer.json()["data"]["status"]) == (201, "REJECTED")
        assert "data_to_be_signed" not in answer.json()["data"]
        refused(await declaring.act(request["id"], "reject", by=registrar), 409)

    async def test_by_another_clinic_then_not_found(
        self, declaring: Declaring, foreign_doctor: Caller, registrar: Caller
    ) -> None:
        request = await made(replace(declaring, doctor=foreign_doctor))
        refused(await declaring.act(request["id"], "reject", by=registrar), 404)


class TestResend:
    # DC-13, OT-3
    async def test_then_another_code_and_the_one_before_is_void(self, declaring: Declaring) -> None:
        request = await made(declaring)
        before = await declaring.code()
        sent = answered(await declaring.doctor.post(f"{PATH}/{request['id']}/actions/resend_otp"))["data"]
        assert (sent["status"], sent["active"]) == ("NEW", True)
        after = await declaring.code()
        if before != after:
            refused(await declaring.act(request["id"], "approve", {"verification_code": before}), 403)
        answered(await declaring.act(request["id"], "approve", {"verification_code": after}))

    # DC-13
    async def test_of_an_approved_one_then_403(self, declaring: Declaring) -> None:
        request = await declaring.approved()
        refused(await declaring.doctor.post(f"{PATH}/{request['id']}/actions/resend_otp"), 403)


class TestList:
    # DC-27
    async def test_then_own_ones_by_every_filter(
        self, declaring: Declaring, foreign_doctor: Caller, work: Work
    ) -> None:
        mine, doctor = await made(declaring), declaring.doctor
        other = replace(declaring, doctor=foreign_doctor, person=await make_adult(work, 2))
        theirs = await made(other)
        for filters, expected in (
            ({}, [mine]),
            ({"status": "NEW"}, [mine]),
            ({"status": "APPROVED"}, []),
            ({"status": "EXPIRED"}, []),
            ({"channel": "MIS"}, [mine]),
            ({"channel": "PIS"}, []),
            ({"employee_id": doctor.employee_id}, [mine]),
            ({"employee_id": foreign_doctor.employee_id}, []),
            ({"legal_entity_id": doctor.client_id}, [mine]),
            ({"legal_entity_id": foreign_doctor.client_id}, []),
        ):
            body = answered(await doctor.get(PATH, **filters))
            assert [each["id"] for each in body["data"]] == [each["id"] for each in expected], filters
        assert [each["id"] for each in answered(await foreign_doctor.get(PATH))["data"]] == [theirs["id"]]
        refused(await doctor.get(f"{PATH}/{theirs['id']}"), 404)

    async def test_with_an_unknown_status_then_422(self, doctor: Caller) -> None:
        assert (await doctor.get(PATH, status="OLD")).status_code == 422

    async def test_then_each_patient_can_see_it(self, declaring: Declaring, db: Connection) -> None:
        await made(declaring)
        await declaring.doctor.get(PATH)
        query = "select count(*) from audit_events where event = 'declaration_request.read' and patient_id = $1"
        assert await db.fetchval(query, declaring.person.id) == 1


# DC-26
class TestExpiry:
    LAST = timedelta(days=1) - timedelta(seconds=1)

    async def test_a_day_later_then_nothing_goes_on(self, declaring: Declaring, clock: FixedClock) -> None:
        request = await declaring.approved()
        clock.forward(self.LAST)
        assert answered(await declaring.doctor.get(f"{PATH}/{request['id']}"))["data"]["status"] == "APPROVED"
        clock.forward(timedelta(seconds=1))
        assert answered(await declaring.doctor.get(f"{PATH}/{request['id']}"))["data"]["status"] == "EXPIRED"
        assert [each["id"] for each in answered(await declaring.doctor.get(PATH, status="EXPIRED"))["data"]]
        assert answered(await declaring.doctor.get(PATH, status="APPROVED"))["data"] == []
        refused(await declaring.act(request["id"], "approve", {"verification_code": 1234}), 409)
        assert faults(await declaring.sign(request)) == {"$.status": "incorrect status"}

    async def test_periodic_task_then_closed_and_empty(self, declaring: Declaring, work: Work, db: Connection) -> None:
        await declaring.approved()
        await close_expired_requests(work)
        query = "select status, data_to_be_signed is null as is_empty from declaration_requests"
        assert tuple(await db.fetchrow(query)) == ("APPROVED", False)
        work.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        await close_expired_requests(work)
        assert tuple(await db.fetchrow(query)) == ("EXPIRED", True)
        assert [line.event for line in work.recorded][-1] == "declaration_request.expired"

    @pytest.mark.parametrize("is_rejected", [False, True])
    async def test_what_came_to_nothing_then_the_telephone_is_forgotten_too(
        self, declaring: Declaring, registrar: Caller, work: Work, db: Connection, *, is_rejected: bool
    ) -> None:
        request = await made(declaring)
        if is_rejected:
            answered(await declaring.act(request["id"], "reject", by=registrar))
        for day, is_there in ((23, True), (25, False)):
            work.now = datetime(2026, 11, day, 10, 0, tzinfo=UTC)
            await close_expired_requests(work)
            assert (await db.fetchval("select phone from declaration_requests") is not None) == is_there

    async def test_what_was_signed_is_emptied_a_day_after(
        self, declaring: Declaring, work: Work, db: Connection
    ) -> None:
        await declaring.declared()
        for day, is_empty in ((23, False), (25, True)):
            work.now = datetime(2026, 11, day, 10, 0, tzinfo=UTC)
            await close_expired_requests(work)
            query = "select status, data_to_be_signed is null as is_empty from declaration_requests"
            assert tuple(await db.fetchrow(query)) == ("SIGNED", is_empty)


class TestSettings:
    # DC-17, DC-26
    async def test_limit_and_term_of_the_country_then_kept(
        self, declaring: Declaring, work: Work, dependencies: Dependencies
    ) -> None:
        settings = Settings({"ESOZ_DECLARATION_LIMITS": "FAMILY_DOCTOR=0", "ESOZ_DECLARATION_REQUEST_HOURS": "72"})
        there = replace(work, actor=_of(declaring.doctor), dependencies=replace(dependencies, settings=settings))
        assert declaring.doctor.employee_id is not None and declaring.doctor.division_id is not None
        new = NewRequest(declaring.person.id, declaring.doctor.employee_id, declaring.doctor.division_id)
        made = (await commands.create(there, new)).request
        assert made.expires_at - work.now == timedelta(hours=72) and made.system_declaration_limit == 0
        with pytest.raises(OverLimit, match="could not sign more"):
            await commands.approve(there, made.id, str(await declaring.code()))


def _of(doctor: Caller) -> Actor:
    return Actor(user_id=doctor.user_id, client_id=doctor.client_id, client_type="PRIMARY_CARE")
