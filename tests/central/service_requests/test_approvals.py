"""Approvals asked for by a referral: the patient opens what its doctor permitted."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.central.approvals.test_approvals import create, faults, refused, verified
from tests.factories.people import make_adult
from tests.factories.records import ref


def permitted(referring) -> list:
    return [ref("episode", referring.chart.visiting.episode)]


def by(request: dict) -> dict:
    return {"service_request": ref("service_request", request["id"])}


class TestCreate:
    # AP-1
    async def test_when_confirmed_then_what_the_referral_permits_is_open(self, referring, foreign_doctor, db):
        request = await referring.written(permitted_resources=permitted(referring))
        path = f"{referring.chart.path}/conditions/{referring.chart.visiting.condition}"
        assert (await foreign_doctor.get(path)).status_code == 403
        made = await verified(referring.chart, foreign_doctor, db, **by(request))
        [opened] = made["granted_resources"]
        assert opened["identifier"]["value"] == str(referring.chart.visiting.episode) and opened["display_value"]
        assert made["reason"]["identifier"] == ref("service_request", request["id"])["identifier"]
        assert (await foreign_doctor.get(path)).status_code == 200
        lists = [
            await foreign_doctor.get(f"{referring.chart.path}/approvals", reason=id) for id in (request["id"], uuid4())
        ]
        assert [[each["id"] for each in got.json()["data"]] for got in lists] == [[made["id"]], []]

    # AP-1
    async def test_when_it_permits_nothing_then_409(self, referring, foreign_doctor):
        got = await create(referring.chart, foreign_doctor, **by(await referring.written()))
        assert refused(got) == (409, "Service request does not contain resources references")

    # AP-1
    async def test_when_what_it_permits_is_not_there_then_409(self, referring, foreign_doctor, db):
        request = await referring.written(permitted_resources=permitted(referring))
        sql = "update service_requests set content = content || $1"
        await db.execute(sql, {"permitted_resources": [ref("episode", uuid4())]})
        got = await create(referring.chart, foreign_doctor, **by(request))
        assert refused(got) == (409, "Service request does not contain resources references")

    # AP-1
    async def test_when_it_is_over_then_409(self, referring, foreign_doctor):
        request = await referring.written(permitted_resources=permitted(referring))
        assert (await referring.end("recall", request)).status_code == 303
        got = await create(referring.chart, foreign_doctor, **by(request))
        assert refused(got) == (409, "Service request should be active")

    # AP-1, SR-5
    @pytest.mark.parametrize("is_taken", [False, True])
    async def test_when_its_term_is_over_then_only_who_took_it_in_time(self, referring, foreign_doctor, db, is_taken):
        request = await referring.written(permitted_resources=permitted(referring))
        if is_taken:
            await referring.use(foreign_doctor, request["id"])
        await db.execute("update service_requests set expires_at = $1", foreign_doctor.now - timedelta(seconds=1))
        got = await create(referring.chart, foreign_doctor, **by(request))
        if is_taken:
            assert got.status_code == 201, got.text
        else:
            assert faults(got) == [("$.service_request", "Service request is expired")]

    # AP-1
    async def test_when_of_another_kind_then_422(self, referring, foreign_doctor):
        request = await referring.written(permitted_resources=permitted(referring))
        got = await create(referring.chart, foreign_doctor, service_request=ref("episode", request["id"]))
        assert faults(got)[0][0].startswith("$.service_request.identifier.type")

    # AP-1
    async def test_when_of_another_patient_then_not_found(self, referring, foreign_doctor, work):
        request = await referring.written(permitted_resources=permitted(referring))
        other = await make_adult(work)
        body = {"granted_to": ref("employee", foreign_doctor.employee_id), "access_level": "read"} | by(request)
        got = await foreign_doctor.post(f"/api/patients/{other.id}/approvals", body)
        assert faults(got) == [("$.service_request.identifier.value", "Service request with such id is not found")]
