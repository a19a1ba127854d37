"""Documents of strangers are judged beside: no place and no connection is held, and others do not wait for them."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from esoz.kernel import checking
from esoz.kernel.admission import Admission
from esoz.kernel.beside import SidePool
from esoz.kernel.checking import MOST_KEPT, QUICK_BYTES, judge
from esoz.kernel.errors import Rejected, Unavailable
from esoz.kernel.transaction import asking
from esoz.kernel.work import NeedsExternal

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
BARE = b"\x30\x82"  # how a signature in DER begins


@pytest.fixture(autouse=True)
def _nothing_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_judged", {})
    monkeypatch.setattr(checking, "_quick", {})
    monkeypatch.setattr(checking, "_slow", {})


class Judge:
    """Counts how often it is asked, and where."""

    def __init__(self, *needs: NeedsExternal) -> None:
        self.asked, self.threads, self.needs = 0, set[int](), list(needs)

    def __call__(self) -> str:
        self.asked += 1
        self.threads.add(threading.get_native_id())
        if self.needs:
            raise self.needs.pop()
        return "valid"


async def as_pipeline(judging: Judge, document: bytes = b"document", at: datetime = NOW) -> str:
    """What the pipeline does with an act that opens a document of a stranger."""
    async with Admission(1).turn():
        return await asking(lambda: judge(judging, document, at=at, is_stranger=True))


async def test_stranger_then_judged_once_in_a_thread_while_nothing_is_held() -> None:
    judging = Judge()
    assert await as_pipeline(judging) == "valid"
    assert judging.asked == 1
    assert judging.threads.isdisjoint({threading.get_native_id()})


async def test_provider_must_be_asked_then_it_is_and_the_verdict_follows() -> None:
    asked = []

    async def ask() -> None:
        asked.append(1)

    judging = Judge(NeedsExternal(ask))
    assert await as_pipeline(judging) == "valid"
    assert (asked, judging.asked) == ([1], 2)


async def test_refused_then_the_refusal_is_raised_where_the_act_can_say_it_in_its_words() -> None:
    def refuse() -> str:
        raise Rejected("wrong")

    async def act() -> str:
        try:
            return await judge(refuse, b"document", at=NOW, is_stranger=True)
        except Rejected as fault:
            return f"{fault.message} at this field"

    async with Admission(1).turn():
        assert await asking(act) == "wrong at this field"


async def test_later_or_another_document_then_judged_anew() -> None:
    judging = Judge()
    await as_pipeline(judging)
    await as_pipeline(judging, at=NOW + timedelta(seconds=4))
    await as_pipeline(judging, b"another")
    assert judging.asked == 3


async def test_many_verdicts_then_memory_is_bounded() -> None:
    for number in range(2 * MOST_KEPT):
        await as_pipeline(Judge(), b"%d" % number)
    assert len(checking._judged) <= MOST_KEPT


@pytest.mark.parametrize("is_stranger", [True, False])
async def test_somebody_known_or_no_request_then_answered_at_once(*, is_stranger: bool) -> None:
    judging = Judge()
    assert await judge(judging, b"document", at=NOW, is_stranger=is_stranger) == "valid"
    assert judging.threads.isdisjoint({threading.get_native_id()})


async def test_twelve_costly_ones_at_once_then_the_last_are_refused_and_others_are_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checking, "_strangers", SidePool("tests", 1, seconds=3.0, pace=1.0, clock=lambda: 0.0))
    door, admission = threading.Event(), Admission(2)

    async def stranger(number: int) -> bool:
        async with admission.turn():
            return await asking(lambda: judge(door.wait, b"%d" % number, at=NOW, is_stranger=True))

    coming = [asyncio.create_task(stranger(number)) for number in range(12)]
    while sum(task.done() for task in coming) < 8:
        await asyncio.sleep(0)
    async with admission.turn():
        assert await judge(lambda: "a doctor's", b"own", at=NOW, is_stranger=False) == "a doctor's"
    door.set()
    found = await asyncio.gather(*coming, return_exceptions=True)
    assert sum(isinstance(each, Unavailable) for each in found) == 8
    assert found.count(True) == 4


class TestWhoSignsOften:
    """The time of the core is what counts: `work` seconds of it, not how long somebody waited for a turn."""

    async def places(self, *work: float, document: bytes = BARE) -> list[bool]:
        """Whether each of a user's documents was judged where the request is."""
        who, found = uuid4(), []
        for seconds in work:

            def act(seconds: float = seconds) -> int:
                began = time.thread_time()
                while time.thread_time() - began < seconds:
                    pass
                return threading.get_native_id()

            found.append(await judge(act, document, at=NOW, is_stranger=False, who=who) == threading.get_native_id())
        return found

    async def test_quick_once_then_the_next_one_without_a_thread(self) -> None:
        assert await self.places(0, 0, 0) == [False, True, True]

    async def test_slow_then_the_next_one_beside_again(self) -> None:
        assert await self.places(0.01, 0, 0.01, 0) == [False, False, True, False]

    async def test_quick_and_slow_by_turns_then_others_wait_once(self) -> None:
        assert await self.places(0, 0.01, 0, 0.01, 0, 0.01) == [False, True, False, False, False, False]

    async def test_slow_long_ago_then_without_a_thread_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checking, "SLOW_SECONDS", 0.0)
        assert await self.places(0, 0.01, 0, 0) == [False, True, False, True]

    @pytest.mark.parametrize("document", [b"PK\x03\x04", b"%PDF-1.7", b"0" * 100, b"MIME-Version: 1.0", b"", b"0"])
    async def test_may_hold_more_than_its_size_says_then_always_beside(self, document: bytes) -> None:
        assert await self.places(0, 0, document=document) == [False, False]

    async def test_large_then_always_beside(self) -> None:
        assert await self.places(0, 0, document=BARE + bytes(QUICK_BYTES)) == [False, False]

    async def test_refused_then_raised_and_timed_as_well(self) -> None:
        def refuse() -> str:
            raise Rejected("wrong")

        who = uuid4()
        for _ in range(2):
            with pytest.raises(Rejected):
                await judge(refuse, BARE, at=NOW, is_stranger=False, who=who)
        assert who in checking._quick

    async def test_many_then_the_longest_known_is_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checking, "MOST_QUICK", 2)
        users = [uuid4() for _ in range(3)]
        for who in users:
            await judge(int, BARE, at=NOW, is_stranger=False, who=who)
        assert list(checking._quick) == users[1:]
