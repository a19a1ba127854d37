"""The jobs of this context: typed body → command → a link to the plan, or to what it plans."""

from esoz.kernel.jobs import Done, JobHandlers, Link
from esoz.kernel.work import Work

from .commands import activities, plans
from .model import Activity, CarePlan, jobs

job_handlers = JobHandlers()


@job_handlers.add(jobs.CREATE)
async def create(work: Work, job: jobs.SignedChange) -> Done:
    return _of(await plans.create(work, job))


@job_handlers.add(jobs.CANCEL)
async def cancel(work: Work, job: jobs.SignedChange) -> Done:
    return _of(await plans.cancel(work, job))


@job_handlers.add(jobs.COMPLETE)
async def complete(work: Work, job: jobs.PlanCompletion) -> Done:
    return _of(await plans.complete(work, job))


@job_handlers.add(jobs.CREATE_ACTIVITY)
async def create_activity(work: Work, job: jobs.SignedChange) -> Done:
    return _of_activity(await activities.create(work, job))


@job_handlers.add(jobs.CANCEL_ACTIVITY)
async def cancel_activity(work: Work, job: jobs.SignedChange) -> Done:
    return _of_activity(await activities.cancel(work, job))


@job_handlers.add(jobs.COMPLETE_ACTIVITY)
async def complete_activity(work: Work, job: jobs.ActivityCompletion) -> Done:
    return _of_activity(await activities.complete(work, job))


def _of(plan: CarePlan) -> Done:
    return Done([Link("care_plan", f"/api/patients/{plan.person_id}/care_plans/{plan.id}")])


def _of_activity(activity: Activity) -> Done:
    plan = f"/api/patients/{activity.person_id}/care_plans/{activity.care_plan_id}"
    return Done([Link("activity", f"{plan}/activities/{activity.id}")])
