"""The worker process as a whole: everything it is made of starts, works a round, and stops when told."""

import asyncio
from datetime import timedelta
from pathlib import Path

from esoz.central import process
from esoz.central.app import PERIODIC_TASKS
from esoz.kernel import audit, rechecks
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.objects import Objects
from esoz.kernel.settings import Settings
from esoz.kernel.supervision import Supervisor
from esoz.kernel.work import NOBODY, Dependencies, Signer, Work
from tests.conftest import Server

LATE = timedelta(hours=1)


async def test_started_then_periodic_tasks_and_rechecks_are_done_and_it_stops(
    fresh_database: Database, server: Server, process_name: str, dependencies: Dependencies, tmp_path: Path
) -> None:
    (tmp_path / "trust").mkdir()
    settings = Settings(
        {
            "ESOZ_CENTRAL_DATABASE": server.url(f"{process_name}_fresh"),
            "ESOZ_VAR": str(tmp_path),
            "ESOZ_SANDBOX": "1",
        }
    )
    now = SystemClock().now()
    objects = Objects.at(tmp_path / "objects")
    async with fresh_database.transaction() as db:
        await audit.make_partitions(db, now)
        work = Work(
            NOBODY,
            now - LATE,
            db,
            Dependencies(
                objects, dependencies.verifier, dependencies.schemas, dependencies.secret, dependencies.random
            ),
        )
        await rechecks.note(work, b"no document at all", "0" * 64, Signer("1", None, "", "", False, "5e98", None))
    parts = list(await process.worker(settings, Supervisor()))
    running = [asyncio.create_task(part.run()) for part in parts]
    async with fresh_database.connection() as db:
        async with asyncio.timeout(20):
            while await db.fetchval("select tries from signature_rechecks") == 0:
                await asyncio.sleep(0.05)
        assert await db.fetchval("select state from signature_rechecks") == "WAITING"
    for part in parts:
        part.stop()
    async with asyncio.timeout(20):
        await asyncio.gather(*running)
    assert {name for name, _, _ in PERIODIC_TASKS} >= {"pharmacy licences", "unverified legal entities"}
