"""Costly work beside the requests: few at once, refused when it would wait too long, in threads of its own."""

import asyncio
import os
import sys
import threading

import pytest

from esoz.kernel.beside import MOST_WAITING, SidePool
from esoz.kernel.errors import Unavailable


def pool(pace: float, *, at_once: int = 1, few: int = 0, nice: int = 0) -> SidePool:
    return SidePool("tests", at_once, seconds=3.0, pace=pace, few=few, nice=nice, clock=lambda: 0.0)


async def started(beside: SidePool, count: int, door: threading.Event) -> tuple[list[asyncio.Task[bool]], int]:
    """So many that stay until the door opens, and how many of them were refused."""
    tasks = [asyncio.create_task(beside.run(door.wait)) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks, sum(task.done() for task in tasks)


class TestBounds:
    async def test_expected_wait_beyond_the_longest_then_refused_at_once_with_a_time(self) -> None:
        door, beside = threading.Event(), pool(1.0)
        tasks, refused = await started(beside, 10, door)
        assert refused == 6  # one is being done, three wait for three seconds at most
        with pytest.raises(Unavailable) as refusal:
            await tasks[-1]
        assert refusal.value.headers["Retry-After"] == "5"
        door.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert await beside.run(lambda: "free again") == "free again"

    async def test_slow_machine_then_a_few_may_wait_all_the_same(self) -> None:
        door = threading.Event()
        tasks, refused = await started(pool(100.0, few=5), 10, door)
        assert refused == 4
        door.set()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def test_quick_ones_then_still_not_more_than_memory_holds(self) -> None:
        door = threading.Event()
        tasks, refused = await started(pool(0.000001, at_once=2), MOST_WAITING + 5, door)
        assert refused == 3
        door.set()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def test_one_pool_is_full_then_another_is_not(self) -> None:
        door, full = threading.Event(), pool(5.0)
        tasks, _ = await started(full, 3, door)
        assert await pool(5.0).run(lambda: "done") == "done"
        door.set()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def test_what_fails_then_its_fault_is_raised_and_its_place_is_free(self) -> None:
        beside = pool(5.0)
        for _ in range(3):
            with pytest.raises(KeyError, match="gone"):
                await beside.run(lambda: {}["gone"])


class TestThread:
    async def test_not_the_one_of_requests(self) -> None:
        assert await pool(1.0).run(threading.get_native_id) != threading.get_native_id()

    @pytest.mark.skipif(sys.platform != "linux", reason="Linux alone knows priorities of threads")
    async def test_low_priority_then_others_go_first(self) -> None:
        def niceness() -> int:
            return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

        assert await pool(1.0, nice=10).run(niceness) >= 10
