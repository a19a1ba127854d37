"""What follows here from a dismissal."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from esoz.kernel.jobs import Done, JobHandler
from esoz.kernel.work import Work

from .commands import end_roles_of_employee


async def end_roles(work: Work, payload: Mapping[str, Any]) -> Done:
    """End all roles of a dismissed employee."""
    return Done(response={"ended": await end_roles_of_employee(work, UUID(payload["employee_id"]))})


job_handlers: Mapping[str, JobHandler] = {"employee_roles.end": end_roles}
