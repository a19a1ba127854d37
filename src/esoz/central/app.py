"""Assembles central: the contexts' operations on one road, their jobs and chores, and the gear around them."""

import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeAlias

from esoz.kernel import audit, jobs
from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.http import API
from esoz.kernel.jobs import Performer
from esoz.kernel.objects import Objects
from esoz.kernel.operation import Operations
from esoz.kernel.settings import Settings
from esoz.kernel.work import Gear, SignatureJudge, Work

from . import (
    declarations,
    dictionaries,
    identity,
    organisations,
    people,
    pis,
    prescriptions,
    records,
    statistics,
    workforce,
)
from .contract import Contract

MIGRATIONS = ("esoz.kernel.sql", "esoz.central.migrations")

Chore: TypeAlias = tuple[str, timedelta, Callable[[Work], Awaitable[object]]]

# The order of the contexts: each may ask those before it.
CONTEXTS: tuple[Operations, ...] = (
    identity.operations,
    dictionaries.operations,
    organisations.operations,
    workforce.operations,
    people.operations,
    declarations.operations,
    pis.operations,
    records.operations,
    prescriptions.operations,
    statistics.operations,
)

PERFORMERS: Mapping[str, Performer] = {**records.performers}


async def clean_up_jobs(work: Work) -> None:
    """JB-4: finished jobs are kept for seven days."""
    await jobs.clean_up(work.db, work.now)


async def make_audit_partitions(work: Work) -> None:
    """Partitions of the audit log are made months ahead."""
    await audit.make_partitions(work.db, work.now)


CHORES: tuple[Chore, ...] = (
    ("jobs", timedelta(hours=1), clean_up_jobs),
    ("audit partitions", timedelta(hours=12), make_audit_partitions),
    *prescriptions.chores,
)


def make_gear(objects: Objects, judge: SignatureJudge, secret: bytes) -> Gear:
    """The gear of central's processes; `os.urandom` is the source of codes and tokens."""
    return Gear(objects, judge, Contract(dictionaries.dictionaries.codes), secret, os.urandom)


def make_api(database: Database, gear: Gear, clock: Clock, settings: Settings) -> API:
    """The API as an ASGI application."""
    return API(
        CONTEXTS,
        database=database,
        gate=identity.CentralGate(),
        gear=gear,
        clock=clock,
        base_url=settings.url("central"),
        max_body=settings.number("ESOZ_MAX_BODY"),
    )
