"""The journal of what was handed over by blanks: by days, division and status, each with its blank, one's own only."""

# ruff: noqa: F811  the fixture of a blank is imported, and asked for by the same name

from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.kernel.work import Work
from tests.central.answers import answered
from tests.factories.world import Caller

from .test_paper import DISPENSES, WithPaper, paper  # noqa: F401 a fixture


@pytest.mark.usefixtures("stocked")
class TestJournal:
    async def test_days_then_acts_with_their_blanks_the_latest_first(
        self,
        paper: WithPaper,
        work: Work,
        pharmacist: Caller,
        other_pharmacist: Caller,
    ) -> None:
        yesterday = paper.today - timedelta(days=1)
        blank = await paper.pictured(work, issued_at=str(yesterday))
        earlier, later = paper.content(blank, 10, dispensed_at=str(yesterday)), paper.content(blank, 10)
        for each in (later, earlier):
            answered(await paper.send(pharmacist.sign(each)), 201)
        told = answered(await pharmacist.get(DISPENSES))["data"]
        assert [each["id"] for each in told] == [later["id"], earlier["id"]]
        assert told[0]["paper_prescription"]["number"] == "000123" and told[0]["status"] == "COMPLETED"
        assert told[0]["dispense_details"][0]["medication_qty"] == 10
        for query, ids in (
            ({"dispensed_from": str(paper.today)}, [later["id"]]),
            ({"dispensed_to": str(yesterday)}, [earlier["id"]]),
            ({"dispensed_from": str(paper.today + timedelta(days=1))}, []),
            ({"division_id": str(uuid4())}, []),
            ({"status": "ENTERED_IN_ERROR"}, []),
        ):
            assert [each["id"] for each in answered(await pharmacist.get(DISPENSES, **query))["data"]] == ids, query
        answered(await pharmacist.patch(f"{DISPENSES}/{later['id']}/actions/cancel", {"error_reason": "Не той бланк"}))
        [mistake] = answered(await pharmacist.get(DISPENSES, status="ENTERED_IN_ERROR"))["data"]
        assert (mistake["id"], mistake["error_reason"]) == (later["id"], "Не той бланк")
        assert answered(await other_pharmacist.get(DISPENSES))["data"] == []

    async def test_by_a_doctor_then_403(self, doctor: Caller) -> None:
        assert (await doctor.get(DISPENSES)).status_code == 403

    async def test_filter_when_unfit_then_422_at_its_name(self, pharmacist: Caller) -> None:
        for name in ("dispensed_from", "dispensed_to", "division_id", "status"):
            answer = await pharmacist.get(DISPENSES, **{name: "nonsense"})
            assert answer.status_code == 422
            assert answer.json()["error"]["invalid"][0]["entry"] == f"$.{name}"
