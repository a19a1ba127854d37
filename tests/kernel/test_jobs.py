"""Handlers of jobs: each is handed the body of its kind, typed."""

from typing import Any, cast
from uuid import UUID, uuid4

import msgspec
import pytest

from esoz.kernel.jobs import Done, JobHandlers, JobKind
from esoz.kernel.work import Work

NOBODYS_WORK = cast(Work, None)


class Ending(msgspec.Struct, frozen=True, omit_defaults=True):
    employee_id: UUID
    turn: int = 1


END = JobKind("things.end", Ending)


async def perform(payload: bytes) -> list[Any]:
    handlers, handed = JobHandlers(), []

    @handlers.add(END)
    async def end(_work: Work, body: Ending) -> Done:
        handed.append(body)
        return Done()

    [(name, handler)] = handlers
    assert name == "things.end"
    await handler(NOBODYS_WORK, payload)
    return handed


async def test_body_of_an_earlier_release_then_defaults_fill_it() -> None:
    employee_id = uuid4()
    assert await perform(b'{"employee_id": "%s"}' % str(employee_id).encode()) == [Ending(employee_id)]


async def test_body_of_another_shape_then_the_handler_never_sees_it() -> None:
    with pytest.raises(msgspec.ValidationError, match="employee_id"):
        await perform(b'{"turn": 2}')
