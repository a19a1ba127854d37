"""Background tasks of a process: one that ends is an alarm, is told, and is started again with a growing pause."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from esoz.kernel import supervision
from esoz.kernel.loops import Several
from esoz.kernel.metrics import plumbing
from esoz.kernel.periodic import Periodic
from esoz.kernel.supervision import Supervisor

SOON = 10.0


class Task:
    """A task whose runs end as planned, one after another; after the last plan it runs until it is stopped."""

    def __init__(self, *ends: BaseException | None, name: str = "tests") -> None:
        self.name, self.ends, self.starts = name, list(ends), 0
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        self.starts += 1
        if self.ends:
            end = self.ends.pop(0)
            if end is not None:
                raise end
            return
        await self._stopping.wait()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(supervision, "STEADY_SECONDS", 0.1)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("end", [ValueError(), KeyError("links"), None, asyncio.CancelledError(), ConnectionError()])
async def test_a_task_that_ends_then_it_is_an_alarm_and_starts_again(
    end: BaseException | None, caplog: pytest.LogCaptureFixture
) -> None:
    task, other, supervisor = Task(end), Task(name="other"), Supervisor()
    with caplog.at_level("CRITICAL", logger="esoz"):
        async with supervisor.running([task, other]):
            await until(lambda: task.starts == 2)
            assert supervisor.failing == ["tests"]
            await until(lambda: not supervisor.failing)
    assert [record.getMessage() for record in caplog.records] == ["a background task ended"]
    assert other.starts == 1


async def test_while_it_ends_again_and_again_the_pause_grows_to_its_limit(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervision, "LONGEST_PAUSE_SECONDS", 0.04)
    task = Task(*(ValueError() for _ in range(5)))
    with caplog.at_level("CRITICAL", logger="esoz"):
        async with Supervisor().running([task]):
            await until(lambda: task.starts == 6)
    pauses = [record.__dict__["facts"]["starts_again_in_seconds"] for record in caplog.records]
    assert pauses == [0.01, 0.02, 0.04, 0.04, 0.04]


async def test_stopped_during_the_pause_then_it_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 3600.0)
    task, supervisor = Task(ValueError()), Supervisor()
    async with asyncio.timeout(SOON), supervisor.running([task]):
        await until(lambda: supervisor.failing == ["tests"])
    assert task.starts == 1


async def test_one_of_several_works_in_a_task_fails_then_told_by_its_name_until_it_is_done() -> None:
    broken, several, supervisor = [True], Several(), Supervisor()

    async def act() -> None:
        if broken:
            raise ValueError

    async def both() -> None:
        await several.attempt("first", act())
        await several.attempt("second", asyncio.sleep(0))

    async with supervisor.running([Periodic("cleaning", timedelta(milliseconds=5), both, several=several)]):
        await until(lambda: supervisor.failing == ["first"])
        broken.clear()
        await until(lambda: supervisor.failing == [])


async def test_health_tells_which_tasks_are_down() -> None:
    database = object()
    for failing, status, words in (((), 200, "all tasks run"), (("documents",), 503, "down: documents")):
        answer = await plumbing("/health/tasks", database, failing)  # type: ignore[arg-type] it is not asked
        assert answer is not None
        assert (answer.status_code, bytes(answer.body).decode()) == (status, words)
