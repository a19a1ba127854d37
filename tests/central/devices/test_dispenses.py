"""Devices that are held: handed over by a signature, given up, a mistake; what a pharmacy and a patient see of them."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central.devices.periodic import stop_dispenses
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.factories.devices import PROGRAMME, STRIPS, Dispensing, Prescribing, refusal
from tests.factories.records import concept, moment
from tests.factories.world import Caller


class TestComplete:
    # DVD-8, DVR-14
    async def test_when_all_is_signed_then_the_request_is_completed(
        self, dispensing: Dispensing, prescribing: Prescribing, request_: dict, code: str, db: Connection
    ) -> None:
        first = await dispensing.give(request_["id"], 50, code)
        assert first["status"] == "completed" and first["payment_amount"] == 25
        assert first["when_handed_over"] == moment(dispensing.now)
        assert (await prescribing.shown(request_["id"]))["status"] == "active"
        await dispensing.give(request_["id"], 50, code)
        shown = await prescribing.shown(request_["id"])
        assert (shown["status"], shown["remaining_quantity"]["value"]) == ("completed", 0)
        assert await db.fetchval("select count(*) from device_dispenses where signed_document is not null") == 2

    # DVD-8
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"status": "in_progress"}, "$.status"),
            ({"when_handed_over": "2026-11-22T10:02:00Z"}, "$.when_handed_over"),
            ({"when_handed_over": "2026-11-22T09:59:00Z"}, "$.when_handed_over"),
            ({"payment_amount": None}, "$.payment_amount"),
            ({"payment_amount": -1}, "$.payment_amount"),
            ({"note": "інше"}, "$.note"),
        ],
    )
    async def test_when_it_says_something_else_then_refused(
        self, dispensing: Dispensing, request_: dict, code: str, changes: dict, entry: str
    ) -> None:
        held = await dispensing.held(request_["id"], 50, code)
        assert refusal(await dispensing.complete(held, **changes))[:2] == (422, entry)

    # DVD-8
    async def test_when_signed_by_another_then_refused(
        self, dispensing: Dispensing, request_: dict, code: str, other_pharmacist: Caller
    ) -> None:
        held = await dispensing.held(request_["id"], 50, code)
        assert refusal(await dispensing.complete(held, signer=other_pharmacist))[:2] == (422, "$.signed_data")
        assert (await dispensing.by(other_pharmacist).complete(held)).status_code == 404

    # DVD-6
    async def test_after_ten_minutes_then_it_is_free_for_others(
        self, *, dispensing: Dispensing, request_: dict, code: str, clock: FixedClock, work: Work
    ) -> None:
        held = await dispensing.held(request_["id"], 100, code)
        clock.forward(timedelta(minutes=10))
        assert refusal(await dispensing.complete(held))[0] == 409
        other = await dispensing.held(request_["id"], 100, code)
        work.now = clock.now()
        await stop_dispenses(work)
        assert (await dispensing.shown(held["id"]))["status"] == "stopped"
        assert (await dispensing.shown(other["id"]))["status"] == "in_progress"

    # DVD-6
    async def test_when_handed_over_in_a_visit_then_no_term_ends_it(
        self, *, dispensing: Dispensing, request_: dict, code: str, clock: FixedClock, work: Work, db: Connection
    ) -> None:
        held = await dispensing.held(request_["id"], 50, code)
        encounter = await db.fetchval("select id from encounters limit 1")
        await db.execute("update device_dispenses set encounter_id = $1 where id = $2", encounter, UUID(held["id"]))
        clock.forward(timedelta(minutes=11))
        work.now = clock.now()
        await stop_dispenses(work)
        status = await db.fetchval("select status from device_dispenses where id = $1", UUID(held["id"]))
        assert status == "in_progress"

    # DVD-10
    async def test_stop_when_held_then_free_and_not_twice(
        self, dispensing: Dispensing, prescribing: Prescribing, request_: dict, code: str, other_pharmacist: Caller
    ) -> None:
        held = await dispensing.held(request_["id"], 50, code)
        assert (await dispensing.by(other_pharmacist).act(held["id"], "stop")).status_code == 404
        assert (await dispensing.act(held["id"], "stop")).json()["data"]["status"] == "processed"
        assert (await prescribing.shown(request_["id"]))["remaining_quantity"]["value"] == 100
        assert refusal(await dispensing.act(held["id"], "stop"))[0] == 409
        assert refusal(await dispensing.complete(await dispensing.shown(held["id"])))[0] == 409


class TestMistake:
    # DVD-9
    async def test_when_marked_then_so_much_may_be_had_again(
        self, dispensing: Dispensing, prescribing: Prescribing, request_: dict, code: str
    ) -> None:
        given = await dispensing.give(request_["id"], 100, code)
        assert (await prescribing.shown(request_["id"]))["status"] == "completed"
        done = await dispensing.take_back(given)
        assert done.json()["data"]["status"] == "processed", done.text
        shown = await prescribing.shown(request_["id"])
        assert (shown["status"], shown["remaining_quantity"]["value"]) == ("active", 100)
        assert (await dispensing.shown(given["id"]))["status_reason"]["coding"][0]["code"] == "incorrect_patient"
        assert refusal(await dispensing.take_back(given))[0] == 409

    # DVD-9, DVR-14
    async def test_when_the_request_was_ended_by_hand_then_it_stays_so(
        self, dispensing: Dispensing, prescribing: Prescribing, request_: dict, code: str
    ) -> None:
        given = await dispensing.give(request_["id"], 50, code)
        done = await dispensing.outcome(await _complete_by(dispensing, request_["id"]))
        assert done.json()["data"]["status"] == "processed", done.text
        await dispensing.take_back(given)
        assert (await prescribing.shown(request_["id"]))["status"] == "completed"

    # DVD-9
    async def test_when_it_says_something_else_then_refused(
        self, dispensing: Dispensing, request_: dict, code: str
    ) -> None:
        given = await dispensing.give(request_["id"], 50, code)
        reason = concept("device_request_revoke_reasons", "default")
        entry = "$.status_reason.coding[0].code"
        assert refusal(await dispensing.take_back(given, status_reason=reason))[:2] == (422, entry)
        assert refusal(await dispensing.take_back(given, payment_amount=1))[:2] == (422, "$.payment_amount")

    # DVR-11, DVR-12
    @pytest.mark.parametrize("action", ["revoke", "mark_in_error"])
    async def test_of_a_request_when_something_is_held_or_given_then_it_is_not_taken_back(
        self, dispensing: Dispensing, prescribing: Prescribing, request_: dict, code: str, action: str
    ) -> None:
        held = await dispensing.held(request_["id"], 50, code)
        assert refusal(await prescribing.end(request_, action))[0] == 409
        assert refusal(await prescribing.act(request_["id"], "complete"))[0] == 409
        await dispensing.act(held["id"], "stop")
        assert (await prescribing.end(request_, action)).json()["data"]["status"] == "processed"


class TestRead:
    # DVD-11
    async def test_when_listed_then_our_own_by_every_filter(
        self, dispensing: Dispensing, request_: dict, code: str, other_pharmacist: Caller, db: Connection
    ) -> None:
        given = await dispensing.give(request_["id"], 50, code)
        filters = {
            "based_on": request_["id"],
            "performer_legal_entity": dispensing.pharmacist.client_id,
            "location": dispensing.pharmacist.division_id,
            "performer": dispensing.pharmacist.employee_id,
            "status": "completed",
            "when_handed_over_from": "2026-11-22",
            "when_handed_over_to": "2026-11-22",
            "device_code": "30221",
            "device": STRIPS[0].id,
            "program": PROGRAMME,
            "inserted_at_from": "2026-11-22",
        }
        found = await dispensing.pharmacist.get("/api/device_dispenses", **filters)
        assert [each["id"] for each in found.json()["data"]] == [given["id"]], found.text
        for name, value in (("status", "stopped"), ("device", uuid4()), ("when_handed_over_from", "2026-11-23")):
            none = await dispensing.pharmacist.get("/api/device_dispenses", **{name: value})
            assert none.json()["data"] == []
        assert (await other_pharmacist.get("/api/device_dispenses")).json()["data"] == []
        foreign = {"performer_legal_entity": dispensing.pharmacist.client_id}
        assert (await other_pharmacist.get("/api/device_dispenses", **foreign)).status_code == 403
        told = "select count(*) from audit_events where event = 'device_dispenses.read' and patient_id = $1"
        assert await db.fetchval(told, dispensing.person_id) == 1

    async def test_when_handed_over_then_the_patient_sees_it(
        self, dispensing: Dispensing, request_: dict, code: str, patient: Caller
    ) -> None:
        given = await dispensing.give(request_["id"], 50, code)
        found = await patient.get("/api/pis/person/medical_events/device_dispenses")
        assert [each["id"] for each in found.json()["data"]] == [given["id"]]
        own = await patient.get("/api/pis/person/device_requests")
        assert own.json()["data"][0]["remaining_quantity"]["value"] == 50


async def _complete_by(dispensing: Dispensing, request_id: str) -> httpx.Response:
    path = f"/api/patients/{dispensing.person_id}/device_requests/{request_id}/actions/complete"
    return await dispensing.pharmacist.patch(path)
