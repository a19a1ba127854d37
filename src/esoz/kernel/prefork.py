"""Several processes forked from one that has loaded their code: they share its memory, and who dies is started again.

The keeper has no connection open and no thread: what is forked from it is a process of its own in every respect.
It holds the sockets that servers listen on, so while one is started again, connections wait and are not refused.
"""

import ctypes
import faulthandler
import gc
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from . import logs
from .supervision import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, STEADY_SECONDS

STOP_SECONDS = 15.0  # a server finishes its requests within ten
BACKLOG = 2048
BEAT_SECONDS, SILENT_SECONDS = 5.0, 60.0  # how often a member says that it lives; who is silent for so long hangs
ABORT_SECONDS = 3.0  # in which a member that hangs writes down where
LOOK_SECONDS = 1.0  # nothing is awaited for longer: a signal that came just before waiting is seen then
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
_DEATH_OF_PARENT, _NAME = 1, 15  # numbers of prctl(2)

Up: TypeAlias = Callable[[], None]  # a member calls it when it is ready to work, and again and again while it lives
Pids: TypeAlias = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Member:
    """One process: `run` works until SIGTERM comes; what it writes goes to `log`, or where the keeper writes."""

    name: str
    run: Callable[[Up], None]
    log: Path | None = None
    outlives: bool = False  # it works on when the process that it was forked from is gone


class NotStarted(Exception):
    """A member ended before it was ever ready: to try again would not help."""


@dataclass(slots=True)
class _Place:
    """A member and its process of now; `pid` is 0 while none runs."""

    member: Member
    pid: int = 0
    ready: int = -1  # here it says that it is ready, and that it lives
    beat: float = 0.0  # when it said so twice or more; who never does is not missed
    aborted: float = 0.0  # when it was told to write down where it hangs
    started: float = 0.0
    due: float = 0.0
    pause: float = 0.0
    has_been_up: bool = False


@dataclass(slots=True)
class Keeper:
    """Starts the members, watches them, ends them. `on_start` is told the numbers after each start, `on_look` is called
    each second or so: whoever watches the keeper learns by it that it lives."""

    members: Sequence[Member]
    on_start: Callable[[Pids], None] = lambda _pids: None
    on_up: Up = lambda: None
    on_look: Callable[[], None] = lambda: None
    _places: list[_Place] = field(default_factory=list)
    _is_stopping: bool = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT comes; then all are told to end, and finish what they have begun.

        Raises NotStarted, when the others have ended.
        """
        self._places, told = [_Place(each) for each in self.members], False
        with _Signals(self._stop) as signals:
            try:
                while not self._is_stopping:
                    self._start_due()
                    signals.wait([each.ready for each in self._places if each.ready >= 0], self._seconds())
                    self._look()
                    self._end_those_that_hang()
                    self.on_look()
                    if not told and all(each.has_been_up for each in self._places):
                        told = True
                        self.on_up()
            finally:
                self._end()

    def _stop(self) -> None:
        self._is_stopping = True

    def _seconds(self) -> float:
        waits = [each.due - time.monotonic() for each in self._places if not each.pid]
        return max(0.0, min([LOOK_SECONDS, *waits]))

    def _start_due(self) -> None:
        due = [each for each in self._places if not each.pid and each.due <= time.monotonic()]
        for each in due:
            _start(each)
        if due:
            self.on_start({each.member.name: each.pid for each in self._places if each.pid})

    def _look(self) -> None:
        """See who is ready, and who has ended."""
        for each in self._places:
            if each.ready >= 0 and (said := _said(each.ready)) is not None:
                if not said:
                    each.ready = _closed(each.ready)
                elif each.has_been_up or len(said) > 1:
                    each.beat = time.monotonic()
                each.has_been_up = each.has_been_up or bool(said)
            if each.pid and _has_ended(each.pid):
                each.pid, each.ready = 0, _closed(each.ready)
                if not self._is_stopping:
                    self._ended(each)

    def _end_those_that_hang(self) -> None:
        """Who has said that it lives, and does not any more, writes down where it hangs and is killed."""
        now = time.monotonic()
        for each in self._places:
            if each.aborted and now - each.aborted > ABORT_SECONDS:
                _signal(each.pid, signal.SIGKILL)
            elif each.beat and not each.aborted and now - each.beat > SILENT_SECONDS:
                logs.alarm("a process hangs", process=each.member.name, silent_seconds=round(now - each.beat))
                each.aborted = now
                _signal(each.pid, signal.SIGABRT)

    def _ended(self, place: _Place) -> None:
        if not place.has_been_up:
            raise NotStarted(place.member.name)
        now = time.monotonic()
        was_steady = now - place.started >= STEADY_SECONDS
        first = was_steady or not place.pause
        place.pause = FIRST_PAUSE_SECONDS if first else min(2 * place.pause, LONGEST_PAUSE_SECONDS)
        place.due = now + place.pause
        logs.alarm("a process ended", process=place.member.name, starts_again_in_seconds=place.pause)

    def _end(self) -> None:
        for each in self._places:
            _signal(each.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(each.pid for each in self._places):
            if time.monotonic() > deadline:
                for each in self._places:
                    _signal(each.pid, signal.SIGKILL)
            time.sleep(0.02)
            for each in self._places:
                if each.pid and _has_ended(each.pid):
                    each.pid = 0


def preserve() -> None:
    """Call once everything is made, before the first fork: the collector leaves alone what is there already.

    Otherwise it would write into every page that the processes share, and each would get a copy of its own.
    """
    gc.collect()
    gc.freeze()


def perform(work: Callable[[], None]) -> bool:
    """Do something in a forked process and wait for its end: did it succeed?"""
    pid = fork(Member("work", lambda _up: work()))
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) == 0


def fork(member: Member, ready: int = -1) -> int:
    """Start a member; its number. Once it is ready it says so at the open file `ready`."""
    sys.stdout.flush()
    sys.stderr.flush()
    keeper = os.getpid()
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # one that comes now is for whom it was sent to
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return pid
    status = 1
    try:
        _become(member, keeper)
        member.run(lambda: None if ready < 0 else _tell(ready))
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 nothing may come out of a forked process into the keeper's own code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def listen(host: str, port: int) -> socket.socket:
    """A socket that servers forked from here share: each connection goes to one of them. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


class _Signals:
    """Signals as something that can be waited for; SIGTERM and SIGINT call `stop`."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    def __enter__(self) -> "_Signals":
        self._reading, self._writing = socket.socketpair()
        for each in (self._reading, self._writing):
            each.setblocking(False)
        self._woken = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self._before = {each: signal.signal(each, self._came) for each in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        signal.set_wakeup_fd(self._woken)
        self._reading.close()
        self._writing.close()

    def wait(self, others: Sequence[int], seconds: float) -> None:
        select.select([self._reading.fileno(), *others], [], [], seconds)
        with suppress(BlockingIOError):
            self._reading.recv(512)

    def _came(self, number: int, _frame: object) -> None:
        if number != signal.SIGCHLD:
            self._stop()


def _start(place: _Place) -> None:
    place.ready, said = os.pipe()
    place.beat = place.aborted = 0.0
    os.set_blocking(place.ready, False)
    os.set_blocking(said, False)  # a keeper that does not listen holds nobody up
    place.pid, place.started = fork(place.member, said), time.monotonic()
    os.close(said)


def _become(member: Member, keeper: int) -> None:
    """A process of its own: the keeper's signals are not for it, and it does not outlive the keeper."""
    signal.set_wakeup_fd(-1)
    for each in SIGNALS:
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    os.setsid()
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        system.prctl(_DEATH_OF_PARENT, 0 if member.outlives else signal.SIGTERM, 0, 0, 0)
        system.prctl(_NAME, f"esoz {member.name}".encode()[:15], 0, 0, 0)
    if os.getppid() != keeper and not member.outlives:
        os._exit(1)
    if member.log is not None:
        write_to(member.log)
    faulthandler.enable()  # who is told to end because it hangs writes down where


def write_to(log: Path) -> None:
    """From now on what this process writes goes to the end of this file."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file, open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)


def _tell(ready: int) -> None:
    with suppress(OSError):
        os.write(ready, b"u")


def _said(ready: int) -> bytes | None:
    """What was said; None when nothing was yet, empty when nothing will be."""
    try:
        return os.read(ready, 512)
    except BlockingIOError:
        return None


def _closed(ready: int) -> int:
    if ready >= 0:
        os.close(ready)
    return -1


def _has_ended(pid: int) -> bool:
    ended, _ = os.waitpid(pid, os.WNOHANG)
    return ended == pid


def _signal(pid: int, number: int) -> None:
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
