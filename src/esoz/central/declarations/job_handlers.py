"""What follows here from the dismissal of a doctor."""

import msgspec

from esoz.central.workforce import END_DECLARATIONS, Dismissal
from esoz.kernel import jobs
from esoz.kernel.jobs import Done, JobHandlers
from esoz.kernel.work import Work

from .commands.declarations import end_of_employee

CHUNK = 100  # declarations of one transaction: others who wait for the party wait shortly

job_handlers = JobHandlers()


@job_handlers.add(END_DECLARATIONS)
async def end_declarations(work: Work, dismissal: Dismissal) -> Done:
    """End a part of a dismissed doctor's declarations; the next part is the next job."""
    employee_id = dismissal.employee_id
    count = await end_of_employee(work, employee_id, reason=dismissal.reason, most=CHUNK)
    if count == CHUNK:
        next_turn = msgspec.structs.replace(dismissal, turn=dismissal.turn + 1)
        await jobs.submit(work, END_DECLARATIONS, employee_id, next_turn)
    return Done(response={"ended": count})
