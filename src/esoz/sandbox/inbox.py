"""The development inbox: every Viber message, SMS and mail that the system would send, on one page, kept in memory."""

from collections import deque
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

import msgspec
from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from esoz.kernel.clock import KYIV, SystemClock
from esoz.kernel.lifespan import live
from esoz.kernel.pages.assets import PREFIX, Assets
from esoz.kernel.payload import UNREADABLE
from esoz.kernel.settings import Settings

KEPT = 500
WAYS = {"viber": "Viber", "sms": "SMS", "mail": "Лист"}
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Letter(msgspec.Struct, frozen=True):
    """A message as the outbox of central or mis hands it over."""

    channel: str
    recipient: str
    body: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A message and the moment it came."""

    at: datetime
    letter: Letter


class InboxApp:
    """`POST /messages` takes a message; `GET /messages?recipient=` gives JSON; `/` shows them to people.

    It is a provider too: `GET /messages/ID` says that what it took was delivered.
    """

    def __init__(self) -> None:
        self._received: deque[Received] = deque(maxlen=KEPT)
        self._keys: deque[str] = deque(maxlen=KEPT)  # a second copy of a message is dropped, as a provider should
        self._clock = SystemClock()
        self._assets = Assets()
        self._template = Environment(loader=PackageLoader("esoz.sandbox"), autoescape=True).get_template("inbox.html")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, nullcontext())
            return
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        if path.startswith(PREFIX):
            return self._assets.respond(path, request.headers.get("accept-encoding", ""))
        if path in ("/health/live", "/health/ready"):
            return PlainTextResponse("ready")
        if path == "/messages" and request.method == "POST":
            return await self._take(request)
        if path.startswith("/messages/"):
            return self._fate(path.removeprefix("/messages/"))
        return self._show(request, path)

    def _fate(self, key: str) -> Response:
        return JSONResponse({"status": "delivered" if key in self._keys else "unknown"})

    def _show(self, request: Request, path: str) -> Response:
        found = self._matching(request.query_params.get("recipient", ""))
        if path == "/messages":
            return JSONResponse([_as_json(received) for received in found])
        if path == "/":
            return self._page(request, found)
        return PlainTextResponse("not found", 404)

    async def _take(self, request: Request) -> Response:
        try:
            letter = msgspec.json.decode(await request.body(), type=Letter)
        except UNREADABLE:
            return PlainTextResponse("a message has channel, recipient and body", 422)
        key = request.headers.get("Idempotency-Key", "")
        if not key or key not in self._keys:
            self._keys.append(key)
            self._received.appendleft(Received(self._clock.now(), letter))
        return JSONResponse({"id": key}, 202)

    def _matching(self, recipient: str) -> list[Received]:
        return [received for received in self._received if recipient in received.letter.recipient]

    def _page(self, request: Request, found: list[Received]) -> Response:
        shown = [(received.at.astimezone(KYIV).strftime("%H:%M:%S"), received.letter) for received in found[:100]]
        html = self._template.render(
            letters=shown, ways=WAYS, asset=self._assets.url, recipient=request.query_params.get("recipient", "")
        )
        return HTMLResponse(html, headers=SECURITY)


def _as_json(received: Received) -> dict[str, str]:
    return {"at": received.at.isoformat(), **msgspec.structs.asdict(received.letter)}


def make(settings: Settings) -> ASGIApp:
    """The inbox as an application; RuntimeError outside the sandbox, for messages carry codes."""
    if not settings.sandbox:
        raise RuntimeError("The development inbox runs in the sandbox only: ESOZ_SANDBOX=1")
    return InboxApp()
