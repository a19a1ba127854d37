"""Episodes: open, change, close, take back, read."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.records.model import Event
from tests.factories.records import Chart, concept, moment, new_episode, package, ref, without_words

REASON = concept("eHealth/episode_closing_reasons", "resolved")
CANCEL = concept("eHealth/cancellation_reasons", "typo")


def closing(chart: Chart, **changes: object) -> dict:
    body = {"period": {"end": moment(chart.visiting.now)}, "status_reason": REASON, "closing_summary": "Одужав"}
    return body | changes


def error(done) -> dict:
    assert done.status_code == 200
    return done.json()["data"]["error"]


def faults(done) -> list:
    assert (done.status_code, done.json()["data"]["status_code"]) == (200, 422), done.text
    return [(each["entry"], each["rules"][0]["description"]) for each in error(done)["invalid"]]


class TestCreate:
    async def test_by_a_doctor_then_a_job_that_leads_to_the_episode(self, chart):
        accepted = await chart.doctor.post(f"{chart.path}/episodes", new_episode(chart.visiting))
        data = accepted.json()["data"]
        job_id = data["links"][0]["href"].removeprefix("/jobs/")
        assert (accepted.status_code, data["status"], len(job_id)) == (202, "pending", 24)
        assert data["links"] == [{"entity": "job", "href": f"/jobs/{job_id}"}]
        pending = await chart.doctor.get(f"/api/jobs/{job_id}")
        assert (pending.status_code, pending.json()["data"]) == (200, data)
        done = await chart.outcome(accepted)
        href = f"{chart.path}/episodes/{chart.visiting.episode}"
        assert (done.status_code, "location" in done.headers) == (303, False)
        assert done.json()["data"] == {
            "status": "processed",
            "eta": data["eta"],
            "status_code": 200,
            "links": [{"entity": "episode", "href": href}],
        }

    async def test_when_read_back_then_as_published(self, opened):
        got = await opened.doctor.get(f"{opened.path}/episodes/{opened.visiting.episode}")
        data = got.json()["data"]
        sent = new_episode(opened.visiting)
        assert got.status_code == 200
        assert data["care_manager"]["display_value"] and data["managing_organization"]["display_value"]
        times = {"inserted_at": moment(opened.visiting.now), "updated_at": moment(opened.visiting.now)}
        by = str(opened.doctor.user_id)
        history = [{"status": "active", "inserted_at": times["inserted_at"], "inserted_by": by}]
        assert without_words(data) == sent | times | {
            "current_diagnoses": [],
            "diagnoses_history": [],
            "status_history": history,
        }

    async def test_without_a_token_then_401(self, chart):
        nobody = replace(chart.doctor, token="nobody's")
        assert (await nobody.post(f"{chart.path}/episodes", new_episode(chart.visiting))).status_code == 401

    async def test_without_the_scope_then_403(self, chart, registrar):
        assert (await registrar.post(f"{chart.path}/episodes", new_episode(chart.visiting))).status_code == 403

    async def test_of_an_unknown_patient_then_404(self, chart):
        got = await chart.doctor.post(f"/api/patients/{uuid4()}/episodes", new_episode(chart.visiting))
        assert got.status_code == 404

    async def test_with_a_field_missing_then_422_at_once(self, chart):
        body = new_episode(chart.visiting)
        del body["care_manager"]
        got = await chart.doctor.post(f"{chart.path}/episodes", body)
        assert got.status_code == 422
        assert [each["entry"] for each in got.json()["error"]["invalid"]] == ["$.care_manager"]

    # JB-1
    async def test_of_an_inactive_patient_then_409(self, chart, db):
        await db.execute("update persons set is_active = false where id = $1", chart.person_id)
        got = await chart.doctor.post(f"{chart.path}/episodes", new_episode(chart.visiting))
        assert (got.status_code, got.json()["error"]["message"]) == (409, "Person is not active")

    async def test_with_an_id_taken_then_the_job_fails(self, opened):
        assert faults(await opened.open(name="Ще раз")) == [("$.id", "Episode with such id already exists")]

    async def test_for_another_clinic_then_the_job_fails(self, chart, foreign_doctor):
        done = await chart.open(managing_organization=ref("legal_entity", foreign_doctor.client_id))
        message = "Managing_organization does not correspond to user's legal_entity"
        assert faults(done) == [("$.managing_organization.identifier.value", message)]

    async def test_with_a_care_manager_who_is_no_doctor_then_the_job_fails(self, chart, registrar):
        done = await chart.open(care_manager=ref("employee", registrar.employee_id))
        message = "Employee submitted as a care_manager is not a doctor"
        assert faults(done) == [("$.care_manager.identifier.value", message)]


# EP-2
class TestUpdate:
    async def test_when_active_then_the_name_changes(self, opened):
        assert (await opened.act("", {"name": "Пневмонія"})).status_code == 303
        got = await opened.doctor.get(f"{opened.path}/episodes/{opened.visiting.episode}")
        assert got.json()["data"]["name"] == "Пневмонія"

    async def test_when_closed_then_the_job_fails(self, opened):
        await opened.act("/actions/close", closing(opened))
        failed = error(await opened.act("", {"name": "Пневмонія"}))
        assert failed == {"type": "request_conflict", "message": "Episode in status closed can not be updated"}


CHANGES = {
    "": {"name": "Пневмонія"},
    "/actions/close": {"period": {"end": "2026-11-22T09:59:00Z"}, "status_reason": REASON},
    "/actions/cancel": {"status_reason": CANCEL, "explanatory_letter": "Помилка"},
}


# What can be known at submission is told at submission.
class TestUnknown:
    @pytest.mark.parametrize("action", CHANGES)
    async def test_when_the_patient_has_none_of_this_id_then_404_at_once(self, opened, action):
        got = await opened.doctor.patch(f"{opened.path}/episodes/{uuid4()}{action}", CHANGES[action])
        assert (got.status_code, got.json()["error"]["message"]) == (404, "Episode not found")

    @pytest.mark.parametrize("action", CHANGES)
    async def test_when_its_creation_still_waits_then_taken_and_performed_in_order(self, chart, action):
        await chart.doctor.post(f"{chart.path}/episodes", new_episode(chart.visiting))
        assert (await chart.act(action, CHANGES[action])).status_code == 303


# EP-3
class TestClose:
    async def test_when_active_then_closed(self, opened):
        assert (await opened.act("/actions/close", closing(opened))).status_code == 303
        data = (await opened.doctor.get(f"{opened.path}/episodes/{opened.visiting.episode}")).json()["data"]
        assert (data["status"], data["period"]["end"], data["closing_summary"], data["status_reason"]) == (
            "closed",
            moment(opened.visiting.now),
            "Одужав",
            REASON,
        )
        assert [line["status"] for line in data["status_history"]] == ["active", "closed"]

    async def test_when_closed_already_then_the_job_fails(self, opened):
        await opened.act("/actions/close", closing(opened))
        failed = error(await opened.act("/actions/close", closing(opened, closing_summary="Ще раз")))
        assert failed == {"type": "request_conflict", "message": "Episode in status closed can not be closed"}

    async def test_when_it_ends_before_it_starts_then_the_job_fails(self, opened):
        early = moment(opened.visiting.now - timedelta(days=2))
        done = await opened.act("/actions/close", closing(opened, period={"end": early}))
        assert faults(done) == [("$.period.end", "End date must be greater or equal than start date")]

    async def test_when_its_end_has_seven_digits_of_a_second_then_the_day_stays(self, opened):
        end = {"end": "2026-11-21T23:59:59.9999999Z"}
        assert (await opened.act("/actions/close", closing(opened, period=end))).status_code == 303
        data = (await opened.doctor.get(f"{opened.path}/episodes/{opened.visiting.episode}")).json()["data"]
        assert data["period"]["end"] == "2026-11-21T23:59:59.999999Z"

    @pytest.mark.parametrize("end", ["2026-11-23T10:00:00Z", "2099-01-01T00:00:00Z", "9998-12-31T23:59:59Z"])
    async def test_when_it_ends_in_the_future_then_the_job_fails_and_it_is_closed_later(self, opened, end):
        done = await opened.act("/actions/close", closing(opened, period={"end": end}))
        assert faults(done) == [("$.period.end", "End date must be in past")]
        assert (await opened.act("/actions/close", closing(opened))).status_code == 303

    async def test_when_it_ends_before_its_last_encounter_then_the_job_fails(self, written):
        last = written.visiting.now - timedelta(minutes=30)
        early = closing(written, period={"end": moment(last - timedelta(seconds=1))})
        message = "End date must be greater or equal than end date of the last encounter"
        assert faults(await written.act("/actions/close", early)) == [("$.period.end", message)]
        assert (await written.act("/actions/close", closing(written, period={"end": moment(last)}))).status_code == 303

    async def test_when_the_encounter_was_entered_in_error_then_it_holds_nothing(self, written, db):
        await db.execute("update encounters set status = 'entered_in_error'")
        early = closing(written, period={"end": moment(written.visiting.now - timedelta(hours=2))})
        assert (await written.act("/actions/close", early)).status_code == 303

    async def test_by_another_clinic_then_the_job_fails(self, opened, foreign_doctor):
        path = f"{opened.path}/episodes/{opened.visiting.episode}/actions/close"
        accepted = await foreign_doctor.patch(path, closing(opened))
        while await opened.worker.perform_one():
            pass
        done = await foreign_doctor.get(f"/api{accepted.json()['data']['links'][0]['href']}")
        message = "Managing_organization does not correspond to user's legal_entity"
        assert error(done) == {"type": "request_conflict", "message": message}


# EP-4
class TestCancel:
    async def test_without_encounters_then_entered_in_error(self, opened):
        body = {"status_reason": CANCEL, "explanatory_letter": "Помилився пацієнтом"}
        assert (await opened.act("/actions/cancel", body)).status_code == 303
        data = (await opened.doctor.get(f"{opened.path}/episodes/{opened.visiting.episode}")).json()["data"]
        assert (data["status"], data["explanatory_letter"]) == ("entered_in_error", "Помилився пацієнтом")

    async def test_with_an_encounter_then_the_job_fails(self, written):
        failed = error(await written.act("/actions/cancel", {"status_reason": CANCEL}))
        message = "Episode can not be canceled while it has not canceled encounters"
        assert failed == {"type": "request_conflict", "message": message}


class TestList:
    @pytest.fixture
    async def found(self, written):
        async def find(**query: object) -> list:
            query = {"managing_organization_id": written.doctor.client_id} | query
            got = await written.doctor.get(f"{written.path}/episodes", **query)
            assert got.status_code == 200, got.text
            return [each["id"] for each in got.json()["data"]]

        return find

    async def test_by_each_filter_then_only_what_fits(self, found, written):
        episode, day = str(written.visiting.episode), timedelta(days=1)
        now = written.visiting.now
        assert await found() == [episode]
        assert await found(status="active") == [episode]
        assert await found(status="closed") == []
        assert await found(code="R80") == [episode]
        assert await found(code="R81") == []
        assert await found(period_from=(now - day).date(), period_to=now.date()) == [episode]
        assert await found(period_to=(now - 2 * day).date()) == []

    async def test_when_it_could_hold_a_foreign_episode_then_403(self, written, foreign_doctor):
        assert (await foreign_doctor.get(f"{written.path}/episodes")).status_code == 403

    async def test_when_narrowed_to_the_own_clinic_then_empty(self, written, foreign_doctor):
        own = foreign_doctor.client_id
        got = await foreign_doctor.get(f"{written.path}/episodes", managing_organization_id=own)
        assert (got.status_code, got.json()["data"]) == (200, [])

    async def test_with_an_unknown_parameter_then_422(self, written):
        got = await written.doctor.get(f"{written.path}/episodes", colour="red")
        assert got.status_code == 422
        assert [each["entry"] for each in got.json()["error"]["invalid"]] == ["$.colour"]


class TestGet:
    async def test_by_another_clinic_without_a_right_then_403(self, written, foreign_doctor):
        got = await foreign_doctor.get(f"{written.path}/episodes/{written.visiting.episode}")
        assert (got.status_code, got.json()["error"]["type"]) == (403, "forbidden")

    async def test_of_an_unknown_one_by_another_clinic_then_403_too(self, written, foreign_doctor):
        assert (await foreign_doctor.get(f"{written.path}/episodes/{uuid4()}")).status_code == 403

    async def test_after_an_encounter_then_its_diagnoses_are_current(self, written):
        data = (await written.doctor.get(f"{written.path}/episodes/{written.visiting.episode}")).json()["data"]
        (diagnosis,) = data["current_diagnoses"]
        assert diagnosis["condition"]["identifier"]["value"] == str(written.visiting.condition)
        assert diagnosis["code"] == concept("eHealth/ICPC2/condition_codes", "R80")
        (line,) = data["diagnoses_history"]
        assert line["evidence"]["identifier"]["value"] == str(written.visiting.encounter)
        assert (line["diagnoses"], line["is_active"], line["date"]) == (
            [diagnosis],
            True,
            moment(written.visiting.started),
        )


# AB-3
async def test_audit_when_a_record_is_written_and_read_then_the_patient_sees_it(written, db):
    await written.doctor.get(f"{written.path}/episodes/{written.visiting.episode}")
    query = "select event, facts from audit_events where patient_id = $1 and outcome = 'done' and event = any($2)"
    rows = await db.fetch(query, written.person_id, [str(event) for event in Event])
    assert sorted(row["event"] for row in rows) == [
        "encounter_package.stored",
        "encounter_package.submitted",
        "episode.created",
        "episode.submitted",
        "medical_record.viewed",
    ]
    facts = {row["event"]: row["facts"] for row in rows}
    assert facts["medical_record.viewed"] == {"kind": "episode", "rule": "own_legal_entity"}


async def test_episode_when_it_is_closed_then_packages_are_refused(opened):
    await opened.act("/actions/close", closing(opened))
    done = await opened.send(package(opened.visiting))
    assert faults(done) == [("$.encounter.episode.identifier.value", "Episode is not active")]
