"""How much a pharmacy handed over: numbers of days and divisions, of nobody in particular."""

from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.kernel.work import Work
from tests.central.answers import answered
from tests.factories.prescriptions import Dispensing
from tests.factories.world import Caller

from .test_returns import taken_back

PATH = "/api/pharmacy/medication_dispense_counts"


class TestCounts:
    async def test_days_then_all_that_was_handed_over_and_what_came_back(
        self,
        *,
        dispensing: Dispensing,
        prescription: dict,
        code: str,
        pharmacist: Caller,
        other_pharmacist: Caller,
        work: Work,
    ) -> None:
        today = {"dispensed_from": str(work.today), "dispensed_to": str(work.today)}
        assert answered(await pharmacist.get(PATH, **today))["data"] == {"dispensed": 0, "taken_back": 0}
        dispense = await dispensing.give(prescription["id"], 10, code)
        await dispensing.give(prescription["id"], 10, code)
        assert (await taken_back(dispensing, dispense)).status_code == 200
        assert answered(await pharmacist.get(PATH, **today))["data"] == {"dispensed": 2, "taken_back": 1}
        yesterday = str(work.today - timedelta(days=1))
        for query in ({"dispensed_from": yesterday, "dispensed_to": yesterday}, today | {"division_id": str(uuid4())}):
            assert answered(await pharmacist.get(PATH, **query))["data"] == {"dispensed": 0, "taken_back": 0}, query
        assert answered(await other_pharmacist.get(PATH, **today))["data"] == {"dispensed": 0, "taken_back": 0}

    @pytest.mark.parametrize(
        ("query", "entry"),
        [
            ({}, "$.dispensed_from"),
            ({"dispensed_from": "2026-11-22"}, "$.dispensed_to"),
            ({"dispensed_from": "never", "dispensed_to": "2026-11-22"}, "$.dispensed_from"),
            ({"dispensed_from": "2026-11-22", "dispensed_to": "2026-11-22", "division_id": "x"}, "$.division_id"),
        ],
    )
    async def test_unfit_then_422_at_its_name(self, pharmacist: Caller, query: dict[str, str], entry: str) -> None:
        answer = await pharmacist.get(PATH, **query)
        assert answer.status_code == 422 and answer.json()["error"]["invalid"][0]["entry"] == entry

    async def test_by_a_doctor_then_403(self, doctor: Caller) -> None:
        assert (await doctor.get(PATH)).status_code == 403
