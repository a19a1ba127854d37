"""Acts are counted on their day, once, whatever happens beside; sums are those of the rows."""

import asyncio
from collections import Counter
from datetime import date, timedelta

from esoz.central import statistics
from esoz.central.prescriptions.periodic import lift_blocks
from esoz.central.statistics import periodic, store
from esoz.central.statistics.model import EVER, NONE, Cell, Dimension, Grain, Numbers, Slice
from esoz.central.statistics.store import counting
from esoz.kernel.clock import FixedClock, kyiv_date
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.prescriptions.conftest import ready
from tests.central.prescriptions.test_moments import block
from tests.central.prescriptions.test_returns import of as line_of
from tests.central.prescriptions.test_returns import taken_back
from tests.factories.prescriptions import Dispensing, Prescribing, package_of, sent_code
from tests.factories.world import World

EVERYTHING = Slice()


async def cells(
    db: Connection, grain: Grain = Grain.EVER, of: Slice = EVERYTHING, by: Dimension | None = None
) -> list[Cell]:
    return list(await store.cells(db, grain, (EVER, date.max), of, by))


async def numbers(db: Connection, of: Slice = EVERYTHING) -> Numbers:
    """What is not zero since the beginning."""
    found = await cells(db, of=of)
    return {name: value for name, value in found[0].numbers.items() if value} if found else {}


async def rows(db: Connection) -> Counter[str]:
    """The same, counted in the rows themselves."""
    requests = await db.fetch("select status, medication_qty from medication_requests where intent = 'order'")
    dispenses = await db.fetch(
        "select quantity - returned_quantity as quantity from medication_dispenses where status = 'PROCESSED'"
    )
    found: Counter[str] = Counter(written=len(requests), dispensed=len(dispenses))
    for status, name in (("COMPLETED", "redeemed"), ("EXPIRED", "expired"), ("REJECTED", "rejected")):
        found[name] = sum(row["status"] == status for row in requests)
    found["quantity_written"] = sum(row["medication_qty"] for row in requests)
    found["quantity_dispensed"] = sum(row["quantity"] for row in dispenses)
    found["taken_back"] = await db.fetchval("select count(*) from medication_dispenses where status = 'RETURNED'")
    found["visits"] = await db.fetchval("select count(*) from encounters where status <> 'entered_in_error'")
    found["declared"] = await db.fetchval("select count(*) from declarations")
    found["undeclared"] = await db.fetchval("select count(*) from declarations where status <> 'active'")
    return +found


async def fold(db: Connection) -> None:
    while await counting.fold(db, 3):
        pass


async def a_day(prescribing: Prescribing, dispensing: Dispensing, db: Connection) -> None:
    """Four prescriptions: redeemed in two parts, in one part only, rejected, untouched; a hold that is let go."""
    first, second, third, _ = [await prescribing.prescribe() for _ in range(4)]
    code = await sent_code(db, first["request_number"])
    await dispensing.give(first["id"], 10, code)
    await dispensing.give(first["id"], 10, code)
    await dispensing.give(second["id"], 10, await sent_code(db, second["request_number"]))
    assert (await prescribing.reject(third["id"])).status_code == 200


class TestADay:
    async def test_of_acts_then_every_number_is_that_of_the_rows_before_and_after_folding(
        self, prescribing: Prescribing, dispensing: Dispensing, db: Connection, work: Work
    ) -> None:
        await a_day(prescribing, dispensing, db)
        expected = await rows(db)
        assert expected["written"] == 4 and expected["dispensed"] == 3 and expected["rejected"] == 1
        assert await numbers(db) == expected
        before = [await cells(db, grain, by=by) for grain in Grain for by in (None, *Dimension)]
        await counting.fold(db, 3)
        assert await numbers(db) == expected
        await fold(db)
        assert await db.fetchval("select count(*) from uncounted") == 0
        after = [await cells(db, grain, by=by) for grain in Grain for by in (None, *Dimension)]
        # Declarations and visits have no programme and no substance; as such they stand in the lines only.
        assert _prescribed(before) == _prescribed(after)
        assert await statistics.totals(db) == statistics.Totals(4, 1, 3)

    async def test_of_acts_then_each_slice_has_its_share(
        self, prescribing: Prescribing, dispensing: Dispensing, db: Connection
    ) -> None:
        await a_day(prescribing, dispensing, db)
        await fold(db)
        row = await db.fetchrow("select region, medical_program_id, medication_id from medication_requests limit 1")
        substance = await db.fetchval(
            "select substance_id from dosage_substances where dosage_id = $1", row["medication_id"]
        )
        whole = Slice(row["region"], row["medical_program_id"], substance)
        less = (whole.without(Dimension.REGION), whole.without(Dimension.PROGRAMME), Slice(substance=substance))
        for of in (whole, *less):
            found = await numbers(db, of)
            assert (found["written"], found["redeemed"], found["dispensed"]) == (4, 1, 3), of
        assert await numbers(db, Slice(region="Інша")) == {}
        assert await numbers(db, Slice(programme=NONE)) == {}

    async def test_around_midnight_in_kyiv_then_each_has_its_own_day(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        await prescribing.prescribe()
        await db.execute("delete from uncounted")
        for at in ("03-28 21:59:59.999", "03-28 22:00", "03-29 20:59:59", "03-29 21:00"):
            await db.execute("select count_act('written', 1, $1::text::timestamptz, '')", f"2026-{at}+00")
        found = {cell.starts: cell.numbers["written"] for cell in await cells(db, Grain.DAY)}
        # The night in between is the one in which the clock goes ahead.
        assert found == {date(2026, 3, 28): 1, date(2026, 3, 29): 2, date(2026, 3, 30): 1}

    async def test_when_a_dispense_is_taken_back_then_so_are_its_numbers(
        self, prescribing: Prescribing, dispensing: Dispensing, db: Connection, work: Work
    ) -> None:
        prescription = await prescribing.prescribe()
        await dispensing.give(prescription["id"], 20, await sent_code(db, prescription["request_number"]))
        await fold(db)
        later = work.now + timedelta(days=1)
        await db.execute("update medication_dispenses set status = 'RETURNED', updated_at = $1", later)
        await db.execute("update medication_requests set status = 'ACTIVE', updated_at = $1", later)
        expected = await rows(db)
        assert expected["taken_back"] == 1 and await numbers(db) == expected
        days = {cell.starts: cell.numbers for cell in await cells(db, Grain.DAY)}
        assert (days[work.today]["dispensed"], days[work.today]["redeemed"]) == (0, 0)
        assert days[kyiv_date(later)]["taken_back"] == 1

    async def test_when_lines_of_a_dispense_come_back_then_every_number_is_that_of_the_rows(
        self, prescribing: Prescribing, dispensing: Dispensing, db: Connection
    ) -> None:
        prescription = await prescribing.prescribe()
        dispense = await dispensing.give(prescription["id"], 20, await sent_code(db, prescription["request_number"]))
        for part, dispensed in ((10, 1), (10, 0)):
            assert (await taken_back(dispensing, dispense, returned=line_of(dispense, part))).status_code == 200
            expected = await rows(db)
            assert await numbers(db) == expected
            assert (expected["redeemed"], expected["quantity_dispensed"]) == (0, 10 * dispensed)
            assert await statistics.totals(db) == statistics.Totals(1, 0, dispensed)
            await fold(db)
            assert await numbers(db) == expected

    async def test_when_a_block_ends_after_the_last_dispense_then_what_comes_back_is_of_its_day_still(
        self, *, prescribing: Prescribing, dispensing: Dispensing, db: Connection, work: Work, clock: FixedClock
    ) -> None:
        prescription = await prescribing.prescribe()
        code = await sent_code(db, prescription["request_number"])
        held = await dispensing.held(prescription["id"], 20, code)
        until = (clock.now() + timedelta(minutes=5)).isoformat()
        await block(dispensing.pharmacist, prescription["id"], blocked_to=until)
        assert (await dispensing.process(held)).json()["data"]["medication_request"]["status"] == "COMPLETED"
        clock.forward(timedelta(days=1))
        work.now = clock.now()
        await lift_blocks(work)
        assert (await taken_back(dispensing, held)).status_code == 200
        days = {cell.starts: int(cell.numbers["redeemed"]) for cell in await cells(db, Grain.DAY)}
        assert set(days.values()) == {0}, days


class TestThePast:
    async def test_when_parts_of_a_dispense_of_before_come_back_then_no_other_day_has_less(
        self, *, prescribing: Prescribing, dispensing: Dispensing, db: Connection, work: Work
    ) -> None:
        prescription = await prescribing.prescribe()
        dispense = await dispensing.give(prescription["id"], 20, await sent_code(db, prescription["request_number"]))
        await db.execute(
            "update medication_dispenses set processed_at = null, updated_at = updated_at - interval '3 days'"
        )
        await _forget(db)
        await _fill(db)
        for _ in range(2):
            assert (await taken_back(dispensing, dispense, returned=line_of(dispense, 10))).status_code == 200
        days = {cell.starts: cell.numbers for cell in await cells(db, Grain.DAY)}
        assert all(day["dispensed"] == day["quantity_dispensed"] == 0 for day in days.values()), days
        assert days[work.today]["taken_back"] == 1

    async def test_when_a_dispense_was_taken_back_already_then_it_is_counted_as_such(
        self, prescribing: Prescribing, dispensing: Dispensing, db: Connection
    ) -> None:
        prescription = await prescribing.prescribe()
        dispense = await dispensing.give(prescription["id"], 20, await sent_code(db, prescription["request_number"]))
        assert (await taken_back(dispensing, dispense)).status_code == 200
        expected = await rows(db)
        await _forget(db)
        await _fill(db)
        assert await numbers(db) == expected

    async def test_when_counted_in_batches_then_as_if_counted_at_once_and_acts_in_between_count_once(
        self, prescribing: Prescribing, dispensing: Dispensing, db: Connection, work: Work
    ) -> None:
        await a_day(prescribing, dispensing, db)
        await fold(db)
        doctors = await _doctors(db)
        await _forget(db)
        turns = 0
        while (source := await counting.unfilled(db)) is not None:
            await counting.fill(db, source, 1)
            turns += 1
            if turns == 2:  # on a row that the worker passed already or not: either way it counts once
                one = await prescribing.prescribe()
                assert (await prescribing.reject(one["id"])).status_code == 200
        expected = await rows(db)
        assert expected["written"] == 5 and await numbers(db) == expected
        await _forget(db)
        while (source := await counting.unfilled(db)) is not None:
            await periodic.fill(work)
        await fold(db)
        assert await numbers(db) == expected
        assert await _doctors(db) == [(doctor, month, count + 1) for doctor, month, count in doctors]


class TestRaces:
    async def test_of_acts_folding_and_questions_then_no_number_is_ever_wrong(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
    ) -> None:
        prescribing = await ready(fresh_world, fresh_database, dependencies, clock)
        seen: list[int] = []

        async def ask() -> None:
            while len(seen) < 12 or seen[-1] < 6:
                async with fresh_database.connection() as db:
                    seen.append(int((await numbers(db)).get("written", 0)))
                await asyncio.sleep(0)

        async def fold_always() -> None:
            while not seen or seen[-1] < 6:
                async with fresh_database.transaction() as db:
                    await periodic.fold(Work(NOBODY, clock.now(), db, dependencies))

        async def prescribe() -> None:
            await asyncio.gather(*(prescribing.prescribe() for _ in range(6)))

        await asyncio.gather(ask(), fold_always(), fold_always(), prescribe())
        assert seen == sorted(seen) and seen[-1] == 6
        async with fresh_database.connection() as db:
            medication_id = await package_of(db, prescribing.medication_id, 10)
            assert medication_id and await numbers(db) == await rows(db)


def _prescribed(several: list[list[Cell]]) -> list[list[Cell]]:
    return [[cell for cell in found if cell.numbers["written"] or cell.numbers["dispensed"]] for found in several]


async def _doctors(db: Connection) -> list[tuple[object, ...]]:
    counted = "select employee_id, month, prescriptions from doctor_months where prescriptions > 0 order by 1, 2"
    return [tuple(row) for row in await db.fetch(counted)]


async def _fill(db: Connection) -> None:
    while (source := await counting.unfilled(db)) is not None:
        await counting.fill(db, source, 100)


async def _forget(db: Connection) -> None:
    """As a database is that was there before these statistics."""
    await db.execute("delete from statistics")
    await db.execute("delete from uncounted")
    await db.execute("delete from doctor_months")
    nobody = "00000000-0000-0000-0000-000000000000"
    await db.execute("update statistics_fills set is_done = false, person_id = $1, id = $1", nobody)
