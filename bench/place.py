"""Where a benchmark lives: a temporary VAR folder with its own PostgreSQL, and our processes on top of it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import asyncpg

from esoz.kernel.postgres import Embedded, embedded
from esoz.kernel.settings import Settings
from esoz.signature import Authority

from .flames import burning
from .machine import Cores, free_port, run_on

READY_SECONDS = 60
STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Place:
    """The folder and the database server."""

    var: Path
    server: Embedded
    cores: Cores
    pinned: bool = True  # central has a core of its own; otherwise all have all of them
    flames: Path | None = None  # where pictures of the measured processes are wanted
    in_place: bool = False  # a database too large to be copied: each copy is the database itself
    _same: dict[str, str] = field(default_factory=dict)  # of those copies, what they really are

    @property
    def server_pid(self) -> int:
        return int((self.server.data / "postmaster.pid").read_text().split()[0])

    @property
    def secret(self) -> bytes:
        """The secret of central's processes here: what they seal can be opened by this one, and the other way round."""
        return Settings({"ESOZ_VAR": str(self.var)}).secret()

    def trust(self, authority: Authority) -> None:
        """Let central's processes trust this authority."""
        folder = self.var / "trust"
        folder.mkdir()
        for number, certificate in enumerate(authority.certificates):
            (folder / f"{number}.cer").write_bytes(certificate.der)

    async def execute(self, statement: str, *, database: str = "postgres") -> None:
        connection = await asyncpg.connect(self.server.url(database))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def url(self, name: str) -> str:
        return self.server.url(self._same.get(name, name))

    async def copy(self, template: str, name: str) -> str:
        """Make a database (anew) as a copy of another that nobody is connected to; its URL."""
        if self.in_place:
            self._same[name] = self._same.get(template, template)
            return self.url(name)
        await self.drop(name)
        await self.execute(f"create database {name} template {template}")
        return self.server.url(name)

    async def drop(self, name: str) -> None:
        await self.execute(f"drop database if exists {name} with (force)")

    def part(
        self, name: str, database: str, port: int, processes: int = 1
    ) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """A part of central (`central` or `worker`) on the core of the measured program."""
        settings = {
            "ESOZ_CENTRAL_DATABASE": self.url(database),
            "ESOZ_CENTRAL_PORT": str(port),
            "ESOZ_PROCESSES": str(processes),
            "ESOZ_RATE_LIMIT": "0",  # one token asks more often than a clinic may
            # One doctor takes more people than a doctor may, and on a grown database has a full list already.
            "ESOZ_DECLARATION_LIMITS": "FAMILY_DOCTOR=1000000 THERAPIST=1000000 PEDIATRICIAN=1000000",
        }
        return self._process(name, settings)

    @contextmanager
    def _process(self, name: str, settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("ESOZ_")}
        environment |= {"ESOZ_VAR": str(self.var), **settings}
        before = os.sched_getaffinity(0)
        if self.pinned:
            run_on(self.cores.app)
        with (self.var / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "esoz", name],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        os.sched_setaffinity(0, before)
        try:
            yield process
        finally:
            _end(process)

    @contextmanager
    def central(self, database: str, processes: int = 1) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
        """The server of central, answering; the process and its port."""
        port = free_port()
        with self.part("central", database, port, processes) as process:
            _wait_until_ready(process, port, self.var / "central.log")
            with burning(process.pid, "central", self.flames):
                yield process, port

    @contextmanager
    def mis(self, database: str, central: int) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
        """The workplace, answering, with central at another port; the process and its port."""
        port = free_port()
        settings = {
            "ESOZ_MIS_DATABASE": self.url(database),
            "ESOZ_MIS_PORT": str(port),
            "ESOZ_CENTRAL_URL": f"http://127.0.0.1:{central}",
        }
        with self._process("mis", settings) as process:
            _wait_until_ready(process, port, self.var / "mis.log")
            with burning(process.pid, "mis", self.flames):
                yield process, port


@contextmanager
def place(cores: Cores, *, pinned: bool = True, flames: Path | None = None) -> Iterator[Place]:
    """A place that is gone afterwards: processes ended, folder and database removed."""
    var = Path(tempfile.mkdtemp(prefix="esoz-bench-"))
    var.chmod(0o711)  # the account that PostgreSQL runs under when we are root must get through
    server = embedded(var, free_port())
    before = os.sched_getaffinity(0)
    try:
        if pinned:
            run_on(cores.rest)
        server.start()
        os.sched_setaffinity(0, before)
        yield Place(var, server, cores, pinned, flames)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave a server behind
        server.stop()
        shutil.rmtree(server.home, ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{log.stem} did not start:\n{log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
                if answer.status == HTTPStatus.OK:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{log.stem} did not answer")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
