"""Every change of the embedded database in the archive before its commit is answered."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Callable

import asyncpg

from esoz.kernel import logs
from esoz.kernel.postgres import Embedded

from .model import SLOT, Archive

LOOK_SECONDS = 0.2
START_SECONDS = 30.0
Up = Callable[[], None]


class NotArchiving(Exception):
    """The program that takes the changes does not work."""


def run(server: Embedded, archive: Archive, up: Up, *, waits: bool) -> None:
    """Take changes until SIGTERM comes. `waits`: a commit is answered when the archive has it on its disk.

    While nobody takes them, such commits wait too: nothing acknowledged is lost. At an end in order the server is told
    to wait no more. Raises NotArchiving.
    """
    server.own(archive.changes)
    server.run("pg_receivewal", "--create-slot", "--if-not-exists", "--slot", SLOT, *_reach(server, archive))
    taking = server.begin(
        "pg_receivewal", "--synchronous", "--no-loop", "--slot", SLOT, "--status-interval=1", *_reach(server, archive)
    )
    ends = _Ends()
    try:
        _until_streaming(server, taking)
        asyncio.run(_wait_for_it(server, is_on=waits))
        while taking.poll() is None and not ends.has_come:
            up()
            ends.wait(LOOK_SECONDS * 10)
        if not ends.has_come:
            raise NotArchiving(f"pg_receivewal ended with {taking.returncode}")
        if waits:
            asyncio.run(_wait_for_it(server, is_on=False))
    finally:
        _stop(taking)


def _reach(server: Embedded, archive: Archive) -> tuple[str, ...]:
    return ("-h", str(server.home), "-p", str(server.port), "-U", "esoz", "-D", str(archive.changes))


def _until_streaming(server: Embedded, taking: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while not asyncio.run(_is_streaming(server)):
        if taking.poll() is not None:
            raise NotArchiving(f"pg_receivewal ended with {taking.returncode}")
        if time.monotonic() > deadline:
            raise NotArchiving("pg_receivewal does not stream")
        time.sleep(LOOK_SECONDS)


async def _is_streaming(server: Embedded) -> bool:
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        found: bool = await connection.fetchval(
            "select exists (select from pg_stat_replication where application_name = 'pg_receivewal'"
            " and state = 'streaming')"
        )
        return found
    finally:
        await connection.close()


async def _wait_for_it(server: Embedded, *, is_on: bool) -> None:
    """Let commits wait for the archive, or wait no more."""
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        name = "pg_receivewal" if is_on else ""
        await connection.execute(f"alter system set synchronous_standby_names = '{name}'")
        await connection.execute("select pg_reload_conf()")
    finally:
        await connection.close()
    logs.info("commits wait for the archive" if is_on else "commits wait for nobody")


def _stop(taking: "subprocess.Popen[bytes]") -> None:
    taking.send_signal(signal.SIGINT)  # it writes down what it has
    try:
        taking.wait(10)
    except subprocess.TimeoutExpired:
        taking.kill()
        taking.wait()


class _Ends:
    """Whether this process was told to end."""

    def __init__(self) -> None:
        self.has_come = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._come)

    def _come(self, _number: int, _frame: object) -> None:
        self.has_come = True

    def wait(self, seconds: float) -> None:
        """So long, or until it is told."""
        deadline = time.monotonic() + seconds
        while not self.has_come and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
