"""A series for a long illness: prescriptions for months that follow one another, written in one visit."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from esoz.central.prescriptions.model import series
from esoz.central.prescriptions.periodic import announce_series
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import Dependencies, Work
from tests.central.prescriptions.conftest import ready
from tests.central.prescriptions.test_drafts import ROOT, refusal
from tests.factories.prescriptions import Dispensing, Prescribing, sent_code, set_programme, texts
from tests.factories.records import ref
from tests.factories.world import Caller, World

MONTH = 30


def month(first: date, number: int, days: int = MONTH) -> dict[str, str]:
    """The course of a month of the series: the first is number 0."""
    begin = first + timedelta(days=days * number)
    return {"started_at": str(begin), "ended_at": str(begin + timedelta(days=days - 1))}


def after(draft: dict, number: int, first: date, **changes: object) -> dict[str, object]:
    """What an order says that comes after another one."""
    return month(first, number) | {"prior_prescription": ref("medication_request", draft["id"])} | changes


@pytest.fixture
async def yearly(prescribing: Prescribing, db: Connection) -> Prescribing:
    """A programme that watches over the courses of a substance, as those for long illnesses do."""
    await set_programme(db, skip_mnn_in_treatment_period=False)
    return prescribing


async def drafts_of(prescribing: Prescribing, count: int = 3) -> list[dict]:
    """Drafts of a series."""
    today = prescribing.today
    found = [await prescribing.draft(**month(today, 0))]
    for number in range(1, count):
        found.append(await prescribing.draft(**after(found[-1], number, today)))
    return found


async def issued(prescribing: Prescribing, count: int = 3) -> list[dict]:
    """Prescriptions of a series, each signed."""
    found = []
    for draft in await drafts_of(prescribing, count):
        signed = await prescribing.sign(draft)
        assert signed.status_code == 200, signed.text
        found.append(dict(signed.json()["data"]))
    return found


# MR-23, MR-24
class TestWrittenAtOnce:
    async def test_three_months_then_each_opens_when_a_visit_could_have_written_it(self, yearly: Prescribing) -> None:
        found = await issued(yearly)
        assert [each["status"] for each in found] == ["ACTIVE"] * 3
        assert [(each["started_at"], each["ended_at"]) for each in found] == [
            ("2026-11-22", "2026-12-21"),
            ("2026-12-22", "2027-01-20"),
            ("2027-01-21", "2027-02-19"),
        ]
        assert [each["dispense_valid_from"] for each in found] == ["2026-11-22", "2026-12-14", "2027-01-13"]
        assert [each["dispense_valid_to"] for each in found] == ["2026-12-22", "2027-01-13", "2027-02-12"]
        assert [each.get("prior_prescription") for each in found] == [
            None,
            *(ref("medication_request", each["id"]) for each in found[:2]),
        ]

    async def test_short_courses_then_none_opens_before_it_was_written(self, yearly: Prescribing) -> None:
        first = await yearly.draft(**month(yearly.today, 0, 2))
        prior = {"prior_prescription": ref("medication_request", first["id"])}
        second = await yearly.draft(**month(yearly.today, 1, 2), **prior)
        assert second["dispense_valid_from"] == "2026-11-22"

    async def test_after_a_signed_one_on_the_same_day_then_taken(self, yearly: Prescribing) -> None:
        [first] = await issued(yearly, 1)
        second = await yearly.draft(**after(first, 1, yearly.today))
        assert (await yearly.sign(second)).status_code == 200

    @pytest.mark.parametrize(
        ("changes", "entry", "message"),
        [
            ({"started_at": "2026-12-23"}, f"{ROOT}.started_at", series.NOT_NEXT_DAY),
            ({"started_at": "2026-12-21"}, f"{ROOT}.started_at", series.NOT_NEXT_DAY),
            ({"ended_at": "2027-05-26"}, f"{ROOT}.ended_at", series.TOO_LATE),
        ],
    )
    async def test_with_a_gap_an_overlap_or_too_late_then_422(
        self, yearly: Prescribing, db: Connection, changes: dict, entry: str, message: str
    ) -> None:
        await set_programme(db, medication_request_max_period_day=None)
        first = await yearly.draft(**month(yearly.today, 0))
        assert refusal(await yearly.create(**after(first, 1, yearly.today, **changes))) == (422, entry, message)

    async def test_half_a_year_to_the_day_then_taken(self, yearly: Prescribing, db: Connection) -> None:
        await set_programme(db, medication_request_max_period_day=None)
        first = await yearly.draft(**month(yearly.today, 0))
        assert (await yearly.create(**after(first, 1, yearly.today, ended_at="2027-05-25"))).status_code == 201

    async def test_seventh_of_a_series_then_422(self, yearly: Prescribing) -> None:
        found = [await yearly.draft(**month(yearly.today, 0, 7))]
        for number in range(1, 6):
            prior = {"prior_prescription": ref("medication_request", found[-1]["id"])}
            found.append(await yearly.draft(**month(yearly.today, number, 7), **prior))
        prior = {"prior_prescription": ref("medication_request", found[-1]["id"])}
        assert refusal(await yearly.create(**month(yearly.today, 6, 7), **prior)) == (
            422,
            series.PRIOR,
            series.TOO_MANY,
        )

    async def test_on_the_blank_of_narcotic_medicines_then_422(self, yearly: Prescribing, db: Connection) -> None:
        first = await yearly.draft(**month(yearly.today, 0))
        await db.execute("update medical_programs set mr_blank_type = 'F-3'")
        await db.execute("update innm_dosages set mr_blank_type = 'F-3'")
        refused = await yearly.create(**after(first, 1, yearly.today))
        assert refusal(refused) == (422, f"{ROOT}.medical_program_id", series.NO_SERIES)

    async def test_when_the_months_are_taken_by_another_prescription_then_too_early(
        self, yearly: Prescribing, db: Connection
    ) -> None:
        await yearly.prescribe(**month(yearly.today, 1))
        first = await yearly.draft(**month(yearly.today, 0))
        status, entry, message = refusal(await yearly.create(**after(first, 1, yearly.today)))
        assert (status, entry) == (422, f"{ROOT}.medical_program_id") and message.startswith("It's to early")

    async def test_for_a_longer_course_than_the_programme_allows_then_422(
        self, yearly: Prescribing, db: Connection
    ) -> None:
        await set_programme(db, medication_request_max_period_day=29)
        first = await yearly.draft(**month(yearly.today, 0))
        refused = await yearly.create(**after(first, 1, yearly.today, ended_at="2027-01-21"))
        assert refusal(refused)[:2] == (422, f"{ROOT}.ended_at")


# MR-8, MR-23
class TestNoSeries:
    """A name of a prior prescription alone opens no door past the rule of courses."""

    async def test_on_another_day_then_too_early_as_ever(self, yearly: Prescribing, clock: FixedClock) -> None:
        [first] = await issued(yearly, 1)
        clock.forward(timedelta(days=1))
        refused = await yearly.create(**after(first, 1, yearly.today, created_at="2026-11-23"))
        assert refusal(refused)[2].startswith("It's to early")

    async def test_after_a_draft_of_another_programme_or_one_given_up_then_not_found(self, yearly: Prescribing) -> None:
        first = await yearly.draft(**month(yearly.today, 0))
        await yearly.doctor.patch(f"/api/medication_request_requests/{first['id']}/actions/reject")
        refused = await yearly.create(**after(first, 1, yearly.today))
        assert refusal(refused) == (422, series.PRIOR, "Prior prescription not found")

    async def test_after_a_draft_whose_half_hour_is_over_then_not_found(
        self, yearly: Prescribing, clock: FixedClock
    ) -> None:
        first = await yearly.draft(**month(yearly.today, 0))
        clock.forward(timedelta(minutes=30))
        refused = await yearly.create(**after(first, 1, yearly.today))
        assert refusal(refused) == (422, series.PRIOR, "Prior prescription not found")


# MR-23
class TestSigning:
    async def test_before_the_one_that_it_follows_then_409(self, yearly: Prescribing) -> None:
        _first, second = await drafts_of(yearly, 2)
        assert refusal(await yearly.sign(second)) == (409, "", series.NOT_SIGNED)

    async def test_after_the_one_before_was_taken_back_then_409(self, yearly: Prescribing) -> None:
        first, second = await drafts_of(yearly, 2)
        assert (await yearly.sign(first)).status_code == 200
        assert (await yearly.reject(first["id"])).status_code == 200
        assert refusal(await yearly.sign(second)) == (409, "", series.NOT_IN_FORCE)

    async def test_two_after_one_then_the_second_is_refused(self, yearly: Prescribing) -> None:
        first, second = await drafts_of(yearly, 2)
        twin = await yearly.draft(**after(first, 1, yearly.today))
        assert [(await yearly.sign(each)).status_code for each in (first, second)] == [200, 200]
        assert refusal(await yearly.sign(twin)) == (409, "", series.FOLLOWED)
        assert refusal(await yearly.create(**after(first, 1, yearly.today)))[0] == 422

    async def test_two_at_once_after_one_then_one_wins(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
    ) -> None:
        prescribing = await ready(fresh_world, fresh_database, dependencies, clock)
        first, second = await drafts_of(prescribing, 2)
        twin = await prescribing.draft(**after(first, 1, prescribing.today))
        assert (await prescribing.sign(first)).status_code == 200
        answers = await asyncio.gather(prescribing.sign(second), prescribing.sign(twin))
        assert sorted(each.status_code for each in answers) == [200, 409]


# MR-24
class TestDispensed:
    async def test_before_its_first_day_then_409_and_on_it_taken(
        self, yearly: Prescribing, dispensing: Dispensing, clock: FixedClock, work: Work, db: Connection
    ) -> None:
        first, second = await issued(yearly, 2)
        await dispensing.give(first["id"], 20, await sent_code(db, first["request_number"]))
        clock.moment = datetime(2026, 12, 13, 21, 59, tzinfo=UTC)
        early = await dispensing.hold(second["id"], 20, "1111", dispensed_at="2026-12-13")
        assert early.status_code == 409
        clock.moment = work.now = datetime(2026, 12, 14, 7, 0, tzinfo=UTC)
        await announce_series(work)
        code = await sent_code(db, second["request_number"])
        taken = await dispensing.hold(second["id"], 20, code, dispensed_at="2026-12-14")
        assert taken.status_code == 201, taken.text


# MR-24
class TestToldOnItsDay:
    @pytest.fixture
    async def months(self, yearly: Prescribing, clock: FixedClock, work: Work) -> list[dict]:
        return await issued(yearly)

    async def told(self, work: Work, at: datetime) -> int:
        """How many messages there are after the task was here at a moment."""
        work.now = at
        await announce_series(work)
        return len(await texts(work.db))

    async def test_signed_then_the_code_of_the_first_alone(self, months: list[dict], db: Connection) -> None:
        assert [months[0]["request_number"] in text for text in await texts(db)] == [True]

    async def test_days_pass_then_each_is_told_once_from_nine_in_kyiv(
        self, months: list[dict], work: Work, db: Connection
    ) -> None:
        assert await self.told(work, datetime(2026, 12, 13, 12, 0, tzinfo=UTC)) == 1
        assert await self.told(work, datetime(2026, 12, 14, 6, 59, tzinfo=UTC)) == 1
        assert await self.told(work, datetime(2026, 12, 14, 7, 0, tzinfo=UTC)) == 2
        assert await self.told(work, datetime(2026, 12, 14, 7, 1, tzinfo=UTC)) == 2
        assert await sent_code(db, months[1]["request_number"])
        assert [str(each.event) for each in work.recorded].count("medication_request.announced") == 1

    async def test_worker_was_down_for_days_then_told_when_it_is_back(self, months: list[dict], work: Work) -> None:
        assert await self.told(work, datetime(2027, 1, 20, 9, 0, tzinfo=UTC)) == 2  # the second one is over by now

    async def test_taken_back_before_then_never_told(self, months: list[dict], yearly: Prescribing, work: Work) -> None:
        assert (await yearly.reject(months[1]["id"])).status_code == 200
        before = len(await texts(work.db))
        assert await self.told(work, datetime(2026, 12, 14, 9, 0, tzinfo=UTC)) == before

    async def test_chosen_way_is_gone_by_then_then_told_by_the_usual_one(
        self, months: list[dict], work: Work, db: Connection
    ) -> None:
        await db.execute("update medication_requests set inform_with = gen_random_uuid()")
        assert await self.told(work, datetime(2026, 12, 14, 9, 0, tzinfo=UTC)) == 2


async def test_of_another_clinic_then_not_found(yearly: Prescribing, foreign_doctor: Caller) -> None:
    found = await issued(yearly, 2)
    assert (await foreign_doctor.get(f"{yearly.requests}/{found[1]['id']}")).status_code == 404
