"""The keeper of the demo: loads the code of all parts, prepares what is missing, starts the parts and watches them.

It is forked from the launcher at the very beginning, so code is loaded while the database starts. The two talk by two
sockets: the launcher says that the databases are there, the keeper that all parts work, or which one did not start.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from esoz.kernel import prefork
from esoz.kernel.settings import Settings
from esoz.processes import load, members

from . import pids
from .country import TABLE

PARTS = ("trust-centre", "central", "worker", "mis", "cabinet", "inbox", "diia", "govid", "portal")
DATABASES_ARE_THERE, UP = b"databases", b"up"
NAME = "keeper"
Say = Callable[[str], None]


class Keeping:
    """The keeper as the launcher sees it."""

    def __init__(self, settings: Settings, say: Say, *, outlives: bool) -> None:
        self._here, there = socket.socketpair()

        def run(_up: prefork.Up) -> None:
            self._here.close()
            sys.exit(_keep(settings, there, say))

        self.pid = prefork.fork(prefork.Member(NAME, run, outlives=outlives))
        there.close()

    def go_on(self) -> None:
        """The databases are there."""
        self._here.sendall(DATABASES_ARE_THERE)

    def wait_until_up(self) -> None:
        """Return when all parts work. Raises RuntimeError with what did not."""
        said = self._here.recv(200)
        if said != UP:
            raise RuntimeError(said.decode() or "The demo did not start.")

    def wait(self) -> int:
        """Wait for its end; the exit status."""
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def stop(self) -> None:
        """It tells all parts to end, and waits for them."""
        os.kill(self.pid, signal.SIGTERM)
        self.wait()


def pids_file(settings: Settings) -> Path:
    return settings.var / "demo.pids"


def remembered(settings: Settings) -> dict[str, tuple[int, str]]:
    """Ours that still live, by name, each with its birth; a number that means another process now is not ours."""
    try:
        known = json.loads(pids_file(settings).read_text())
    except FileNotFoundError:
        return {}
    # A file of before has bare numbers, and nobody knows what they mean today.
    found = {name: (each["pid"], each["born"]) for name, each in known.items() if isinstance(each, dict)}
    return {name: each for name, each in found.items() if pids.is_alive(*each)}


def remember(settings: Settings, known: Mapping[str, int]) -> None:
    """Write down what runs, each with its birth: numbers are given again."""
    births = {name: {"pid": pid, "born": pids.birth(pid)} for name, pid in known.items()}
    path = pids_file(settings)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(births))
    part.replace(path)


def _keep(settings: Settings, launcher: socket.socket, say: Say) -> int:
    """The life of the keeper; its exit status."""
    prepare = _preparation(settings, say)
    load(PARTS)
    if launcher.recv(len(DATABASES_ARE_THERE)) != DATABASES_ARE_THERE:
        return 1  # the launcher has given up
    if not prefork.perform(lambda: asyncio.run(prepare())):
        _tell(launcher, b"The demo could not be prepared.")
        return 1
    logs = settings.var / "logs"
    found = members(PARTS, settings, logs)
    prefork.write_to(logs / f"{NAME}.log")
    keeper = prefork.Keeper(
        found,
        on_start=lambda started: remember(settings, {NAME: os.getpid(), **started}),
        on_up=lambda: _tell(launcher, UP),
    )
    try:
        keeper.run()
    except prefork.NotStarted as fault:
        _tell(launcher, f"{fault} did not start; see {logs / str(fault)}.log".encode())
        return 1
    return 0


def _preparation(settings: Settings, say: Say) -> Callable[[], Coroutine[object, object, None]]:
    """What is to be done before the parts start: the whole demo is made, or what an earlier version left is mended."""
    if (settings.var / TABLE).exists():
        upgrades: Any = import_module("esoz.sandbox.upgrades")
        return partial(upgrades.bring_up_to_date, settings)
    prepare: Any = import_module("esoz.sandbox.prepare")
    return partial(prepare.everything, settings, say)


def _tell(launcher: socket.socket, what: bytes) -> None:
    with suppress(OSError):  # it does not wait any more
        launcher.sendall(what)
