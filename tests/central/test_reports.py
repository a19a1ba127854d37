"""Every background task of central that is down is told at /health/tasks and to the monitoring, the worker's too."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from esoz.central import process
from esoz.central.app import PERIODIC_TASKS
from esoz.kernel import metrics
from esoz.kernel.db import Connection, Database
from esoz.kernel.metrics import plumbing
from esoz.kernel.reports import KEPT, SILENT, Listener, Reporter, leave, process_name, report
from esoz.kernel.settings import Settings
from esoz.kernel.supervision import Supervisor
from esoz.kernel.work import Dependencies

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _numbers() -> Iterator[None]:
    yield
    metrics.TASK_DOWN.clear()


async def told(database: Database, *, after: timedelta = SILENT) -> tuple[int, str]:
    """What a server of central answers that has listened since it was started, so long ago."""
    moments = iter([0.0, after.total_seconds()])
    listener = Listener(database, lambda: next(moments))
    await listener.listen()
    answer = await plumbing("/health/tasks", database, listener.failing)
    assert answer is not None
    return answer.status_code, bytes(answer.body).decode()


async def silent_for(db: Connection, by: timedelta) -> None:
    await db.execute("update worker_reports set reported_at = reported_at - $1::interval", by)


async def test_every_periodic_work_when_it_fails_then_told_by_its_name_until_it_is_done(
    database: Database, dependencies: Dependencies, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = True

    async def act(*_: Any) -> int:
        if broken:
            raise ValueError
        return 0

    names = ["audit chain", *(name for name, _, _ in PERIODIC_TASKS)]
    assert len(set(names)) == len(names) > 10
    monkeypatch.setattr(process.audit, "chain", act)
    monkeypatch.setattr(process, "PERIODIC_TASKS", tuple((name, timedelta(0), act) for name in names[1:]))
    tasks = process.PeriodicTasks(database, dependencies)
    supervisor = Supervisor()
    supervisor._compounds = [tasks]
    reporter = Reporter(database, tasks.names, supervisor)
    await tasks._round()
    await reporter._tell()
    assert await told(database) == (503, f"down: {', '.join(sorted(names))}")
    values = {name: metrics.REGISTRY.get_sample_value("esoz_task_down", {"task": name}) for name in names}
    assert values == dict.fromkeys(names, 1.0)
    broken = False
    await tasks._round()
    await reporter._tell()
    assert await told(database) == (200, "all tasks run")


async def test_every_task_of_the_worker_when_it_ends_then_told(
    database: Database, one_database: str, tmp_path: Path
) -> None:
    supervisor, settings = (
        Supervisor(),
        Settings({"ESOZ_CENTRAL_DATABASE": one_database, "ESOZ_VAR": str(tmp_path), "ESOZ_SANDBOX": "1"}),
    )
    (tmp_path / "trust").mkdir()
    works = list(await process.worker(settings, supervisor))
    names = [each.name for each in works]
    assert len(set(names)) == len(names) >= 8
    reporter = works[-1]
    assert isinstance(reporter, Reporter)
    assert {*names, *(name for name, _, _ in PERIODIC_TASKS)} <= set(reporter._tasks)
    for name in names[:-1]:
        supervisor._note(name, is_failing=True)
        async with database.transaction() as db:
            await report(db, process_name(), reporter._tasks, supervisor.failing)
        assert await told(database) == (503, f"down: {name}")
        supervisor._note(name)
    await reporter._database.close()


class TestSilence:
    async def test_nobody_has_ever_reported_then_down(self, database: Database) -> None:
        assert await told(database) == (503, "down: worker")
        assert metrics.REGISTRY.get_sample_value("esoz_task_down", {"task": "worker"}) == 1.0

    async def test_nobody_has_reported_yet_and_the_server_was_only_now_started_then_not_missed(
        self, database: Database
    ) -> None:
        assert await told(database, after=SILENT - SECOND) == (200, "all tasks run")
        assert metrics.REGISTRY.get_sample_value("esoz_task_down", {"task": "worker"}) in (None, 0.0)

    @pytest.mark.parametrize(
        ("since", "words"),
        [
            (SILENT - 5 * SECOND, "all tasks run"),
            (SILENT + SECOND, "down: worker, worker a:1"),
            (KEPT + SECOND, "down: worker"),
        ],
    )
    async def test_the_only_one_is_silent_then_down(
        self, database: Database, db: Connection, since: timedelta, words: str
    ) -> None:
        await report(db, "a:1", ["jobs"], [])
        await silent_for(db, since)
        assert (await told(database))[1] == words

    async def test_one_of_two_is_silent_then_told_until_it_is_taken_as_gone(
        self, database: Database, db: Connection
    ) -> None:
        await report(db, "a:1", ["jobs"], ["jobs"])
        await silent_for(db, SILENT + SECOND)
        await report(db, "b:2", ["jobs"], [])
        assert await told(database) == (503, "down: worker a:1")
        await silent_for(db, KEPT)
        await report(db, "b:2", ["jobs"], [])
        assert await told(database) == (200, "all tasks run")
        assert await db.fetchval("select array_agg(process) from worker_reports") == ["b:2"]

    async def test_it_ends_in_order_then_another_is_not_blamed(self, database: Database, db: Connection) -> None:
        await report(db, "a:1", ["jobs"], [])
        await report(db, "b:2", ["jobs"], [])
        await leave(db, "a:1")
        assert await told(database) == (200, "all tasks run")
