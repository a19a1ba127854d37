"""Who was told of a prescription and by which way: for its doctor and its patient."""

from datetime import timedelta

import pytest

from esoz.central.notices import periodic
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.factories.prescriptions import Prescribing, sent_code, use_paper
from tests.factories.world import Caller, World


async def fate(db: Connection, work: Work, clock: FixedClock, status: str, delivery: str | None = None) -> None:
    """What the provider says of every message that is on its way."""
    await db.execute("update messages set status = $1, delivery = $2 where status <> 'failed'", status, delivery)
    await periodic.pass_on(Work(work.actor, clock.now(), db, work.dependencies))


def of_doctor(prescribing: Prescribing, prescription: dict) -> str:
    return f"{prescribing.requests}/{prescription['id']}/notices"


class TestOfDoctor:
    async def test_sent_by_sms_then_way_state_and_a_masked_number(
        self, prescribing: Prescribing, prescription: dict, db: Connection, work: Work, clock: FixedClock
    ) -> None:
        answer = await prescribing.doctor.get(of_doctor(prescribing, prescription))
        [notice] = answer.json()["data"]
        [way] = notice["ways"]
        assert (notice["kind"], notice["status"], notice["way"]) == ("prescription_created", "under_way", None)
        assert (way["way"], way["status"]) == ("sms", "under_way") and "*****" in way["address"]
        code = await sent_code(db, prescription["request_number"])
        assert code not in answer.text
        await fate(db, work, clock, "sent", "delivered")
        [notice] = (await prescribing.doctor.get(of_doctor(prescribing, prescription))).json()["data"]
        assert (notice["status"], notice["way"], notice["ways"][0]["status"]) == ("delivered", "sms", "delivered")

    async def test_sent_again_and_taken_back_then_the_newest_first(
        self, prescribing: Prescribing, prescription: dict, clock: FixedClock
    ) -> None:
        clock.forward(timedelta(minutes=1))
        await prescribing.doctor.patch(f"/api/medication_requests/{prescription['id']}/actions/resend")
        clock.forward(timedelta(minutes=1))
        await prescribing.reject(prescription["id"])
        path = of_doctor(prescribing, prescription)
        kinds = [each["kind"] for each in (await prescribing.doctor.get(path)).json()["data"]]
        assert kinds == ["prescription_rejected", "prescription_sent_again", "prescription_created"]
        page = (await prescribing.doctor.get(path, page="2", page_size="2")).json()
        assert [each["kind"] for each in page["data"]] == ["prescription_created"]
        assert page["paging"]["total_entries"] == 3

    async def test_of_another_clinic_or_without_the_scope_then_none(
        self, prescribing: Prescribing, prescription: dict, foreign_doctor: Caller, pharmacist: Caller
    ) -> None:
        path = of_doctor(prescribing, prescription)
        assert (await foreign_doctor.get(path)).status_code == 404
        assert (await pharmacist.get(path)).status_code == 403

    async def test_without_a_telephone_then_nothing_was_told(
        self, prescribing: Prescribing, db: Connection, work: Work
    ) -> None:
        await use_paper(db, prescribing.person_id, work.now)
        made = await prescribing.prescribe()
        assert (await prescribing.doctor.get(of_doctor(prescribing, made))).json()["data"] == []


class TestOfPatient:
    async def test_own_then_the_same_as_the_doctor_sees(
        self, prescribing: Prescribing, prescription: dict, world: World
    ) -> None:
        own = await world.patient.get(f"/api/pis/medication_requests/{prescription['id']}/notices")
        assert own.status_code == 200, own.text
        theirs = await prescribing.doctor.get(of_doctor(prescribing, prescription))
        assert own.json()["data"] == theirs.json()["data"]

    async def test_anothers_then_not_found(self, world: World) -> None:
        answer = await world.patient.get("/api/pis/medication_requests/5f4dcc3b-5aa7-4f5e-8b2a-0a1b2c3d4e5f/notices")
        assert answer.status_code == 404


# NT-4
@pytest.mark.parametrize("status", ["failed", "sent"])
async def test_printed_note_then_with_the_code_only_when_no_way_reached(
    prescribing: Prescribing, prescription: dict, db: Connection, work: Work, clock: FixedClock, status: str
) -> None:
    code = await sent_code(db, prescription["request_number"])
    await fate(db, work, clock, status)
    printed = await prescribing.doctor.get(f"{prescribing.requests}/{prescription['id']}/printout_form")
    assert (f'id="verification-code" value="{code}' in printed.text.replace("\\", "")) is (status == "failed")
