"""Assembles central: operations of the contexts in one pipeline, their jobs and periodic tasks, and dependencies."""

import os
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from esoz.kernel import audit, idempotency, jobs, limits, sort_keys
from esoz.kernel.clock import Clock
from esoz.kernel.db import Connection, Database
from esoz.kernel.http import API
from esoz.kernel.jobs import JobHandler
from esoz.kernel.limits import Limiter
from esoz.kernel.objects import Objects
from esoz.kernel.operation import Operations
from esoz.kernel.references import Grantable, ReferenceResolvers, Referent
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies, SignatureVerifier, Work

from . import (
    approvals,
    care_plans,
    care_teams,
    compositions,
    contact_centre,
    declarations,
    device_definitions,
    devices,
    dictionaries,
    directory,
    equipment,
    events,
    exceptions,
    forbidden_groups,
    healthcare_services,
    identity,
    licences,
    medications,
    merges,
    mis_register,
    notices,
    organisations,
    people,
    person_requests,
    pis,
    prepersons,
    prescriptions,
    price_catalogue,
    programmes,
    records,
    registration,
    reports,
    service_requests,
    services,
    statistics,
    uploads,
    verifications,
    war_territories,
    workforce,
)
from .contract import Contract
from .subjects import whose

MIGRATIONS = ("esoz.kernel.sql", "esoz.central.migrations")

PeriodicTask: TypeAlias = tuple[str, timedelta, Callable[[Work], Awaitable[object]]]

# The order of the contexts: each may ask those before it.
CONTEXTS: tuple[Operations, ...] = (
    identity.operations,
    verifications.operations,
    mis_register.operations,
    dictionaries.operations,
    war_territories.operations,
    services.operations,
    forbidden_groups.operations,
    device_definitions.operations,
    programmes.operations,
    organisations.operations,
    licences.operations,
    workforce.operations,
    healthcare_services.operations,
    care_teams.operations,
    directory.operations,
    registration.operations,
    equipment.operations,
    people.operations,
    prepersons.operations,
    person_requests.operations,
    declarations.operations,
    pis.operations,
    approvals.operations,
    records.operations,
    care_plans.operations,
    service_requests.operations,
    exceptions.operations,
    prescriptions.operations,
    price_catalogue.operations,
    devices.operations,
    compositions.operations,
    merges.operations,
    contact_centre.operations,
    events.operations,
    statistics.operations,
    reports.operations,
)


async def resolve_device_definitions(
    db: Connection, _person_id: UUID, ids: Collection[UUID]
) -> Mapping[UUID, Referent]:
    """The device definitions among `ids`; one out of use may not be named any more."""
    found = await device_definitions.known(db, ids)
    return {
        id: Referent(name, None if active else "Device definition is not active")
        for id, (name, active) in found.items()
    }


# What records may name and other contexts keep, by the kind of the reference.
REFERENCES = ReferenceResolvers(
    {
        "care_plan": care_plans.resolve_plans,
        "activity": care_plans.resolve_activities,
        "medication": medications.resolve_medications,
        "medication_request": prescriptions.resolve_requests,
        "device_definition": resolve_device_definitions,
        "service_request": service_requests.resolve_service_requests,
        "device_request": devices.resolve_requests,
        "medication_dispense": prescriptions.resolve_dispenses,
        "composition": compositions.resolve_compositions,
    }
)

# What a patient may open by an approval.
GRANTABLE = Grantable(
    ReferenceResolvers(
        {
            "episode": records.resolve_episodes,
            "episode_of_care": records.resolve_episodes,
            "diagnostic_report": records.resolve_reports,
            "composition": compositions.resolve_compositions,
            "care_plan": care_plans.resolve_plans,
        }
    ),
    records.GRANTABLE_TYPES | {"care_plan"},
)

JOB_HANDLERS: Mapping[str, JobHandler] = {
    name: handler
    for handlers in (
        healthcare_services.job_handlers,
        declarations.job_handlers,
        records.job_handlers,
        care_plans.job_handlers,
        service_requests.job_handlers,
        devices.job_handlers,
        compositions.job_handlers,
    )
    for name, handler in handlers
}

# GW-7: calls of one bearer in a minute where they are fewer than ESOZ_RATE_LIMIT.
LIMITS: Mapping[str, int] = {
    "get_reports_stats": 50,
    "get_reports_stats_regions": 50,
    "get_reports_stats_histogram": 50,
    "get_reports_stats_division_ID": 50,
    "get_reports_stats_divisions": 50,
    "post_auth_login": 80,
    "API-009-007-0001": 80,  # clients and connections
    "API-009-007-0002": 80,
    "API-009-011-0001": 80,
    "API-009-011-0002": 80,
    "API-009-011-0003": 80,
    "API-009-011-0005": 80,
    "API-009-067-0002": 80,
    "get_admin_roles": 80,
    "get_admin_roles_ID": 80,
}


async def clean_up_jobs(work: Work) -> None:
    """JB-4: finished jobs are kept for seven days."""
    await jobs.clean_up(work.db, work.now)


async def make_audit_partitions(work: Work) -> None:
    """Partitions of the audit log are made months ahead."""
    await audit.make_partitions(work.db, work.now)


async def clean_up_idempotency(work: Work) -> None:
    """First answers are kept for a day, and so many of one client."""
    await idempotency.clean_up(work.db, work.now)


async def clean_up_limits(work: Work) -> None:
    """Counts of calls are of use for their minute only."""
    await limits.clean_up(work.db, work.now)


PERIODIC_TASKS: tuple[PeriodicTask, ...] = (
    ("jobs", timedelta(hours=1), clean_up_jobs),
    ("counts of calls", timedelta(minutes=5), clean_up_limits),
    ("idempotency keys", timedelta(minutes=10), clean_up_idempotency),
    ("audit partitions", timedelta(hours=12), make_audit_partitions),
    *sort_keys.periodic_tasks,
    *identity.periodic_tasks,
    *verifications.periodic_tasks,
    *uploads.periodic_tasks,
    *organisations.periodic_tasks,
    *workforce.periodic_tasks,
    *notices.periodic_tasks,
    *person_requests.periodic_tasks,
    *declarations.periodic_tasks,
    *approvals.periodic_tasks,
    *pis.periodic_tasks,
    *care_plans.periodic_tasks,
    *service_requests.periodic_tasks,
    *prescriptions.periodic_tasks,
    *devices.periodic_tasks,
    *merges.periodic_tasks,
    *contact_centre.periodic_tasks,
    *events.periodic_tasks,
    *statistics.periodic_tasks,
)


def make_dependencies(
    objects: Objects, verifier: SignatureVerifier, secret: bytes, settings: Settings | None = None
) -> Dependencies:
    """The dependencies of central's processes; `os.urandom` is the source of codes and tokens.

    Raises ValueError for ways of messages that are none: at start, and not when the first patient is told.
    """
    if settings is not None:
        notices.read_order(settings.text("ESOZ_MESSAGE_WAYS"))
    return Dependencies(
        objects=objects,
        verifier=verifier,
        schemas=Contract(dictionaries.dictionaries.codes),
        secret=secret,
        random=os.urandom,
        settings=settings or Settings({}),
        references=REFERENCES,
        grantable=GRANTABLE,
    )


def make_api(
    database: Database,
    dependencies: Dependencies,
    clock: Clock,
    settings: Settings,
    *,
    counted_in: Database | None = None,
) -> API:
    """The API as an ASGI application. `counted_in`: where several processes count calls together.

    Raises ValueError for limits of declarations that cannot be read: at start, and not when the first doctor is asked.
    """
    workforce.read_limits(settings.text("ESOZ_DECLARATION_LIMITS"))
    api = API(
        CONTEXTS,
        database=database,
        gate=identity.CentralGate(database, people.speaks_for),
        dependencies=dependencies,
        clock=clock,
        base_url=settings.url("central"),
        max_body=settings.number("ESOZ_MAX_BODY"),
        limits=Limiter(settings.number("ESOZ_RATE_LIMIT"), LIMITS, processes=settings.processes, database=counted_in),
    )
    api.whose = whose
    return api
