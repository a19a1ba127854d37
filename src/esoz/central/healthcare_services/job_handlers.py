"""What follows here from a dismissal."""

from esoz.central.workforce import END_ROLES, Dismissal
from esoz.kernel.jobs import Done, JobHandlers
from esoz.kernel.work import Work

from .commands import end_roles_of_employee

job_handlers = JobHandlers()


@job_handlers.add(END_ROLES)
async def end_roles(work: Work, dismissal: Dismissal) -> Done:
    """End all roles of a dismissed employee."""
    return Done(response={"ended": await end_roles_of_employee(work, dismissal.employee_id)})
