"""Devices held by a request: the code, the price, the pharmacy, what is left."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.factories.devices import STRIPS, Dispensing, Prescribing, pieces, refusal, sent_code, set_programme
from tests.factories.prescriptions import wrong
from tests.factories.records import ref
from tests.factories.world import Caller


def at_once(answer: httpx.Response) -> tuple[int, str]:
    """A refusal of the request itself: status, place of the first fault."""
    faults = answer.json()["error"].get("invalid") or [{"entry": ""}]
    return answer.status_code, faults[0]["entry"]


class TestHold:
    # DVD-4, DVD-6
    async def test_when_the_code_is_right_then_held_and_so_much_less_is_left(
        self, dispensing: Dispensing, prescribing: Prescribing, request_: dict, code: str, db: Connection
    ) -> None:
        accepted = await dispensing.ask(request_["id"], 50, code)
        waiting = await db.fetchval("select payload from jobs where kind = 'device_dispense.create'")
        assert code.encode() not in waiting.split(b"in_progress")[1]
        done = (await dispensing.outcome(accepted)).json()["data"]
        held = await dispensing.shown(done["links"][0]["href"].rsplit("/", 1)[1])
        assert held["status"] == "in_progress" and held["details"][0]["reimbursement_amount"] == 300
        assert held["details"][0]["device"]["identifier"]["value"] == str(STRIPS[0].id)
        assert (await prescribing.shown(request_["id"]))["remaining_quantity"]["value"] == 50

    # DVD-7
    async def test_when_the_code_is_wrong_then_refused_at_once_and_counted(
        self, dispensing: Dispensing, request_: dict, code: str, clock: FixedClock, db: Connection
    ) -> None:
        for left in (4, 3, 2, 1, 0):
            answer = await dispensing.ask(request_["id"], 50, wrong(code))
            assert (answer.status_code, answer.headers["X-Attempts-Left"]) == (401, str(left))
        paused = await dispensing.ask(request_["id"], 50, code)
        assert paused.status_code == 429 and int(paused.headers["Retry-After"]) > 0
        assert await db.fetchval("select count(*) from jobs where kind like 'device_dispense%'") == 0
        clock.forward(timedelta(minutes=15))
        assert (await dispensing.ask(request_["id"], 50, code)).status_code == 202
        assert await db.fetchval("select wrong_codes from device_requests") == 0

    # DVD-7
    async def test_when_no_code_is_told_then_nobody_has_guessed(
        self, dispensing: Dispensing, request_: dict, db: Connection
    ) -> None:
        assert (await dispensing.ask(request_["id"], 50, None)).status_code == 401
        assert await db.fetchval("select wrong_codes from device_requests") == 0

    # DVD-7
    async def test_when_without_a_programme_then_without_a_code_and_a_price(
        self, dispensing: Dispensing, prescribing: Prescribing
    ) -> None:
        plain = await prescribing.made(program=None)
        line = dispensing.line(100, program_device=None, sell_price=None, discount_amount=None)
        held = await dispensing.held(plain["id"], 100, None, program=None, details=[line])
        done = await dispensing.complete(held, payment_amount=None, payment_id=None)
        assert done.json()["data"]["status"] == "processed", done.text
        assert (await prescribing.shown(plain["id"]))["status"] == "completed"

    # DVD-4
    async def test_when_more_than_is_left_then_refused(
        self, dispensing: Dispensing, request_: dict, code: str, other_pharmacist: Caller
    ) -> None:
        await dispensing.held(request_["id"], 50, code)
        other = dispensing.by(other_pharmacist)
        assert refusal(await other.hold(request_["id"], 100, code))[:2] == (422, "$.details")
        await other.held(request_["id"], 50, code)
        assert refusal(await dispensing.hold(request_["id"], 50, code))[0] == 409

    # DVD-4
    async def test_when_only_one_dispense_may_be_then_all_at_once(
        self, dispensing: Dispensing, request_: dict, code: str, db: Connection
    ) -> None:
        await set_programme(db, multi_medication_dispense_allowed=False)
        assert refusal(await dispensing.hold(request_["id"], 50, code))[:2] == (422, "$.details")
        await dispensing.held(request_["id"], 100, code)
        assert refusal(await dispensing.hold(request_["id"], 100, code))[0] == 403

    # DVD-3, DVD-4, DVD-5
    @pytest.mark.parametrize(
        ("line", "entry"),
        [
            ({"device": ref("device_definition", uuid4())}, "$.details[0].device.identifier.value"),
            ({"program_device": ref("program_device", uuid4())}, "$.details[0].program_device.identifier.value"),
            ({"quantity": pieces(60)}, "$.details[0].quantity.value"),
            ({"sell_price": None}, "$.details[0].sell_price"),
            ({"discount_amount": None}, "$.details[0].discount_amount"),
            ({"discount_amount": 300.02}, "$.details[0].discount_amount"),
            ({"discount_amount": 269.99}, "$.details[0].discount_amount"),
        ],
    )
    async def test_when_a_line_is_not_paid_so_then_refused_at_its_place(
        self, dispensing: Dispensing, request_: dict, code: str, line: dict, entry: str
    ) -> None:
        details = [dispensing.line(50, **line)]
        assert refusal(await dispensing.hold(request_["id"], 50, code, details=details))[:2] == (422, entry)

    # DVD-5
    @pytest.mark.parametrize("discount", [300.01, 270])
    async def test_when_the_discount_is_at_its_bounds_then_held(
        self, dispensing: Dispensing, request_: dict, code: str, discount: float
    ) -> None:
        details = [dispensing.line(50, discount_amount=discount)]
        assert await dispensing.held(request_["id"], 50, code, details=details)

    # DVD-2
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"status": "completed"}, "$.status"),
            ({"primary_source": False}, "$.primary_source"),
            ({"details": []}, "$.details"),
            ({"when_handed_over": "2026-11-22T11:00:00Z"}, "$.when_handed_over"),
            ({"based_on": ref("device_request", uuid4())}, "$.based_on.identifier.value"),
        ],
    )
    async def test_when_it_is_none_by_itself_then_refused_at_once(
        self, dispensing: Dispensing, request_: dict, code: str, changes: dict, entry: str
    ) -> None:
        assert at_once(await dispensing.ask(request_["id"], 50, code, **changes)) == (422, entry)

    # DVD-1, DVD-2
    @pytest.mark.parametrize(
        "changes",
        [
            {"performer": ref("employee", uuid4())},
            {"location": ref("division", uuid4())},
            {"program": ref("medical_program", uuid4())},
            {"program": None},
        ],
    )
    async def test_when_it_names_what_is_not_ours_then_refused(
        self, dispensing: Dispensing, request_: dict, code: str, changes: dict
    ) -> None:
        assert refusal(await dispensing.hold(request_["id"], 50, code, **changes))[0] == 422

    # DVD-1
    async def test_when_there_is_no_contract_or_the_division_is_anothers_then_refused(
        self, dispensing: Dispensing, request_: dict, code: str, other_pharmacist: Caller, db: Connection
    ) -> None:
        theirs = ref("division", str(other_pharmacist.division_id))
        assert refusal(await dispensing.hold(request_["id"], 50, code, location=theirs))[0] == 403
        await db.execute("delete from reimbursement_contracts")
        assert refusal(await dispensing.hold(request_["id"], 50, code))[0] == 409

    # DVD-1
    @pytest.mark.parametrize(
        ("settings", "status"),
        [
            ({"skip_dispense_division_dls_verify": False}, "processed"),
            ({"license_types_allowed": ["NARCOTIC_DRUGS"]}, "failed"),
        ],
    )
    async def test_when_a_setting_asks_for_papers_then_it_is_heard(
        self, dispensing: Dispensing, request_: dict, code: str, db: Connection, settings: dict, status: str
    ) -> None:
        await set_programme(db, **settings)
        assert (await dispensing.hold(request_["id"], 50, code)).json()["data"]["status"] == status

    # DVD-2
    async def test_when_the_request_is_meant_for_another_then_forbidden(
        self, dispensing: Dispensing, prescribing: Prescribing, other_pharmacist: Caller, db: Connection
    ) -> None:
        made = await prescribing.made(performer=ref("legal_entity", str(other_pharmacist.client_id)))
        code = await sent_code(db, made["requisition"])
        assert (await dispensing.ask(made["id"], 50, code)).status_code == 403
        assert await dispensing.by(other_pharmacist).held(made["id"], 50, code)

    async def test_when_the_same_is_sent_again_then_one_hold(
        self, dispensing: Dispensing, request_: dict, code: str, db: Connection
    ) -> None:
        body = dispensing.order(request_["id"], 50, code)
        first = await dispensing.pharmacist.post(dispensing.path, body)
        twin = await dispensing.pharmacist.post(dispensing.path, body)
        assert first.json()["data"]["links"] == twin.json()["data"]["links"]
        await dispensing.outcome(first)
        later = await dispensing.pharmacist.post(dispensing.path, body)
        assert refusal(await dispensing.outcome(later))[:2] == (422, "$.id")
        assert await db.fetchval("select count(*) from device_dispenses") == 1

    async def test_when_asked_by_a_doctor_or_for_another_patient_then_refused(
        self, dispensing: Dispensing, request_: dict, code: str, doctor: Caller
    ) -> None:
        body = dispensing.order(request_["id"], 50, code)
        assert (await doctor.post(dispensing.path, body)).status_code == 403
        other = f"/api/patients/{uuid4()}/device_dispenses"
        assert (await dispensing.pharmacist.post(other, body)).status_code == 404

    # DVR-15
    async def test_when_the_request_is_over_then_conflict(
        self, dispensing: Dispensing, prescribing: Prescribing, request_: dict, code: str
    ) -> None:
        await prescribing.end(request_, "revoke")
        assert (await dispensing.ask(request_["id"], 50, code)).status_code == 409
