"""Runs a part of the system as a process: settings, database, server or background tasks, a clean end."""

import asyncio
import fcntl
import gc
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import asyncpg
import uvicorn
import uvloop
from starlette.types import ASGIApp

from . import audit, logs, migrations, postgres
from .clock import SystemClock
from .connections import Door
from .db import Database
from .prefork import BEAT_SECONDS, Up
from .settings import Settings
from .supervision import Stoppable, Supervisor


def _nobody() -> None:
    """Nobody waits for this process to be ready."""


def database_url(settings: Settings, part: str) -> str:
    """The database of `central`, `mis` or `cabinet`: the one set, or the embedded server, which is then running."""
    given = settings.text(f"ESOZ_{part.upper()}_DATABASE")
    if given:
        return given
    server = postgres.embedded(settings.var, settings.number("ESOZ_POSTGRES_PORT"))
    with _alone(settings.var):
        server.start()
    return server.url(f"esoz_{part}")


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


async def migrate(url: str, folders: Iterable[str], patience: migrations.Patience | None = None) -> list[str]:
    """Make the database when there is none and bring it up to date; return what was applied."""
    await _make_database(url)
    database = Database(url, size=1)
    await database.open()
    try:
        async with database.connection() as db:
            applied = await migrations.migrate(db, migrations.read(*folders), patience)
            await audit.make_partitions(db, SystemClock().now())
    finally:
        await database.close()
    return applied


async def _make_database(url: str) -> None:
    base, _, rest = url.partition("://")
    place, _, path = rest.partition("/")
    name, question, options = path.partition("?")
    try:
        await (await asyncpg.connect(url)).close()
    except asyncpg.InvalidCatalogNameError:
        connection = await asyncpg.connect(f"{base}://{place}/postgres{question}{options}")
        try:
            await connection.execute(f'create database "{name}"')
        finally:
            await connection.close()


def serve(
    application: ASGIApp, settings: Settings, *, port: int, sockets: Sequence[socket.socket] = (), up: Up = _nobody
) -> None:
    """Serve an application until a signal comes; it opens and closes what it needs in its lifespan.

    `sockets`: those it shall listen on instead of the port; `up` is called when it answers.
    """
    _allow_many_files()
    config = configured(application, Door.of(settings), host=settings.text("ESOZ_HOST"), port=port)
    logs.info("process starts", port=port)
    _Server(config, up).run(list(sockets) or None)
    logs.info("process ends", port=port)


class _Server(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config, up: Up) -> None:
        super().__init__(config)
        self._up = up
        self._living: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _settle()
            self._living = asyncio.create_task(_live(self._up))


async def _live(up: Up) -> None:
    """Say that this process works, and again and again: from its own loop, so that one that hangs is silent."""
    up()
    while True:
        up()  # the second time at once: from then on its silence is noticed
        await asyncio.sleep(BEAT_SECONDS)


def _settle() -> None:
    """What is there once a process has started stays: dictionaries, shapes, code. The collector leaves it alone, and
    looks seldom at what requests make: thousands of objects, hardly a circle among them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def configured(application: ASGIApp, door: Door, *, host: str, port: int) -> uvicorn.Config:
    """How the server serves: connections are bounded by the door, requests by the application itself."""
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="on",
        loop="uvloop",
        timeout_graceful_shutdown=10,
        server_header=False,
        http=cast(type[asyncio.Protocol], door.protocol),
        forwarded_allow_ips=sorted(door.proxies),
    )


def _allow_many_files() -> None:
    """Each connection is an open file; the usual limit of a shell is lower than that of the system."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def work(tasks: Callable[[Supervisor], Awaitable[Iterable[Stoppable]]], up: Up = _nobody) -> None:
    """Run background tasks until a signal comes; they may ask their supervisor how they go.

    `up` is called when they have begun.
    """

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        supervisor = Supervisor()
        async with supervisor.running(list(await tasks(supervisor))):
            _settle()
            living = asyncio.create_task(_live(up))
            await stop.wait()
            living.cancel()

    logs.info("process starts")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
    logs.info("process ends")
