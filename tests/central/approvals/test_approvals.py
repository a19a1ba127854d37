"""Approvals: the patient lets a doctor of another clinic read, by a code that was sent to their phone."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import people
from esoz.central.approvals.commands import delete_unanswered_approvals
from esoz.central.people import AuthenticationType, current_authentication_method
from tests.factories import kinds
from tests.factories.people import child, make_adult
from tests.factories.records import Chart, concept, ref
from tests.factories.world import Caller

R = "eHealth/resources"


def request_of(caller: Caller, **changes: object) -> dict:
    """A request of a doctor for themselves."""
    return {"granted_to": ref("employee", caller.employee_id), "access_level": "read"} | changes


def of_episode(chart: Chart) -> list:
    return [ref("episode_of_care", chart.visiting.episode)]


async def create(chart: Chart, caller: Caller, **changes: object) -> httpx.Response:
    return await caller.post(f"{chart.path}/approvals", request_of(caller, **changes))


async def sent_codes(db) -> list[str]:
    rows = await db.fetch("select body from messages where channel = 'sms' order by inserted_at, id")
    return [found[0] for row in rows if (found := re.findall(r"записів: (\d{4})\.", row["body"]))]


async def verified(chart: Chart, caller: Caller, db, **changes: object) -> dict:
    made = (await create(chart, caller, **changes)).json()["data"]
    code = int((await sent_codes(db))[-1])
    done = await caller.patch(f"{chart.path}/approvals/{made['id']}", {"code": code})
    assert done.status_code == 200, done.text
    return done.json()["data"]


def faults(got: httpx.Response) -> list:
    assert got.status_code == 422, got.text
    return [(each["entry"], each["rules"][0]["description"]) for each in got.json()["error"]["invalid"]]


def refused(got: httpx.Response) -> tuple[int, str]:
    return got.status_code, got.json()["error"]["message"]


# AP-1, AP-2
class TestCreate:
    # AP-3
    async def test_when_asked_then_the_patient_gets_a_code_and_nothing_is_open_yet(self, written, foreign_doctor, db):
        got = await create(written, foreign_doctor, resources=of_episode(written))
        data = got.json()["data"]
        assert (got.status_code, data["is_verified"], data["access_level"]) == (201, False, "read")
        assert data["granted_resources"][0]["display_value"] == "Гострий бронхіт"
        assert data["granted_to"]["display_value"]
        way = data["authentication_method_current"]
        assert way["type"] == "OTP" and re.fullmatch(r"\+380\d*\*+\d\d", way["number"])
        (code,) = await sent_codes(db)
        kept = await db.fetchval("select code_digest from approvals")
        assert code.encode() not in kept
        path = f"{written.path}/conditions/{written.visiting.condition}"
        assert (await foreign_doctor.get(path)).status_code == 403

    # AP-3
    async def test_when_the_patient_has_no_phone_then_active_at_once(self, written, foreign_doctor, db):
        await db.execute("update authentication_methods set type = 'OFFLINE', phone_number = null")
        data = (await create(written, foreign_doctor, resources=of_episode(written))).json()["data"]
        assert data["is_verified"] and data["authentication_method_current"] == {"type": "OFFLINE"}
        assert await sent_codes(db) == []

    # AP-3: nobody has confirmed where nobody could.
    @pytest.mark.parametrize("change", ["type = 'NA', phone_number = null", "is_active = false"])
    async def test_when_the_patient_has_no_way_to_confirm_then_422(self, written, foreign_doctor, db, change):
        await db.execute(f"update authentication_methods set {change}")
        got = await create(written, foreign_doctor, resources=of_episode(written))
        assert faults(got) == [("$.authorize_with", "Person must have authentication method")]
        assert await db.fetchval("select count(*) from approvals") == 0

    # AP-3, PS-15
    @pytest.mark.parametrize(("days", "status"), [(1, 201), (0, 422), (-1, 422)])
    async def test_when_only_a_parent_has_a_phone_then_until_the_day_of_age(
        self, foreign_doctor, work, db, days, status
    ):
        parent = await make_adult(work)
        grown = await people.create_person(work, child(work, parent))
        birthday = work.today.replace(year=work.today.year - 18) + timedelta(days=days)
        await db.execute("update persons set birth_date = $1 where id = $2", birthday, grown.id)
        method = await db.fetchval("select id from authentication_methods where person_id = $1", grown.id)
        for way in ({}, {"authorize_with": str(method)}):
            body = request_of(foreign_doctor, patient=ref("patient", grown.id)) | way
            got = await foreign_doctor.post(f"/api/patients/{grown.id}/approvals", body)
            assert got.status_code == status, got.text
            assert status == 422 or got.json()["data"]["is_verified"] is False
        assert len(await sent_codes(db)) == (2 if status == 201 else 0)

    async def test_when_the_parent_has_papers_only_then_active_at_once(self, foreign_doctor, work, db):
        parent = await make_adult(work)
        ward = await people.create_person(work, child(work, parent))
        papers = "update authentication_methods set type = 'OFFLINE', phone_number = null where person_id = $1"
        await db.execute(papers, parent.id)
        body = request_of(foreign_doctor, patient=ref("patient", ward.id))
        data = (await foreign_doctor.post(f"/api/patients/{ward.id}/approvals", body)).json()["data"]
        assert (data["is_verified"], data["authentication_method_current"]) == (True, {"type": "THIRD_PERSON"})

    async def test_for_a_doctor_of_another_clinic_then_422(self, written, foreign_doctor):
        other = ref("employee", written.doctor.employee_id)
        got = await foreign_doctor.post(
            f"{written.path}/approvals", request_of(foreign_doctor, granted_to=other, resources=of_episode(written))
        )
        assert faults(got) == [("$.granted_to.identifier.value", "Employee is not an active doctor")]

    async def test_by_a_colleague_then_they_must_say_so(self, written, doctor, registrar, db):
        body = request_of(doctor, resources=of_episode(written))
        got = await registrar.post(f"{written.path}/approvals", body)
        assert faults(got) == [("$.granted_to.identifier.value", "Employee does not related to user")]
        said = body | {"created_by": ref("employee", registrar.employee_id)}
        assert (await registrar.post(f"{written.path}/approvals", said)).status_code == 201

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({}, ("$", "At least one of the parameters must be present")),
            (
                {"resources": [ref("episode_of_care", uuid4())]},
                ("$.resources[0].identifier.value", "Episode of care with such id is not found"),
            ),
            (
                {"service_request": ref("service_request", uuid4())},
                ("$.service_request.identifier.value", "Service request with such id is not found"),
            ),
            ({"patient": ref("patient", uuid4())}, ("$.patient.identifier.value", "Patient with such id is not found")),
            ({"authorize_with": str(uuid4())}, ("$.authorize_with", "Person's authentication method doesn't exist")),
        ],
    )
    async def test_when_it_is_not_there_then_422(self, written, foreign_doctor, changes, fault):
        if "authorize_with" in changes:
            changes = changes | {"resources": of_episode(written)}
        assert faults(await create(written, foreign_doctor, **changes)) == [fault]

    async def test_to_write_then_422(self, written, foreign_doctor):
        got = await create(written, foreign_doctor, resources=of_episode(written), access_level="write")
        assert faults(got) == [("$.access_level", "value is not allowed in enum")]

    async def test_without_the_scope_then_403(self, written, pharmacist):
        assert (await pharmacist.post(f"{written.path}/approvals", {})).status_code == 403

    async def test_of_an_unknown_patient_then_404(self, written, foreign_doctor):
        body = request_of(foreign_doctor, resources=of_episode(written))
        assert (await foreign_doctor.post(f"/api/patients/{uuid4()}/approvals", body)).status_code == 404


class TestVerify:
    # AB-1
    async def test_with_the_code_then_the_episode_and_all_in_it_are_open(self, written, foreign_doctor, db):
        data = await verified(written, foreign_doctor, db, resources=of_episode(written))
        assert data["is_verified"]
        episode = written.visiting.episode
        for path, query in (
            (f"conditions/{written.visiting.condition}", {}),
            (f"episodes/{episode}", {}),
            (f"episodes/{episode}/observations", {}),
            ("procedures", {"episode_id": episode}),
            ("observations", {"encounter_id": written.visiting.encounter}),
        ):
            assert (await foreign_doctor.get(f"{written.path}/{path}", **query)).status_code == 200, path
        for closed in ("conditions", "episodes"):
            assert (await foreign_doctor.get(f"{written.path}/{closed}")).status_code == 403
        viewed = "select facts ->> 'rule' as rule from audit_events where event = 'medical_record.viewed'"
        rules = await db.fetch(viewed)
        assert [row["rule"] for row in rules].count("approval") == 5

    async def test_with_a_wrong_code_then_403_and_three_are_enough(self, written, foreign_doctor, db):
        made = (await create(written, foreign_doctor, resources=of_episode(written))).json()["data"]
        code = int((await sent_codes(db))[-1])
        wrong = code + 1 if code < 9999 else 1000
        path = f"{written.path}/approvals/{made['id']}"
        for _ in range(3):
            assert refused(await foreign_doctor.patch(path, {"code": wrong})) == (403, "Invalid verification code")
        assert refused(await foreign_doctor.patch(path, {"code": code})) == (403, "Maximum attempts exceed")

    # AP-5
    async def test_when_verified_already_then_409(self, written, foreign_doctor, db):
        data = await verified(written, foreign_doctor, db, resources=of_episode(written))
        path = f"{written.path}/approvals/{data['id']}"
        message = "Approval in status active can not be verified"
        assert refused(await foreign_doctor.patch(path, {"code": 1234})) == (409, message)
        assert refused(await foreign_doctor.patch(f"{path}/actions/resend")) == (
            409,
            "Approval in status active can not be resent",
        )

    async def test_when_the_code_is_old_then_403(self, written, foreign_doctor, db):
        made = (await create(written, foreign_doctor, resources=of_episode(written))).json()["data"]
        await db.execute("update approvals set code_expires_at = $1", written.visiting.now)
        code = int((await sent_codes(db))[-1])
        got = await foreign_doctor.patch(f"{written.path}/approvals/{made['id']}", {"code": code})
        assert refused(got) == (403, "Verification code expired")

    # AP-5
    async def test_by_another_clinic_then_404(self, written, foreign_doctor, doctor):
        made = (await create(written, foreign_doctor, resources=of_episode(written))).json()["data"]
        path = f"{written.path}/approvals/{made['id']}"
        assert (await doctor.patch(path, {"code": 1234})).status_code == 404


# MR-18
class TestResend:
    async def test_when_asked_at_once_then_429_and_a_minute_later_another_code(self, written, foreign_doctor, db):
        made = (await create(written, foreign_doctor, resources=of_episode(written))).json()["data"]
        path = f"{written.path}/approvals/{made['id']}/actions/resend"
        assert (await foreign_doctor.patch(path)).status_code == 429
        await db.execute(
            "update approvals set code_sent_at = $1, wrong_codes = 3", written.visiting.now - timedelta(minutes=1)
        )
        got = await foreign_doctor.patch(path)
        assert (got.status_code, got.json()["data"]["authentication_method_current"]["type"]) == (201, "OTP")
        codes = await sent_codes(db)
        assert len(codes) == 2
        done = await foreign_doctor.patch(f"{written.path}/approvals/{made['id']}", {"code": int(codes[1])})
        assert done.status_code == 200

    async def test_after_five_codes_then_429(self, written, foreign_doctor, db):
        made = (await create(written, foreign_doctor, resources=of_episode(written))).json()["data"]
        await db.execute("update approvals set code_sent_at = null, codes_sent = 5")
        got = await foreign_doctor.patch(f"{written.path}/approvals/{made['id']}/actions/resend")
        assert got.status_code == 429


# AB-1
class TestAccess:
    # BG-8
    async def test_when_the_whole_patient_then_lists_are_open(self, written, foreign_doctor, db):
        await verified(written, foreign_doctor, db, patient=ref("patient", written.person_id))
        for kind in ("conditions", "episodes", "procedures"):
            assert (await foreign_doctor.get(f"{written.path}/{kind}")).status_code == 200

    @pytest.mark.parametrize("named", ["resource", "type"])
    @pytest.mark.parametrize("kind", ["patient", "person"])
    async def test_when_the_patient_is_named_as_a_resource_then_all_is_open(
        self, written, foreign_doctor, db, named, kind
    ):
        asked = {"resource": ("resources", ref(kind, written.person_id)), "type": ("resource_types", concept(R, kind))}
        name, value = asked[named]
        approval = await verified(written, foreign_doctor, db, **{name: [value]})
        assert [each["identifier"]["value"] for each in approval["granted_resources"]] == [str(written.person_id)]
        assert approval["granted_resource_types"] == []
        for path in (f"{written.path}/conditions", f"/api/persons/{written.person_id}/personal_data"):
            assert (await foreign_doctor.get(path)).status_code == 200

    async def test_when_another_patient_is_named_as_a_resource_then_422_and_nothing_is_open(
        self, written, foreign_doctor, db
    ):
        got = await create(written, foreign_doctor, resources=[ref("person", uuid4())])
        assert faults(got) == [("$.resources[0].identifier.value", "Patient with such id is not found")]
        assert await db.fetchval("select count(*) from approvals") == 0

    # AB-1, AP-4
    async def test_when_the_whole_patient_then_personal_data_until_its_end(self, written, foreign_doctor, db, clock):
        path = f"/api/persons/{written.person_id}/personal_data"
        assert (await foreign_doctor.get(path)).status_code == 403
        await verified(written, foreign_doctor, db, patient=ref("patient", written.person_id))
        assert (await foreign_doctor.get(path)).status_code == 200
        clock.forward(timedelta(hours=24) - timedelta(seconds=1))
        assert (await foreign_doctor.get(path)).status_code == 200
        clock.forward(timedelta(seconds=1))
        assert (await foreign_doctor.get(path)).status_code == 403

    async def test_when_not_verified_or_of_something_else_then_no_personal_data(
        self, written, foreign_doctor, db, specialist
    ):
        path = f"/api/persons/{written.person_id}/personal_data"
        await verified(written, foreign_doctor, db, resource_types=[concept("eHealth/resources", "episode")])
        await create(written, foreign_doctor, patient=ref("patient", written.person_id))
        assert (await foreign_doctor.get(path)).status_code == 403
        await db.execute("update approvals set status = 'active' where whole_patient")
        assert (await foreign_doctor.get(path)).status_code == 200
        assert (await specialist.get(path)).status_code == 403

    async def test_when_a_kind_then_only_that_kind(self, written, foreign_doctor, db):
        await verified(written, foreign_doctor, db, resource_types=[concept("eHealth/resources", "device")])
        assert (await foreign_doctor.get(f"{written.path}/devices")).status_code == 200
        assert (await foreign_doctor.get(f"{written.path}/conditions")).status_code == 403

    async def test_when_the_kind_is_episodes_then_their_list_is_open(self, written, foreign_doctor, db):
        await verified(written, foreign_doctor, db, resource_types=[concept("eHealth/resources", "episode")])
        assert (await foreign_doctor.get(f"{written.path}/episodes")).status_code == 200
        approved = (await foreign_doctor.get(f"{written.path}/episodes/approved")).json()["data"]
        assert [each["id"] for each in approved] == [str(written.visiting.episode)]

    async def test_when_a_report_then_only_that_report(self, written, foreign_doctor, db):
        report = kinds.id_of(written.visiting, "diagnostic_reports")
        await verified(written, foreign_doctor, db, resources=[ref("diagnostic_report", report)])
        assert (await foreign_doctor.get(f"{written.path}/diagnostic_reports/{report}")).status_code == 200
        assert (await foreign_doctor.get(f"{written.path}/episodes/{written.visiting.episode}")).status_code == 403
        approved = await foreign_doctor.get(f"{written.path}/diagnostic_reports/approved")
        assert [each["id"] for each in approved.json()["data"]] == [str(report)]

    # AP-4, BG-4
    async def test_after_a_day_then_closed(self, written, foreign_doctor, db):
        await verified(written, foreign_doctor, db, resources=of_episode(written))
        assert await db.fetchval("select expires_at from approvals") == written.visiting.now + timedelta(hours=24)
        await db.execute("update approvals set expires_at = $1", written.visiting.now)
        path = f"{written.path}/conditions/{written.visiting.condition}"
        assert (await foreign_doctor.get(path)).status_code == 403

    async def test_for_another_doctor_of_the_clinic_then_closed(self, written, foreign_doctor, db):
        await verified(written, foreign_doctor, db, resources=of_episode(written))
        await db.execute("update approvals set granted_to_id = $1", uuid4())
        path = f"{written.path}/conditions/{written.visiting.condition}"
        assert (await foreign_doctor.get(path)).status_code == 403

    async def test_approved_episodes_when_opened_then_listed(self, written, foreign_doctor, db):
        path = f"{written.path}/episodes/approved"
        assert (await foreign_doctor.get(path)).json()["data"] == []
        await verified(written, foreign_doctor, db, resources=of_episode(written))
        data = (await foreign_doctor.get(path)).json()["data"]
        assert [each["id"] for each in data] == [str(written.visiting.episode)]
        assert (await foreign_doctor.get(path, code="R81")).json()["data"] == []


# EP-4
class TestCancel:
    async def test_when_taken_away_then_closed_again(self, written, foreign_doctor, db):
        data = await verified(written, foreign_doctor, db, resources=of_episode(written))
        path = f"{written.path}/approvals/{data['id']}/actions/cancel"
        got = await foreign_doctor.patch(path)
        assert (got.status_code, got.json()["data"]["is_verified"]) == (201, False)
        record = f"{written.path}/conditions/{written.visiting.condition}"
        assert (await foreign_doctor.get(record)).status_code == 403
        message = "Approval in status canceled can not be canceled"
        assert refused(await foreign_doctor.patch(path)) == (409, message)


class TestReads:
    async def test_list_when_own_then_found_by_every_parameter(self, written, foreign_doctor, db):
        data = await verified(written, foreign_doctor, db, resources=of_episode(written))
        path = f"{written.path}/approvals"
        right = {
            "granted_to": foreign_doctor.employee_id,
            "granted_resources": written.visiting.episode,
            "is_verified": "true",
            "is_expired": "false",
            "access_level": "read",
        }
        found = (await foreign_doctor.get(path, **right)).json()["data"]
        assert [each["id"] for each in found] == [data["id"]]
        for wrong in (
            {"granted_to": uuid4()},
            {"is_verified": "false"},
            {"is_expired": "true"},
            {"granted_resource_type": "device"},
        ):
            assert (await foreign_doctor.get(path, **wrong)).json()["data"] == []

    async def test_of_another_clinic_then_only_the_chosen_doctor_sees_it(self, written, foreign_doctor, specialist, db):
        data = await verified(written, foreign_doctor, db, resources=of_episode(written))
        path = f"{written.path}/approvals"
        assert (await specialist.get(path)).json()["data"] == []
        assert (await specialist.get(f"{path}/{data['id']}")).status_code == 404
        assert [each["id"] for each in (await written.doctor.get(path)).json()["data"]] == [data["id"]]
        assert (await written.doctor.get(f"{path}/{data['id']}")).status_code == 200


# AP-4
async def test_unanswered_when_twelve_hours_old_then_deleted(written, foreign_doctor, work, db):
    await create(written, foreign_doctor, resources=of_episode(written))
    await delete_unanswered_approvals(work)
    assert await db.fetchval("select count(*) from approvals") == 1
    await db.execute("update approvals set inserted_at = $1", work.now - timedelta(hours=12, seconds=1))
    await delete_unanswered_approvals(work)
    assert await db.fetchval("select count(*) from approvals") == 0


async def test_patient_of_the_tests_when_asked_then_has_a_phone(db, written):
    method = await current_authentication_method(db, UUID(str(written.person_id)))
    assert method is not None and method.type is AuthenticationType.OTP
