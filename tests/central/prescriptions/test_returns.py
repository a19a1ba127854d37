"""Taking back what was handed over: by lines or as a whole; the prescription is dispensed by again."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from esoz.central import statistics
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import Dispensing, Prescribing, set_programme, texts
from tests.factories.world import Caller

PATH = "/api/pharmacy/medication_dispenses"


async def taken_back(
    dispensing: Dispensing, dispense: dict[str, Any], *, signer: Caller | None = None, **why: Any
) -> httpx.Response:
    """Take a dispense back over what its details show now."""
    shown = (await dispensing.pharmacist.get(f"{PATH}/{dispense['id']}")).json()["data"]
    return await sent(dispensing, shown, signer=signer, **why)


async def sent(
    dispensing: Dispensing, content: dict[str, Any], *, signer: Caller | None = None, **why: Any
) -> httpx.Response:
    document = (signer or dispensing.pharmacist).sign(content | {"return_reason_code": "DEFECT"} | why)
    body = {"signed_medication_dispense_return": document, "signed_content_encoding": "base64"}
    return await dispensing.pharmacist.patch(f"{PATH}/{content['id']}/actions/take_back", body)


def of(dispense: dict[str, Any], quantity: float) -> list[dict[str, Any]]:
    return [{"program_medication_id": dispense["details"][0]["program_medication_id"], "medication_qty": quantity}]


# MD-12
class TestTakeBack:
    async def test_as_a_whole_then_the_prescription_is_active_and_dispensed_by_again(
        self, *, dispensing: Dispensing, prescription: dict, code: str, db: Connection, prescribing: Prescribing
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 20, code)
        assert dispense["medication_request"]["status"] == "COMPLETED"
        answer = await taken_back(dispensing, dispense, return_reason="Тріснуло скло")
        assert answer.status_code == 200, answer.text
        found = answer.json()["data"]
        assert (found["status"], found["medication_request"]["status"]) == ("RETURNED", "ACTIVE")
        assert found["returned_qty"] == 20
        [back] = found["returns"]
        assert back == {
            "returned_at": back["returned_at"],
            "return_reason_code": "DEFECT",
            "return_reason": "Тріснуло скло",
            "returned": of(dispense, 20),
        }
        left = await prescribing.doctor.get(f"{prescribing.requests}/{prescription['id']}")
        assert left.json()["data"]["medication_info"]["medication_remaining_qty"] == 20
        again = await dispensing.give(prescription["id"], 20, code)
        assert again["medication_request"]["status"] == "COMPLETED"
        sms = await texts(db)
        assert f"Аптека записала повернення ліків за рецептом {prescription['request_number']}" in sms[-1]

    async def test_by_lines_then_so_much_may_be_dispensed_and_no_more(
        self, *, dispensing: Dispensing, prescription: dict, code: str
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 20, code)
        answer = await taken_back(dispensing, dispense, returned=of(dispense, 10))
        found = answer.json()["data"]
        assert (answer.status_code, found["status"], found["returned_qty"]) == (200, "PROCESSED", 10)
        assert found["medication_request"]["status"] == "ACTIVE"
        assert (await dispensing.hold(prescription["id"], 20, code)).status_code == 422
        await dispensing.give(prescription["id"], 10, code)
        rest = await taken_back(dispensing, dispense)
        assert (rest.json()["data"]["status"], rest.json()["data"]["returned_qty"]) == ("RETURNED", 20)
        assert len(rest.json()["data"]["returns"]) == 2

    async def test_of_a_quantity_reckoned_in_floating_point_then_as_it_is_meant(
        self, dispensing: Dispensing, prescription: dict, code: str
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 20, code)
        answer = await taken_back(dispensing, dispense, returned=of(dispense, 10.000000000000002))
        assert answer.json()["data"]["returns"][0]["returned"] == of(dispense, 10)
        rest = await taken_back(dispensing, dispense)
        assert (rest.json()["data"]["status"], rest.json()["data"]["returned_qty"]) == ("RETURNED", 20)

    async def test_when_given_again_in_full_then_the_rest_of_it_stays_and_nothing_is_reopened(
        self, dispensing: Dispensing, prescription: dict, code: str
    ) -> None:
        first = await dispensing.give(prescription["id"], 10, code)
        answer = await taken_back(dispensing, first)
        assert answer.json()["data"]["medication_request"]["status"] == "ACTIVE"
        assert (await taken_back(dispensing, first)).status_code == 409

    @pytest.mark.parametrize(
        ("quantity", "refused"),
        [
            (5, ("invalid", "$.returned[0].medication_qty")),
            (30, ("invalid", "$.returned[0].medication_qty")),
            (0, ("number", "$.returned[0].medication_qty")),
            (-10, ("number", "$.returned[0].medication_qty")),
        ],
    )
    async def test_of_a_wrong_quantity_then_422_at_its_place(
        self, *, dispensing: Dispensing, prescription: dict, code: str, quantity: float, refused: tuple[str, str]
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 20, code)
        answer = await taken_back(dispensing, dispense, returned=of(dispense, quantity))
        assert answer.status_code == 422
        assert answer.json()["error"]["invalid"][0]["entry"] == refused[1]

    async def test_of_another_package_or_none_or_without_words_then_422(
        self, dispensing: Dispensing, prescription: dict, code: str
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 20, code)
        strange = [{"program_medication_id": prescription["id"], "medication_qty": 10}]
        told = (
            ({"returned": strange}, "$.returned[0].program_medication_id"),
            ({"returned": []}, "$.returned"),
            ({"return_reason_code": "OTHER"}, "$.return_reason"),
            ({"return_reason_code": "WHATEVER"}, "$.return_reason_code"),
        )
        for why, entry in told:
            assert refusal(await taken_back(dispensing, dispense, **why))[:2] == (422, entry)
        twice = of(dispense, 20) + of(dispense, 10)
        assert refusal(await taken_back(dispensing, dispense, returned=twice))[1] == "$.returned[1].medication_qty"

    async def test_where_parts_are_not_dispensed_then_only_as_a_whole(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        await set_programme(db, multi_medication_dispense_allowed=False)
        dispense = await dispensing.give(prescription["id"], 20, code)
        answer = await taken_back(dispensing, dispense, returned=of(dispense, 10))
        assert refusal(answer)[:2] == (422, "$.returned")
        assert (await taken_back(dispensing, dispense)).status_code == 200
        await dispensing.give(prescription["id"], 20, code)

    async def test_of_what_is_held_then_409(self, dispensing: Dispensing, prescription: dict, code: str) -> None:
        held = await dispensing.held(prescription["id"], 20, code)
        assert (await taken_back(dispensing, held)).status_code == 409

    async def test_by_another_pharmacy_then_not_found_and_with_another_key_422(
        self, dispensing: Dispensing, prescription: dict, code: str, other_pharmacist: Caller
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 20, code)
        assert (await sent(dispensing.by(other_pharmacist), dispense)).status_code == 404
        answer = await taken_back(dispensing, dispense, signer=other_pharmacist)
        assert refusal(answer)[:2] == (422, "$.signed_medication_dispense_return")

    async def test_over_changed_content_or_sent_twice_then_422(
        self, dispensing: Dispensing, prescription: dict, code: str
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 20, code)
        assert (await sent(dispensing, dispense | {"payment_amount": 1})).status_code == 422
        assert (await sent(dispensing, dispense, returned=of(dispense, 10))).status_code == 200
        assert (await sent(dispensing, dispense, returned=of(dispense, 10))).status_code == 422

    async def test_after_the_last_day_then_the_prescription_has_expired(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection, work: Work
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 20, code)
        await db.execute("update medication_requests set last_day = $1", work.today - timedelta(days=1))
        answer = await taken_back(dispensing, dispense)
        assert (answer.status_code, answer.json()["data"]["medication_request"]["status"]) == (200, "EXPIRED")

    async def test_then_statistics_and_the_patients_own_list_take_it_back(
        self, *, dispensing: Dispensing, prescription: dict, code: str, db: Connection, work: Work, patient: Caller
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 20, code)
        assert await statistics.totals(db) == statistics.Totals(1, 1, 1)
        await taken_back(dispensing, dispense)
        assert await statistics.totals(db) == statistics.Totals(1, 0, 0)
        [listed] = (await patient.get("/api/cabinet/medication_dispenses", status="RETURNED")).json()["data"]
        assert listed["returned_qty"] == 20 and "signed_document" not in listed["returns"][0]
