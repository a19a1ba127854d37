"""Remembered facts are never older than they may be, and not remembered over a change."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from esoz.kernel.fresh import SECONDS, Fresh


class Registry:
    """What is true, how often it was asked, and a clock."""

    def __init__(self) -> None:
        self.facts = {"a": 1, "b": 2}
        self.asked: list[list[str]] = []
        self.ticks = 0.0
        self.go = asyncio.Event()
        self.go.set()

    async def ask(self, keys: Sequence[str]) -> Mapping[str, int]:
        self.asked.append(sorted(keys))
        found = {key: self.facts[key] for key in keys if key in self.facts}
        await self.go.wait()
        return found


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def fresh(registry: Registry) -> Fresh[str, int]:
    return Fresh(registry.ask, ticks=lambda: registry.ticks)


async def test_asked_again_at_once_then_remembered(fresh: Fresh[str, int], registry: Registry) -> None:
    assert [await fresh.get("a"), await fresh.get("a")] == [1, 1]
    assert registry.asked == [["a"]]


async def test_a_notice_is_lost_then_the_change_is_seen_within_a_second(
    fresh: Fresh[str, int], registry: Registry
) -> None:
    await fresh.get("a")
    registry.facts["a"] = 3
    registry.ticks += SECONDS - 0.01
    assert await fresh.get("a") == 1
    registry.ticks += 0.02
    assert await fresh.get("a") == 3
    assert SECONDS < 1


async def test_a_change_is_told_then_seen_at_once(fresh: Fresh[str, int], registry: Registry) -> None:
    await fresh.get("a")
    del registry.facts["a"]
    fresh.forget()
    assert await fresh.get("a") is None


async def test_what_is_not_there_then_asked_each_time(fresh: Fresh[str, int], registry: Registry) -> None:
    assert await fresh.get("c") is None
    registry.facts["c"] = 7
    assert await fresh.get("c") == 7


async def test_a_change_while_it_is_asked_then_the_answer_is_not_kept(
    fresh: Fresh[str, int], registry: Registry
) -> None:
    registry.go.clear()
    early = asyncio.create_task(fresh.get("a"))
    await asyncio.sleep(0.01)
    registry.facts["a"] = 3
    fresh.forget()
    late = asyncio.create_task(fresh.get("a"))
    await asyncio.sleep(0.01)
    registry.go.set()
    assert (await early, await late) == (1, 3)
    assert await fresh.get("a") == 3


async def test_the_term_is_over_then_all_in_use_are_asked_in_one_question(
    fresh: Fresh[str, int], registry: Registry
) -> None:
    for key in ("a", "b", "a", "b"):
        await fresh.get(key)
    registry.ticks += SECONDS
    assert [await fresh.get("a"), await fresh.get("b")] == [1, 2]
    assert registry.asked == [["a"], ["b"], ["a", "b"]]


async def test_the_clock_runs_from_the_question_and_not_from_its_answer(
    fresh: Fresh[str, int], registry: Registry
) -> None:
    registry.go.clear()
    asking = asyncio.create_task(fresh.get("a"))
    await asyncio.sleep(0.01)
    registry.facts["a"] = 3
    registry.ticks += SECONDS
    registry.go.set()
    assert await asking == 1
    assert await fresh.get("a") == 3
