"""Who is served now, who waits, and who is told at once to come again: a queue that is bounded by time.

A process that takes on all that comes answers everybody too late. Here so many requests are worked on at once; the next
ones wait, as long as the pace of late says that their turn comes within a second. All others are refused before
anything was done for them. Who waits for something outside (a password is hashed, a provider is asked) gives the place
up meanwhile: a morning of sign-ins keeps nobody else from being served.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field

from starlette.types import Scope

from .errors import Unavailable
from .settings import Settings

SECONDS = 1.0  # who cannot be served in this time is refused at once
CLOSED_SECONDS = 60.0  # after which it makes sense to ask whether the system serves again
MOST_OUTSIDE = 256  # requests that wait for something outside; each keeps its body in memory
CROWDED = "esoz.crowded"  # in the state of a request whose connection is one too many
WEIGHT = 1 / 16  # of the newest in the mean


def come_again(seconds: float) -> Unavailable:
    """The refusal that says after how many seconds it makes sense to ask again."""
    return Unavailable(headers={"Retry-After": str(1 + math.ceil(seconds))})


@dataclass(slots=True)
class Pace:
    """How long one takes of late, in seconds."""

    mean: float = 0.0

    def note(self, seconds: float) -> None:
        self.mean += (seconds - self.mean) * (WEIGHT if self.mean else 1.0)

    def wait(self, ahead: int, at_once: int) -> float:
        """How long somebody waits who has so many ahead, when so many are served at once."""
        return (ahead + 1) * self.mean / at_once


@dataclass(slots=True, eq=False)
class Turn:
    """One request that was let in, or stands outside for a while."""

    admission: "Admission"
    began: float = 0.0
    worked: float = 0.0  # before it stepped out
    is_inside: bool = False


@dataclass(slots=True)
class Admission:
    """The places of one process, and the queue before them."""

    at_once: int
    seconds: float = SECONDS
    most_outside: int = MOST_OUTSIDE
    clock: Callable[[], float] = time.monotonic
    pace: Pace = field(default_factory=Pace)
    inside: int = 0
    outside: int = 0
    closed: str = ""  # why nobody is let in
    _waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    @classmethod
    def of(cls, settings: Settings) -> "Admission":
        """As the settings say; without a word twice as many as there are connections to the database."""
        return cls(settings.number("ESOZ_REQUESTS_AT_ONCE") or 2 * settings.number("ESOZ_POOL_SIZE"))

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def must_have_room(self, scope: Scope | None = None) -> None:
        """Raise Unavailable when whoever comes now would wait too long: asked before a body is read."""
        if self.closed:
            raise come_again(CLOSED_SECONDS)
        if scope is not None and scope.get("state", {}).get(CROWDED):
            raise come_again(0)
        expected = self.pace.wait(len(self._waiting), self.at_once)
        if self._is_full() and expected > self.seconds:
            raise come_again(expected)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """A place, as soon as there is one. Raises Unavailable at once, or after the longest wait."""
        if self.closed:
            raise come_again(CLOSED_SECONDS)
        turn = Turn(self)
        await self._enter(turn)
        token = _present.set(turn)
        try:
            yield turn
        finally:
            _present.reset(token)
            if turn.is_inside:
                self._leave(turn)
                self.pace.note(turn.worked)

    @asynccontextmanager
    async def elsewhere(self, turn: Turn) -> AsyncIterator[None]:
        """The place is given up meanwhile; who comes back is the next one. Raises Unavailable."""
        if self.outside >= self.most_outside:
            raise come_again(self.seconds)
        self._leave(turn)
        self.outside += 1
        try:
            yield
        finally:
            self.outside -= 1
        await self._enter(turn, is_back=True)

    async def _enter(self, turn: Turn, *, is_back: bool = False) -> None:
        if self._is_full():
            if not is_back:
                self.must_have_room()
            await self._stand_in_line(is_back=is_back)  # the place comes from the one who leaves it
        else:
            self.inside += 1
        turn.is_inside, turn.began = True, self.clock()

    async def _stand_in_line(self, *, is_back: bool) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if is_back:
            self._waiting.appendleft(place)
        else:
            self._waiting.append(place)
        try:
            # Who has been served halfway is bound to have a turn soon, and would lose what was done.
            async with asyncio.timeout(None if is_back else self.seconds):
                await place
        except BaseException as fault:
            if place.done() and not place.cancelled():
                self._pass_on()
            else:
                with suppress(ValueError):  # it was passed over already
                    self._waiting.remove(place)
            if isinstance(fault, TimeoutError):
                raise come_again(self.seconds) from fault
            raise

    def _is_full(self) -> bool:
        return self.inside >= self.at_once or bool(self._waiting)

    def _leave(self, turn: Turn) -> None:
        turn.is_inside, turn.worked = False, turn.worked + self.clock() - turn.began
        self._pass_on()

    def _pass_on(self) -> None:
        """The place goes to the first in line who still waits, else it is free."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self.inside -= 1


_present: ContextVar[Turn | None] = ContextVar("turn", default=None)


def unlimited() -> Admission:
    """For an application without a server before it: everybody is let in."""
    return Admission(at_once=1_000_000, most_outside=1_000_000)


def is_in_request() -> bool:
    """Is this done for somebody who waits for an answer, and not by a work beside requests."""
    return _present.get() is not None


@asynccontextmanager
async def elsewhere() -> AsyncIterator[None]:
    """The place of the present request is given up meanwhile; where there is none, nothing happens."""
    turn = _present.get()
    if turn is None or not turn.is_inside:
        yield
        return
    async with turn.admission.elsewhere(turn):
        yield
