"""One PostgreSQL for all tests of a run, a migrated template, and a database of its own for each test process."""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from esoz.kernel import passwords
from esoz.kernel.postgres import Embedded, embedded

ROOT = Path(__file__).parent.parent
VAR = ROOT / "var" / "tests"
PORT = 5490
# Databases of tests need not survive a loss of power.
HASTY = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"

# Signing in is no test of argon2: a real hash takes 33 ms, in a thread that lets all others go first.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords._NOBODY = passwords._hasher.hash("nobody has this password")

# What is slow on a busy machine is no fault of what is tested.
settings.register_profile("esoz", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("esoz")


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """One test process at a time, however many run."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Server:
    """The embedded server as tests see it: databases made and dropped by name."""

    def __init__(self, server: Embedded) -> None:
        self._server = server

    def url(self, database: str) -> str:
        return self._server.url(database)

    async def execute(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def exists(self, database: str) -> bool:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            return await connection.fetchval("select true from pg_database where datname = $1", database) or False
        finally:
            await connection.close()

    async def copy(self, template: str, name: str) -> None:
        with _alone("copy"):
            await self.execute(
                f"drop database if exists {name} with (force)", f"create database {name} template {template}"
            )

    async def drop(self, name: str) -> None:
        await self.execute(f"drop database if exists {name} with (force)")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The embedded PostgreSQL, started when it does not run; it is stopped by the last process that leaves."""
    postgres = replace(embedded(VAR, PORT), more=HASTY)
    users = VAR / "users"
    mark = users / str(os.getpid())
    with _alone("server"):
        users.mkdir(parents=True, exist_ok=True)
        mark.touch()
        postgres.start()
    yield Server(postgres)
    with _alone("server"):
        mark.unlink()
        for other in users.iterdir():
            if not Path(f"/proc/{other.name}").exists():
                other.unlink()
        if not any(users.iterdir()):
            postgres.stop()


@pytest.fixture(scope="session")
def process_name() -> str:
    """A name for this process's own things."""
    return f"test_{os.getpid()}"


@pytest.fixture(scope="session")
async def template(server: Server) -> AsyncIterator[str]:
    """Name of an empty database; migrated ones are made by the parts' own conftest."""
    yield "template0"
