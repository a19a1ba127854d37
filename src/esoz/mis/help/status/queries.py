"""Looks how the components are; what happened to them lately."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from esoz.kernel.signing import KeyStanding, Proof
from esoz.kernel.work import NeedsExternal
from esoz.mis.base.health import Component, HealthCheck, State
from esoz.mis.base.services import MisPage, Services
from esoz.mis.documents import sync
from esoz.sdk import CentralClosed, CentralError

from . import store
from .model import HISTORY, Incident, changed, outages

LONGEST_SECONDS = 5.0
TOLD_FOR = timedelta(hours=1)  # how long the last answer of a trust provider says something about now
ANSWERED = frozenset({Proof.GOOD, Proof.REVOKED, Proof.UNKNOWN})


def seen(page: MisPage) -> HealthCheck:
    """How things are now, at most 15 seconds old.

    Raises NeedsExternal: central is asked where no connection waits for it.
    """
    found = page.services.watch.fresh(page.now)
    if found is None:
        raise NeedsExternal(partial(look, page.services))
    return found


async def look(services: Services) -> None:
    """Look anew, unless somebody else has just done it."""
    watch = services.watch
    async with watch.turn:
        now = services.clock.now()
        if watch.fresh(now):
            return
        async with services.database.connection() as db:
            waiting = await sync.waiting_for_central(db, now)
        latest = services.verifier.latest()
        states = {
            Component.MIS: State.OPERATIONAL,
            Component.DATABASE: State.OPERATIONAL,
            Component.TASKS: State.UNREACHABLE if services.supervisor.failing else State.OPERATIONAL,
            Component.EXCHANGE: State.DEGRADED if waiting else State.OPERATIONAL,
            Component.CENTRAL: State.OPERATIONAL if await _answers(services) else State.UNREACHABLE,
            Component.TRUST: _trust(latest, now),
        }
        watch.last = HealthCheck(now, states, waiting, latest.asked_at if latest else None)


def _trust(latest: KeyStanding | None, now: datetime) -> State:
    """As the last question went: providers are asked when somebody signs, not by us of ourselves."""
    if latest is None or latest.asked_at is None or now - latest.asked_at > TOLD_FOR:
        return State.UNKNOWN
    return State.OPERATIONAL if latest.proof in ANSWERED else State.UNREACHABLE


async def _answers(services: Services) -> bool:
    """A small public operation, for central is known to us only by its API."""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await services.central.get("/api/v2/dictionaries", name="GENDER")
    except CentralClosed:  # to this workplace only, which the register tells
        return True
    except (CentralError, TimeoutError):
        return False
    return True


async def note(services: Services) -> None:
    """Look, and write down what is otherwise than before; for a background work."""
    await look(services)
    found, now = services.watch.last, services.clock.now()
    if found is None:
        return
    async with services.database.transaction() as db:
        await store.note(db, changed(await store.last_states(db), found))
        await store.forget(db, now - HISTORY)


async def history(page: MisPage) -> list[Incident]:
    """What people noticed in the last thirty days, the newest first: told in banners, and outages."""
    since = page.now - HISTORY
    announced = await store.announced(page.db, since, page.now)
    found = [*announced, *outages(await store.changes(page.db, since), page.now)]
    return sorted(found, key=lambda each: each.began_at, reverse=True)
