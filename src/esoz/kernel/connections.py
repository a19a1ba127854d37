"""The open connections of a server: how many, how many from one address, and how long a client may take its time.

Who opens connections and says nothing costs only themselves: a new connection beyond the limits takes the place of the
one that was waited for longest, first among those of the same address. When all are at work the new one is told to come
again, unless it asks after our health. What a client begins it must go on with: the head of a request, its body and the
reading of the answer have an end in time, which moves as long as bytes come.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .admission import CROWDED
from .settings import Settings

HEAD_SECONDS = 10.0  # until the head of a request is here, counted from the connection or the last answer
BODY_SECONDS = 20.0
RATE = 500  # bytes a second that move the end of both
UNREAD_SECONDS = 60.0  # an answer waits in the buffers for its reader
HEAD_BYTES = 65_536  # of one request; httptools itself would take any number
SWEEP_SECONDS = 1.0
TIMED_OUT, HEAD_TOO_LARGE = b"408 Request Timeout", b"431 Request Header Fields Too Large"


class Phase(IntEnum):
    """What a connection is about; the first two wait for the client, and the first gives way before the second."""

    HEAD = 0
    BODY = 1
    WORK = 2


@dataclass(slots=True)
class Door:
    """All connections of one server."""

    most: int
    most_of_address: int
    proxies: frozenset[str] = frozenset()  # all the world comes from their addresses
    clock: Callable[[], float] = time.monotonic
    inside: dict["Connection", None] = field(default_factory=dict)
    by_address: Counter[str] = field(default_factory=Counter)
    _timer: asyncio.TimerHandle | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Door":
        return cls(
            settings.number("ESOZ_CONNECTIONS"),
            settings.number("ESOZ_ADDRESS_CONNECTIONS"),
            frozenset(settings.text("ESOZ_PROXIES").split()),
        )

    def protocol(self, *args: Any, **named: Any) -> "Connection":
        """What the server makes for each connection."""
        return Connection(self, *args, **named)

    def enter(self, newcomer: "Connection") -> None:
        """Let it in; somebody who only waits goes for it when there are too many."""
        self.inside[newcomer] = None
        self.by_address[newcomer.address] += 1
        own = self.by_address[newcomer.address] > self.most_of_address and newcomer.address not in self.proxies
        if own or len(self.inside) > self.most:
            self._make_room(newcomer, newcomer.address if own else None)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._tick)

    def leave(self, gone: "Connection") -> None:
        if gone in self.inside:
            del self.inside[gone]
            self.by_address -= Counter((gone.address,))  # drops addresses of whom nobody is left

    def sweep(self) -> None:
        """End the connections whose clients took too long."""
        now = self.clock()
        for each in list(self.inside):
            each.end_if_late(now)

    def _make_room(self, newcomer: "Connection", address: str | None) -> None:
        waiting = [
            each
            for each in self.inside
            if each is not newcomer and each.phase < Phase.WORK and address in (None, each.address)
        ]
        if waiting:
            min(waiting, key=lambda each: (each.phase, each.since)).end()
        else:
            newcomer.is_crowded = True

    def _tick(self) -> None:
        self.sweep()
        again = bool(self.inside)
        self._timer = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._tick) if again else None


class Connection(HttpToolsProtocol):
    """One connection of the server, watched over."""

    def __init__(self, door: Door, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.door, self.address = door, ""
        self.phase, self.since, self.is_crowded = Phase.HEAD, 0.0, False
        self._received = self._head_bytes = 0  # in this phase; of this head
        self._is_in_head = self._is_answered = False
        self._unread_since: float | None = None

    # asyncio promises a BaseTransport, the server makes a Transport, and so says the class above.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self._begin(Phase.HEAD)
        self.door.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.door.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        was_in_head = self._is_in_head
        super().data_received(data)
        if was_in_head and self._is_in_head:  # nothing but more of the same head
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._refuse(HEAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._head_bytes = True, 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._must_be_small(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._must_be_small(name + value)

    def on_headers_complete(self) -> None:
        self._is_in_head = self._is_answered = False
        self._begin(Phase.BODY)
        super().on_headers_complete()
        if self.is_crowded and self.cycle is not None:
            self.scope["state"][CROWDED] = True
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if not self._is_answered:
            self._begin(Phase.WORK)

    def on_response_complete(self) -> None:
        self._is_answered = not self.pipeline
        super().on_response_complete()
        if self._is_answered:
            self._begin(Phase.HEAD)

    def send_400_response(self, msg: str) -> None:
        if self._head_bytes > HEAD_BYTES:
            self._refuse(HEAD_TOO_LARGE)
        else:
            super().send_400_response(msg)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_since = self.door.clock()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread_since = None

    def end(self) -> None:
        """Close it at once: somebody else needs the place."""
        self.door.leave(self)
        self.transport.abort()

    def end_if_late(self, now: float) -> None:
        """Close it when the client took too long for what it has begun."""
        if self._unread_since is not None and now > self._unread_since + UNREAD_SECONDS:
            self.end()
        elif self.phase is Phase.BODY and self.flow.read_paused:
            self.since = now  # it is we who do not read on
        elif self.phase < Phase.WORK and now > self._until():
            self._refuse(TIMED_OUT if self._is_in_head or self.phase is Phase.BODY else b"")

    def _until(self) -> float:
        seconds = HEAD_SECONDS if self.phase is Phase.HEAD else BODY_SECONDS
        return self.since + seconds + self._received / RATE

    def _begin(self, phase: Phase) -> None:
        self.phase, self.since, self._received = phase, self.door.clock(), 0

    def _must_be_small(self, part: bytes) -> None:
        """Raises ValueError; the parser ends, and the server is told of a request that it cannot read."""
        self._head_bytes += len(part)
        if self._head_bytes > HEAD_BYTES:
            raise ValueError("the head of a request is too large")

    def _refuse(self, status: bytes) -> None:
        """Say why, when there is something to say and nothing was said yet, and close."""
        is_answering = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if status and not is_answering and not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        self.door.leave(self)
        self.transport.close()
