"""An act in a transaction: what is repeated, what is asked first, and which faults of the database have a name."""

import asyncpg
import pytest

from esoz.kernel.errors import AlreadyExists, NotFound, Problem, Rejected, Unavailable
from esoz.kernel.transaction import QUESTIONS, RETRIES, asking, retrying
from esoz.kernel.work import NeedsExternal


class Act:
    """Raises what it is given, one after another; then it is done."""

    def __init__(self, *faults: Exception) -> None:
        self.faults, self.calls, self.asked = list(faults), 0, 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.faults:
            raise self.faults.pop(0)
        return "done"

    async def ask(self) -> None:
        self.asked += 1

    def needing(self, times: int) -> "Act":
        self.faults += [NeedsExternal(self.ask) for _ in range(times)]
        return self


@pytest.mark.parametrize("fault", [asyncpg.DeadlockDetectedError, asyncpg.SerializationError])
async def test_another_stood_in_the_way_then_it_is_repeated(fault: type[Exception]) -> None:
    act = Act(*(fault() for _ in range(RETRIES - 1)))
    assert await retrying(act) == "done"
    assert act.calls == RETRIES


async def test_it_stands_in_the_way_again_and_again_then_it_is_unavailable() -> None:
    act = Act(*(asyncpg.DeadlockDetectedError() for _ in range(RETRIES)))
    with pytest.raises(Unavailable):
        await retrying(act)
    assert act.calls == RETRIES


async def test_somebody_must_be_asked_then_they_are_and_the_act_begins_anew() -> None:
    act = Act().needing(2)
    assert await asking(act) == "done"
    assert (act.calls, act.asked) == (3, 2)


async def test_there_is_no_end_to_the_questions_then_it_is_unavailable() -> None:
    act = Act().needing(QUESTIONS + 1)
    with pytest.raises(Unavailable) as fault:
        await retrying(act)
    assert fault.value.headers == {"Retry-After": "5"}
    assert act.asked == QUESTIONS


async def test_a_question_after_a_deadlock_then_both_are_overcome() -> None:
    act = Act(asyncpg.DeadlockDetectedError()).needing(1)
    assert await retrying(act) == "done"
    assert (act.calls, act.asked) == (3, 1)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        (asyncpg.UniqueViolationError(), AlreadyExists),
        (asyncpg.UntranslatableCharacterError(), Rejected),
        (asyncpg.CharacterNotInRepertoireError(), Rejected),
        (asyncpg.ConnectionDoesNotExistError(), Unavailable),
        (asyncpg.InterfaceError("closed"), Unavailable),
        (ConnectionRefusedError(), Unavailable),
        (NotFound(), NotFound),
    ],
)
async def test_a_fault_of_the_database_has_a_name_and_is_not_repeated(fault: Exception, named: type[Problem]) -> None:
    act = Act(fault)
    with pytest.raises(named):
        await retrying(act)
    assert act.calls == 1


async def test_any_other_fault_is_raised_as_it_is() -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await retrying(Act(asyncpg.CheckViolationError()))
