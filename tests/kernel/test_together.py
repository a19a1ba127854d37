"""Questions of concurrent requests travel together, and each gets its own answer, never one from before it."""

import asyncio
from collections.abc import Sequence

import pytest

from esoz.kernel.together import Together


class Far:
    """Doubles numbers; each batch is noted and takes one turn of the loop, or until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()
        self.go.set()

    async def double(self, numbers: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(numbers))
        await self.go.wait()
        if 13 in numbers:
            raise LookupError("thirteen")
        return [number * 2 for number in numbers]


async def test_alone_then_asked_alone() -> None:
    far = Far()
    together = Together(far.double)
    assert [await together.ask(1), await together.ask(2)] == [2, 4]
    assert far.batches == [[1], [2]]


async def test_at_once_then_in_one_batch_and_the_late_in_the_next() -> None:
    far = Far()
    together = Together(far.double)
    far.go.clear()
    first = [asyncio.create_task(together.ask(number)) for number in (1, 2)]
    await asyncio.sleep(0.01)
    late = [asyncio.create_task(together.ask(number)) for number in (3, 4)]
    await asyncio.sleep(0.01)
    assert far.batches == [[1, 2]]
    far.go.set()
    assert await asyncio.gather(*first, *late) == [2, 4, 6, 8]
    assert far.batches == [[1, 2], [3, 4]]


async def test_more_than_a_batch_holds_then_several() -> None:
    far = Far()
    together = Together(far.double, most=2)
    assert await asyncio.gather(*(together.ask(number) for number in range(5))) == [0, 2, 4, 6, 8]
    assert [len(batch) for batch in far.batches] == [2, 2, 1]


async def test_a_batch_fails_then_all_of_it_are_told_and_the_next_works() -> None:
    far = Far()
    together = Together(far.double)
    answers = await asyncio.gather(*(together.ask(number) for number in (1, 13)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [LookupError, LookupError]
    assert await together.ask(5) == 10


async def test_somebody_goes_away_then_the_others_are_answered() -> None:
    far = Far()
    together = Together(far.double)
    far.go.clear()
    gone, stays = asyncio.create_task(together.ask(1)), asyncio.create_task(together.ask(2))
    await asyncio.sleep(0.01)
    gone.cancel()
    far.go.set()
    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await gone
