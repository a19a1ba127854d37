"""What follows here from the dismissal of a doctor."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from esoz.kernel import jobs
from esoz.kernel.jobs import Done, JobHandler
from esoz.kernel.work import Work

from .commands import end_of_employee

CHUNK = 100  # declarations of one transaction: others who wait for the party wait shortly
END = "declarations.end"


async def end_declarations(work: Work, payload: Mapping[str, Any]) -> Done:
    """End a part of a dismissed doctor's declarations; the next part is the next job."""
    employee_id, turn = UUID(payload["employee_id"]), int(payload.get("turn", 1))
    count = await end_of_employee(work, employee_id, reason=payload["reason"], most=CHUNK)
    if count == CHUNK:
        await jobs.submit(work, END, employee_id, {**payload, "turn": turn + 1})
    return Done(response={"ended": count})


job_handlers: Mapping[str, JobHandler] = {END: end_declarations}
