"""central as processes: the server (API and pages), and the worker (jobs, messages, periodic tasks)."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from starlette.types import ASGIApp, Receive, Scope, Send

from esoz.gateways.messages import senders_to_people
from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel import audit, clocks, jobs
from esoz.kernel.admission import Admission
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.documents import Carrier
from esoz.kernel.lifespan import live
from esoz.kernel.loops import Several, poll
from esoz.kernel.metrics import plumbing
from esoz.kernel.objects import Objects
from esoz.kernel.outbox import DeliveryPoller, OutboxSender
from esoz.kernel.rechecks import Rechecker
from esoz.kernel.reports import Listener, Reporter
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.strangers import StrangersLog
from esoz.kernel.supervision import Stoppable, Supervisor
from esoz.kernel.work import NOBODY, Dependencies, Work

from . import anchoring, uploads
from .app import JOB_HANDLERS, PERIODIC_TASKS, make_api, make_dependencies
from .dictionaries import dictionaries
from .late_signatures import tell_of_revoked
from .site import make_site
from .upload_door import UploadDoor

API_PATHS = ("/api/", "/oauth/", "/auth/", "/admin/", "/reports/", "/employee_requests/")
AGAIN = timedelta(minutes=1)  # after a chore has failed
CHAIN_SECONDS = 1.0  # decision 7: the chain is at most a second behind


def dependencies_of(settings: Settings, verifier: TrustListVerifier | None = None) -> Dependencies:
    """The dependencies of a process of central."""
    return make_dependencies(
        Objects.of(settings), verifier or TrustListVerifier.of(settings), settings.secret(), settings
    )


async def preload(settings: Settings) -> None:
    """Read what all processes forked from here need in memory; each reads anew for itself what changes later."""
    database = Database(database_url(settings, "central"), size=1)
    await database.open()
    try:
        async with database.connection() as db:
            await dictionaries.load(db)
    finally:
        await database.close()


class Central:
    """The server: plumbing, then operations, uploads, pages."""

    def __init__(self, settings: Settings) -> None:
        clock, self.supervisor = SystemClock(), Supervisor()
        url = database_url(settings, "central")
        self.database = Database(url, size=settings.number("ESOZ_POOL_SIZE"))
        # Of its own: a page that holds a connection must not wait for another one to be counted.
        self.counts = Database(url, size=2) if settings.processes > 1 else None
        dependencies = dependencies_of(settings)
        self.api = make_api(self.database, dependencies, clock, settings, counted_in=self.counts)
        self.site = make_site(self.database, dependencies, clock, settings, counted_in=self.counts)
        self.uploads = UploadDoor(self.database, dependencies, clock, settings.url("central"))
        # One for all: they share the connections and the event loop.
        self.admission = Admission.of(settings)
        self.api.admission = self.site.admission = self.uploads.admission = self.admission
        self._guard = anchoring.guard(self.database, settings, clock, self.admission)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self._life())
            return
        path = scope["path"]
        response = await plumbing(path, self.database, self.supervisor.failing, self.admission.closed)
        application: ASGIApp = response or self._application(path)
        await application(scope, receive, send)

    def _application(self, path: str) -> ASGIApp:
        if path.startswith(uploads.PATH):
            return self.uploads
        return self.api if path.startswith(API_PATHS) else self.site

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        databases = [each for each in (self.database, self.counts) if each is not None]
        for each in databases:
            await each.open()
        async with self.database.connection() as db:
            await dictionaries.load(db)
        watch, log = dictionaries.watch(self.database), StrangersLog(self.database, self.api.clock)
        works: list[Stoppable] = [watch, log, Listener(self.database), *self._guard]
        async with self.supervisor.running(works):
            yield
        for each in databases:
            await each.close()


def make(settings: Settings) -> Central:
    """The application of `esoz central`."""
    return Central(settings)


class PeriodicTasks:
    """Small periodic works: expiries, the audit chain, cleaning up. Each in its own transaction."""

    name = "periodic tasks"

    def __init__(self, database: Database, dependencies: Dependencies) -> None:
        self.database, self.dependencies, self.clock = database, dependencies, SystemClock()
        self._stopping = asyncio.Event()
        # Not by the calendar: a clock that was ahead and is put right must not stop them until that day has come.
        self._due = {name: 0.0 for name, _, _ in PERIODIC_TASKS}
        self._several = Several()

    @property
    def names(self) -> Sequence[str]:
        """All the works by their names."""
        return ["audit chain", *(name for name, _, _ in PERIODIC_TASKS)]

    @property
    def failing(self) -> Sequence[str]:
        """Those whose last try failed."""
        return self._several.failing

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        await poll(self.name, self._round, idle=CHAIN_SECONDS, stopping=self._stopping)

    async def _round(self) -> None:
        """Each has a try of its own: what fails is an alarm, is tried again soon, and keeps no other from its turn."""
        await self._several.attempt("audit chain", self._chain())
        now = time.monotonic()
        for name, every, task in PERIODIC_TASKS:
            if self._due[name] <= now:
                fault = await self._several.attempt(name, self._perform(task))
                self._due[name] = now + (every if fault is None else min(every, AGAIN)).total_seconds()

    async def _chain(self) -> None:
        async with self.database.transaction() as db:
            while await audit.chain(db) == audit.BATCH:
                pass

    async def _perform(self, task: Callable[[Work], Awaitable[object]]) -> None:
        async with self._working() as work:
            await task(work)

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[Work]:
        async with self.database.transaction() as db:
            work = Work(NOBODY, self.clock.now(), db, self.dependencies)
            yield work
            if work.recorded:
                about = audit.AuditContext(work.now, str(work.new_id()), "chore", NOBODY)
                await audit.write(db, about, work.recorded)


async def worker(settings: Settings, supervisor: Supervisor) -> Iterable[Stoppable]:
    """The tasks of the worker process; the last of them reports how the others go."""
    database = Database(database_url(settings, "central"), size=jobs.AT_ONCE + 4)
    await database.open()
    async with database.connection() as db:
        await dictionaries.load(db)
    verifier, clock = TrustListVerifier.of(settings), SystemClock()
    dependencies = dependencies_of(settings, verifier)
    periodic = PeriodicTasks(database, dependencies)
    sending, tracing = senders_to_people(settings, clock)
    works: list[Stoppable] = [
        Carrier(database, dependencies.objects),
        jobs.Worker(database, JOB_HANDLERS, dependencies=dependencies, clock=clock),
        OutboxSender(database, sending, clock),
        DeliveryPoller(database, tracing, clock),
        periodic,
        *anchoring.sealing(database, settings, clock),
        Rechecker(database, dependencies, verifier, clock, tell=tell_of_revoked),
        dictionaries.watch(database),
        clocks.watch(database, clock),
    ]
    names = [*(each.name for each in works), *periodic.names]
    return [*works, Reporter(database, names, supervisor)]
