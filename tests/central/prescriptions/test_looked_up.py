"""What is asked before a dispense or a draft: a search by number, the first day, what a prescription may name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from esoz.central.prescriptions.model import drafts as rules
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import Dispensing, Prescribing, set_programme, wrong
from tests.factories.records import ref
from tests.factories.world import Caller

SEARCH = "/api/pharmacy/medication_requests"
DRAFT = "$.medication_request_request"
DISPENSE = "$.medication_dispense"


# MR-20
class TestSearch:
    @pytest.mark.parametrize("spelt", ["{}", " {} ", "{}\n"])
    async def test_by_its_number_then_what_the_details_show(
        self, prescription: dict, pharmacist: Caller, spelt: str
    ) -> None:
        number = spelt.format(prescription["request_number"].lower())
        answer = await pharmacist.get(SEARCH, request_number=number)
        assert answer.status_code == 200, answer.text
        details = (await pharmacist.get(f"{SEARCH}/{prescription['id']}")).json()["data"]
        assert answer.json()["data"] == [details]
        assert set(details["person"]) == {"short_name", "age"}

    @pytest.mark.parametrize("number", ["0000-0000-0000-0000", "", "1", "' or 1=1 --", "0000-243P-1X53-EH38" * 9])
    async def test_by_another_number_then_nothing(self, prescription: dict, pharmacist: Caller, number: str) -> None:
        answer = await pharmacist.get(SEARCH, request_number=number)
        assert (answer.status_code, answer.json()["data"]) == (200, [])

    async def test_of_a_draft_then_nothing(self, prescribing: Prescribing, pharmacist: Caller) -> None:
        draft = await prescribing.draft()
        assert (await pharmacist.get(SEARCH, request_number=draft["request_number"])).json()["data"] == []

    async def test_without_number_or_scope_then_refused(self, pharmacist: Caller, doctor: Caller) -> None:
        assert (await pharmacist.get(SEARCH)).status_code == 422
        assert (await doctor.get(SEARCH, request_number="0000-243P-1X53-EH38")).status_code == 403


# MR-8
class TestFirstDay:
    @pytest.mark.parametrize(
        ("days", "early"),
        [(1, 3), (20, 3), (21, 7), (90, 7)],
    )
    def test_of_a_course_then_three_or_seven_days_before_its_end(self, days: int, early: int) -> None:
        began = date(2026, 2, 1)
        ended = began + timedelta(days=days - 1)
        first = rules.first_day(rules.EarlierCourse(began, ended))
        assert first == rules.FirstDay(ended - timedelta(days=early), ended + timedelta(days=1))

    async def test_when_too_early_then_prequalify_and_the_refusal_tell_it(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        await set_programme(db, skip_mnn_in_treatment_period=False)
        await prescribing.prescribe()
        body = prescribing.order(medical_program_id=None)
        programmes = {"programs": [{"id": str(ANTIBIOTICS_PROGRAMME)}]}
        answer = await prescribing.doctor.post("/api/medication_request_requests/prequalify", {**body, **programmes})
        [verdict] = answer.json()["data"]
        ended = prescribing.today + timedelta(days=7)
        days = [str(ended - timedelta(days=3)), str(ended + timedelta(days=1))]
        assert verdict["status"] == "INVALID"
        assert [verdict["earliest_created_at"], verdict["earliest_started_at"]] == days
        refused = (await prescribing.create()).json()["error"]["invalid"][0]["rules"][0]
        assert refused["params"] == days


class TestNamed:
    async def test_a_care_plan_that_is_not_there_then_refused(self, prescribing: Prescribing) -> None:
        plan = [ref("care_plan", uuid4()), ref("activity", uuid4())]
        assert refusal(await prescribing.create(based_on=plan)) == (
            422,
            f"{DRAFT}.based_on",
            "Care plan with such id is not found",
        )

    async def test_an_earlier_prescription_then_it_is_the_patients_own(
        self, prescribing: Prescribing, prescription: dict
    ) -> None:
        begin = date.fromisoformat(prescription["ended_at"]) + timedelta(days=1)  # of one medicine it is a series
        days = {"started_at": str(begin), "ended_at": str(begin + timedelta(days=6))}
        own = await prescribing.create(prior_prescription=ref("medication_request", prescription["id"]), **days)
        assert own.status_code == 201, own.text
        unknown = await prescribing.create(prior_prescription=ref("medication_request", uuid4()))
        assert refusal(unknown)[:2] == (422, f"{DRAFT}.prior_prescription.identifier.value")


# MD-14
class TestLate:
    @pytest.fixture
    async def old(self, prescription: dict, db: Connection) -> dict[str, Any]:
        """The prescription as if it was written ten days ago."""
        await db.execute(
            "update medication_requests set created_at = created_at - 10,"
            " dispense_valid_from = dispense_valid_from - 10"
        )
        return prescription

    @pytest.mark.parametrize(
        ("days", "note", "refused"),
        [
            (0, None, ""),
            (1, "Не було світла", ""),
            (3, "Не було світла", ""),
            (1, None, "note"),
            (1, "  ", "note"),
            (4, "Не було світла", "dispensed_at"),
            (11, "Не було світла", "dispensed_at"),
        ],
    )
    async def test_of_an_earlier_day_then_soon_and_with_the_reason(
        self, *, dispensing: Dispensing, old: dict, code: str, days: int, note: str | None, refused: str
    ) -> None:
        day = str(dispensing.today - timedelta(days=days))
        answer = await dispensing.hold(old["id"], 20, code, dispensed_at=day, note=note)
        if refused:
            assert refusal(answer)[:2] == (422, f"{DISPENSE}.{refused}")
        else:
            assert (answer.status_code, answer.json()["data"]["dispensed_at"]) == (201, day)

    async def test_of_a_day_before_the_first_of_dispensing_then_422(
        self, dispensing: Dispensing, old: dict, code: str, db: Connection
    ) -> None:
        await db.execute("update medication_requests set dispense_valid_from = $1", dispensing.today)
        day = str(dispensing.today - timedelta(days=1))
        answer = await dispensing.hold(old["id"], 20, code, dispensed_at=day, note="Не було світла")
        assert refusal(answer)[:2] == (422, f"{DISPENSE}.dispensed_at")

    async def test_of_tomorrow_by_a_clock_a_little_ahead_on_the_last_day_then_taken(
        self, *, dispensing: Dispensing, old: dict, code: str, db: Connection, clock: FixedClock
    ) -> None:
        await db.execute("update medication_requests set dispense_valid_to = $1, last_day = $1", dispensing.today)
        clock.moment = datetime(2026, 11, 22, 21, 59, 30, tzinfo=UTC)
        day = str(dispensing.today + timedelta(days=1))
        assert (await dispensing.hold(old["id"], 20, code, dispensed_at=day)).status_code == 201

    async def test_with_a_wrong_code_then_refused_as_ever(self, dispensing: Dispensing, old: dict, code: str) -> None:
        day = str(dispensing.today - timedelta(days=1))
        answer = await dispensing.hold(old["id"], 20, wrong(code), dispensed_at=day, note="Не було світла")
        assert answer.status_code == 401
