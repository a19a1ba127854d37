"""Many pharmacists at once by one request: never more is held than was prescribed, whoever performs the jobs."""

import asyncio

from esoz.central.app import JOB_HANDLERS
from esoz.central.dictionaries import dictionaries
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.jobs import Worker
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.prescriptions.conftest import seen_by
from tests.factories.devices import Dispensing, Prescribing, sent_code, stock_devices
from tests.factories.world import World

AT_ONCE = 24


# DVD-4
async def test_of_many_at_once_then_two_hold(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
) -> None:
    world = fresh_world
    assert world.patient.person_id is not None
    async with fresh_database.transaction() as db:
        await dictionaries.load(db)
        await stock_devices(Work(NOBODY, clock.now(), db, dependencies), world.pharmacist, world.other_pharmacist)
    worker = Worker(fresh_database, JOB_HANDLERS, dependencies=dependencies, clock=clock)
    encounter_id = await seen_by(world.doctor, worker, world.patient.person_id)
    prescribing = Prescribing(world.doctor, worker, world.patient.person_id, encounter_id, clock.now())
    request = await prescribing.made()
    async with fresh_database.connection() as db:
        code = await sent_code(db, request["requisition"])
    one = Dispensing(world.pharmacist, worker, prescribing.person_id, clock.now())
    both = (one, one.by(world.other_pharmacist)) * (AT_ONCE // 2)
    answers = await asyncio.gather(*(each.ask(request["id"], 50, code) for each in both))
    assert {answer.status_code for answer in answers} <= {202, 503}
    while any(await asyncio.gather(*(worker.perform_one() for _ in range(4)))):
        pass
    async with fresh_database.connection() as db:
        assert await db.fetchval("select count(*) from device_dispenses where status = 'in_progress'") == 2
        assert await db.fetchval("select count(*) from jobs where status = 'pending'") == 0
