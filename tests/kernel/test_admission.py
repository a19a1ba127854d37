"""Overload: who cannot be served within a second is told so at once, and who waits outside keeps nobody from it."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from esoz.kernel.admission import SECONDS, Admission, Pace, elsewhere, unlimited
from esoz.kernel.errors import Unavailable
from esoz.kernel.settings import Settings
from esoz.kernel.transaction import asking
from esoz.kernel.work import NeedsExternal


class Hands:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def settled() -> None:
    """Let everybody do what they can do now."""
    for _ in range(10):
        await asyncio.sleep(0)


def at_pace(mean: float, at_once: int = 1, *, seconds: float = SECONDS, clock: Hands | None = None) -> Admission:
    return Admission(at_once, seconds=seconds, clock=clock or Hands(), pace=Pace(mean))


class Visitors:
    """Requests that stay inside until they are let go."""

    def __init__(self, admission: Admission) -> None:
        self.admission, self.inside, self.refused = admission, list[str](), list[Unavailable]()
        self.doors: dict[str, asyncio.Event] = {}
        self.tasks: list[asyncio.Task[None]] = []

    async def come(self, *names: str) -> None:
        self.tasks += [asyncio.create_task(self._visit(name)) for name in names]
        await settled()

    async def _visit(self, name: str) -> None:
        door = self.doors[name] = asyncio.Event()
        try:
            async with self.admission.turn():
                self.inside.append(name)
                await door.wait()
        except Unavailable as refusal:
            self.refused.append(refusal)

    async def go(self, *names: str) -> None:
        for name in names:
            self.doors[name].set()
            await settled()

    async def all_go(self) -> None:
        await self.go(*self.doors)
        await asyncio.gather(*self.tasks)


class TestQueue:
    async def test_room_then_nobody_waits(self) -> None:
        visitors = Visitors(at_pace(100.0, 3))
        await visitors.come("a", "b", "c")
        assert visitors.inside == ["a", "b", "c"]
        await visitors.all_go()
        assert (visitors.admission.inside, visitors.admission.waiting) == (0, 0)

    async def test_no_room_then_served_in_the_order_of_coming(self) -> None:
        visitors = Visitors(at_pace(0.1))
        await visitors.come("a", "b", "c", "d")
        assert visitors.inside == ["a"]
        await visitors.go("a")
        assert visitors.inside == ["a", "b"]
        await visitors.all_go()
        assert visitors.inside == ["a", "b", "c", "d"]

    async def test_expected_wait_beyond_a_second_then_refused_at_once_with_a_time(self) -> None:
        visitors = Visitors(at_pace(0.4))
        await visitors.come("a", "b", "c", "d", "e")
        assert [each.headers["Retry-After"] for each in visitors.refused] == ["3", "3"]  # each would wait 1.2 s
        assert visitors.admission.waiting == 2
        with pytest.raises(Unavailable):
            visitors.admission.must_have_room()
        await visitors.all_go()
        assert visitors.inside == ["a", "b", "c"]
        visitors.admission.must_have_room()

    async def test_overload_of_hundreds_then_all_but_the_longest_wait_are_refused_before_anything_is_done(self) -> None:
        visitors = Visitors(at_pace(10.0, 8, seconds=100.0))  # so long that nobody's wait ends on a slow machine
        await visitors.come(*map(str, range(500)))
        assert len(visitors.inside) == 8
        assert visitors.admission.waiting == 80  # a hundred seconds at eight times a tenth of one in a second
        assert len(visitors.refused) == 412
        await visitors.all_go()
        assert len(visitors.inside) == 88

    async def test_nobody_leaves_then_who_waits_is_refused_after_the_longest_wait(self) -> None:
        visitors = Visitors(at_pace(0.0, seconds=0.01))
        await visitors.come("a", "b")
        await visitors.tasks[1]
        assert len(visitors.refused) == 1
        assert visitors.admission.waiting == 0
        await visitors.all_go()
        assert visitors.admission.inside == 0

    async def test_who_waits_goes_away_then_the_place_is_not_lost(self) -> None:
        visitors = Visitors(at_pace(0.0))
        await visitors.come("a", "b", "c")
        visitors.tasks[1].cancel()
        visitors.doors["a"].set()  # the same round of the loop: the place may be given to who goes away
        await settled()
        assert visitors.inside == ["a", "c"]
        await visitors.go("c")
        assert visitors.admission.inside == 0

    async def test_pace_is_that_of_late(self) -> None:
        hands = Hands()
        admission = at_pace(0.0, clock=hands)
        async with admission.turn():
            hands.seconds += 2.0
        assert admission.pace.mean == 2.0
        async with admission.turn():
            pass
        assert admission.pace.mean == 2.0 - 2.0 / 16


class TestElsewhere:
    async def test_who_waits_for_something_outside_then_others_are_served_meanwhile(self) -> None:
        admission, hashed = at_pace(0.0), asyncio.Event()
        order: list[str] = []

        async def sign_in() -> None:
            faults = [NeedsExternal(hashed.wait)]

            async def act() -> None:
                if faults:
                    raise faults.pop()
                order.append("signed in")

            async with admission.turn():
                await asking(act)

        signing_in = [asyncio.create_task(sign_in()) for _ in range(20)]
        await settled()
        assert (admission.inside, admission.outside) == (0, 20)
        async with admission.turn():
            order.append("reads")
        hashed.set()
        await asyncio.gather(*signing_in)
        assert order[0] == "reads"
        assert (admission.inside, admission.outside, admission.waiting) == (0, 0, 0)

    async def test_who_comes_back_then_is_the_next_one(self) -> None:
        visitors, back = Visitors(at_pace(0.0)), asyncio.Event()

        async def outside() -> None:
            async with visitors.admission.turn():
                async with elsewhere():
                    await back.wait()
                visitors.inside.append("back")

        task = asyncio.create_task(outside())
        await settled()
        await visitors.come("a", "b")
        back.set()
        await settled()
        await visitors.go("a")
        assert visitors.inside == ["a", "back", "b"]
        await visitors.all_go()
        await task

    async def test_fault_outside_then_the_place_is_not_given_up_twice(self) -> None:
        admission = at_pace(0.0)
        with pytest.raises(OSError, match="away"):
            async with admission.turn(), elsewhere():
                raise OSError("away")
        assert (admission.inside, admission.outside) == (0, 0)

    async def test_too_many_outside_then_refused(self) -> None:
        admission = Admission(5, most_outside=1)
        async with AsyncExitStack() as stack:
            turn = await stack.enter_async_context(admission.turn())
            await stack.enter_async_context(admission.elsewhere(turn))
            other = await stack.enter_async_context(admission.turn())
            with pytest.raises(Unavailable):
                await stack.enter_async_context(admission.elsewhere(other))

    async def test_beside_requests_then_nothing_happens(self) -> None:
        async with elsewhere():
            pass


class TestSettings:
    def test_nothing_said_then_twice_the_connections(self) -> None:
        assert Admission.of(Settings({"ESOZ_POOL_SIZE": "5"})).at_once == 10
        assert Admission.of(Settings({"ESOZ_REQUESTS_AT_ONCE": "3"})).at_once == 3

    async def test_without_a_server_before_it_then_everybody_is_let_in(self) -> None:
        visitors = Visitors(unlimited())
        await visitors.come(*map(str, range(300)))
        assert len(visitors.inside) == 300
        await visitors.all_go()
