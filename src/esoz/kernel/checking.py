"""Signatures are judged beside the event loop: what a container costs is bounded, and strangers wait for each other.

Somebody who has not signed in may send whatever they like. Their documents are judged one at a time, in a line of their
own that is bounded by time, and hold neither a place nor a connection to the database meanwhile. Of whoever signs with
a key that is known here a signature costs less than a thread's turn: the next one is judged where it is, unless it may
hold more than its size says.
"""

import hashlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from . import admission
from .beside import SidePool
from .errors import Problem
from .work import NeedsExternal

Result = TypeVar("Result")
Kept = TypeVar("Kept")

SECONDS = 3.0  # a stranger waits no longer
KNOWN_SECONDS = 10.0
PACE = 0.005  # of one, until it was measured here
FEW = 20  # honest people who come at the same moment, even on a slow machine
QUESTIONS = 3  # about revocation, while one document is judged
KEPT = timedelta(seconds=3)  # a verdict holds for who comes back for it
MOST_KEPT = 32  # each holds a document
QUICK_SECONDS = 0.0015  # of the core: a known key; one turn of a thread under load is longer
QUICK_BYTES = 64 * 1024
MOST_QUICK = 10_000
SLOW_SECONDS = 60.0  # after one that was not quick where all others wait for it

_strangers = SidePool("strangers", 1, seconds=SECONDS, pace=PACE)
_known = SidePool("signatures", os.cpu_count() or 1, seconds=KNOWN_SECONDS, pace=PACE, few=FEW)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A verdict that a request is about to come back for."""

    verdict: Any  # or the Problem that was raised
    at: datetime


_judged: dict[bytes, _Judged] = {}
_quick: dict[UUID, None] = {}  # users whose last document was; the first is the one longest known
_slow: dict[UUID, float] = {}  # users whose document kept all others, and until when
_noting = threading.Lock()


async def judge(
    act: Callable[[], Result], *about: bytes, at: datetime, is_stranger: bool, who: UUID | None = None
) -> Result:
    """What `act` says of a document, in a thread. `about`: all that its answer follows from, besides the moment;
    `who` signed in and sent it.

    For a stranger in a request it raises NeedsExternal at first; the pipeline lets the transaction go, awaits the
    verdict and begins the act anew. Raises what `act` raises, Unavailable when too much waits.
    """
    if not (is_stranger and admission.is_in_request()):
        if who is None or sum(map(len, about)) > QUICK_BYTES or not all(map(_is_bare, about)):
            return await _known.run(act)
        timed = partial(_timed, act, who)
        return timed(is_here=True) if who in _quick else await _known.run(timed)
    question = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in about)).digest()
    found = _judged.get(question)
    if found is None or abs(at - found.at) > KEPT:
        raise NeedsExternal(lambda: _prove(question, act, at))
    if isinstance(found.verdict, Problem):
        raise found.verdict
    verdict: Result = found.verdict
    return verdict


def _is_bare(document: bytes) -> bool:
    """Whether it is a signature in DER of at least 128 bytes. An archive of 60 KB holds 60 MB, which take a second."""
    return len(document) > 1 and document[0] == 0x30 and document[1] >= 0x80


def _timed(act: Callable[[], Result], who: UUID, *, is_here: bool = False) -> Result:
    """Do it, and note by the time of the core that it took, also when it failed, where the next one is judged."""
    began = time.thread_time()
    try:
        return act()
    finally:
        _note(who, is_quick=time.thread_time() - began <= QUICK_SECONDS, is_here=is_here)


def _note(who: UUID, *, is_quick: bool, is_here: bool) -> None:
    """Threads and the event loop note at the same time."""
    with _noting:
        if not is_quick:
            _quick.pop(who, None)
            if is_here:
                _slow.pop(who, None)
                _keep(_slow, who, time.monotonic() + SLOW_SECONDS)
        elif who not in _quick and time.monotonic() >= _slow.get(who, 0.0):
            _slow.pop(who, None)
            _keep(_quick, who, None)


def _keep(users: dict[UUID, Kept], who: UUID, value: Kept) -> None:
    while len(users) >= MOST_QUICK:
        del users[next(iter(users))]
    users[who] = value


async def _prove(question: bytes, act: Callable[[], object], at: datetime) -> None:
    verdict = await _verdict(act)
    _judged.pop(question, None)
    for each in [each for each, kept in _judged.items() if abs(at - kept.at) > KEPT]:
        del _judged[each]
    while len(_judged) >= MOST_KEPT:
        del _judged[next(iter(_judged))]
    _judged[question] = _Judged(verdict, at)


async def _verdict(act: Callable[[], object]) -> object:
    """The answer, or the refusal; providers are asked in between, and only the pool's own word is raised."""
    for _ in range(QUESTIONS):
        try:
            return await _strangers.run(lambda: _answer(act))
        except NeedsExternal as need:
            await need.asking()
    raise admission.come_again(SECONDS)


def _answer(act: Callable[[], object]) -> object:
    try:
        return act()
    except Problem as problem:
        return problem
