"""The part of Diia that partners see: notifications for holders, by their tax id; and what became of them.

Whoever is signed in to ЕСОЗ on the telephone has the application; of others Diia says `not-found`, as it does of people
without it. Kept in memory, as the inbox keeps its messages.
"""

import secrets
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from esoz.gateways.diia_push import NOT_FOUND, SENT
from esoz.kernel.clock import Clock
from esoz.kernel.payload import UNREADABLE

KEPT = 500
PUSH = "push"


class Message(msgspec.Struct, frozen=True):
    """A message to the holder, as the inbox tells of it too."""

    at: datetime
    recipient: str
    body: str
    channel: str = ""
    subject: str = ""


class Parameter(msgspec.Struct):
    key: str
    value: str


class Recipient(msgspec.Struct):
    """Who is told, under the sender's own id of the notification."""

    rnokpp: str
    id: str
    parameters: list[Parameter] = []


class Distribution(msgspec.Struct, rename="camel"):
    """The body of a distribution."""

    template_id: str
    recipients: list[Recipient]


@dataclass(slots=True)
class Pushes:
    """`GET /api/v1/auth/partner/…`, `POST …/distribution/push`, `GET …/distribution/push/ID`."""

    clock: Clock
    has_application: Callable[[str], Awaitable[bool]]  # by tax id
    sessions: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT))
    fates: OrderedDict[str, list[dict[str, str]]] = field(default_factory=OrderedDict)
    shown: deque[Message] = field(default_factory=lambda: deque(maxlen=KEPT))
    seen: OrderedDict[str, str] = field(default_factory=OrderedDict)  # idempotency key → distribution

    async def answer(self, request: Request) -> Response | None:
        """None for what is not the part of partners."""
        match request.url.path.strip("/").split("/"):
            case ["api", "v1", "auth", "partner", _token]:
                self.sessions.append(secrets.token_urlsafe(24))
                return JSONResponse({"token": self.sessions[-1]})
            case ["api", "v1", "notification", "distribution", "push", *rest] if len(rest) < 2:
                if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.sessions:
                    return JSONResponse({"message": "session token"}, 401)
                return self._fate(rest[0]) if rest else await self._take(request)
        return None

    def sent_to(self, tax_id: str) -> Sequence[Message]:
        """What the holder was told, the newest first."""
        return [each for each in reversed(self.shown) if each.recipient == tax_id]

    def _fate(self, id: str) -> Response:
        found = self.fates.get(id)
        return JSONResponse({"recipients": found}) if found else JSONResponse({"message": "not found"}, 404)

    async def _take(self, request: Request) -> Response:
        try:
            given = msgspec.json.decode(await request.body(), type=Distribution)
        except UNREADABLE as fault:
            return JSONResponse({"message": str(fault)}, 400)
        key = request.headers.get("Idempotency-Key", "")
        if key in self.seen:
            return JSONResponse({"distributionId": self.seen[key]})
        id, now = secrets.token_urlsafe(12), self.clock.now()
        self.fates[id] = [await self._tell(each, now) for each in given.recipients]
        if key:
            self.seen[key] = id
        for kept in (self.fates, self.seen):
            while len(kept) > KEPT:
                kept.popitem(last=False)
        return JSONResponse({"distributionId": id})

    async def _tell(self, recipient: Recipient, now: datetime) -> dict[str, str]:
        is_here = await self.has_application(recipient.rnokpp)
        if is_here:
            text = " ".join(each.value for each in recipient.parameters)
            self.shown.append(Message(at=now, recipient=recipient.rnokpp, body=text, channel=PUSH))
        return {"rnokpp": recipient.rnokpp, "status": SENT if is_here else NOT_FOUND}
