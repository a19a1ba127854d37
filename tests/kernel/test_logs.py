"""What would fill the log is told once in a while."""

import asyncio

import pytest

from esoz.kernel import logs
from esoz.kernel.logs import Seldom
from esoz.kernel.loops import Bell, poll_several


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_once_in_a_while() -> None:
    time = Time()
    seldom = Seldom(60, 10, time)
    assert [seldom.is_due(key) for key in ("a", "a", "b", "a")] == [True, False, True, False]
    time.now = 59.9
    assert not seldom.is_due("a")
    time.now = 60
    assert [seldom.is_due(key) for key in ("a", "b", "a")] == [True, True, False]


def test_too_many_then_the_rest_waits_until_the_first_are_old() -> None:
    time = Time()
    seldom = Seldom(60, 2, time)
    assert [seldom.is_due(key) for key in ("a", "b", "c")] == [True, True, False]
    time.now = 30
    assert not seldom.is_due("c")
    time.now = 60
    assert [seldom.is_due(key) for key in ("c", "a", "b")] == [True, True, False]


async def test_one_of_several_works_ended_then_its_fault_and_place_are_told(caplog: pytest.LogCaptureFixture) -> None:
    async def wrong_claim() -> bool:
        raise ZeroDivisionError("not to be told")

    stopping = asyncio.Event()
    with pytest.raises(ExceptionGroup) as caught:
        await poll_several("tests", wrong_claim, bell=Bell(), at_once=4, idle=1.0, stopping=stopping)
    logs.alarm("a background task ended", caught.value)
    [facts] = [vars(record)["facts"] for record in caplog.records]
    assert facts["fault"] == "ZeroDivisionError"
    assert facts["places"][-1].endswith(" wrong_claim")
