"""A hundred pharmacists at once by one prescription: never more is held than was prescribed."""

import asyncio

import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.work import Dependencies
from tests.central.prescriptions.test_dispensing import stocked_pharmacies
from tests.factories.world import World


async def rounds_of_races(
    world: World, database: Database, dependencies: Dependencies, clock: FixedClock, *, rounds: int
) -> None:
    """A hundred dispenses of ten at once by a prescription of twenty, again and again: exactly two are held."""
    one, other, prescription, code = await stocked_pharmacies(world, database, dependencies, clock)
    for _ in range(rounds):
        asked = [each.hold(prescription["id"], 10, code) for each in (one, other) * 50]
        answers = await asyncio.gather(*asked)
        held = [answer for answer in answers if answer.status_code == 201]
        assert len(held) == 2
        # Who had to wait too long for a place was told to come again; nobody met a fault.
        assert {answer.status_code for answer in answers} <= {201, 409, 503}
        by = {str(each.pharmacist.client_id): each for each in (one, other)}
        for answer in held:
            dispense = answer.json()["data"]
            path = f"/api/pharmacy/medication_dispenses/{dispense['id']}/actions/reject"
            released = await by[dispense["legal_entity"]["id"]].pharmacist.patch(path)
            assert released.status_code == 200, released.text
        async with database.connection() as db:
            assert await db.fetchval("select count(*) from medication_dispenses where status = 'NEW'") == 0


# MD-6, MD-9
async def test_of_a_hundred_at_once_then_two_hold_in_each_round(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
) -> None:
    await rounds_of_races(fresh_world, fresh_database, dependencies, clock, rounds=10)


@pytest.mark.slow
async def test_of_a_hundred_at_once_then_two_hold_in_a_thousand_rounds(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
) -> None:
    await rounds_of_races(fresh_world, fresh_database, dependencies, clock, rounds=1000)
