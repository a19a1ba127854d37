"""A simulator of Diia.Signature: the API that acquirers call, and a page in the part of the phone.

Like Diia it is given names and digests of documents, never the documents, and brings detached signatures back by a
callback. Unlike Diia it also tells of a refusal: by a callback without signatures.
"""

import base64
import json
import secrets
from collections import OrderedDict
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from esoz.gateways.diia import ACTION, REQUEST_ID, SANDBOX_KEY, SIGNING
from esoz.kernel.clock import Clock, SystemClock
from esoz.kernel.lifespan import live
from esoz.kernel.pages.assets import PREFIX, Assets
from esoz.kernel.pages.security import StaleForm, must_be_own_page
from esoz.kernel.payload import UNREADABLE
from esoz.kernel.settings import Settings
from esoz.signature import SignatureError, open_key_file, sign_digest

from .inbox import SECURITY

KEPT = 200
BRANCHES = ("mis", "cabinet")
MOST_FORM = 10_000
STATES = {
    "asked": "",
    "signed": "Підписано. Поверніться на сторінку, з якої прийшли.",
    "refused": "Ви відмовилися підписувати.",
    "failed": "Система не прийняла підпис. Перевірте, чий телефон Ви тримаєте, і спробуйте ще раз.",
}


class HashedFile(msgspec.Struct, rename="camel"):
    """A document as Diia sees it."""

    file_name: str
    file_hash: str


class HashedFiles(msgspec.Struct, rename="camel"):
    hashed_files: list[HashedFile]


class Data(msgspec.Struct, rename="camel"):
    hashed_files_signing: HashedFiles


class Offer(msgspec.Struct, rename="camel"):
    """The body of a dynamic request."""

    offer_id: str
    request_id: str
    data: Data
    return_link: str = ""
    sign_algo: str = "DSTU"


@dataclass(slots=True)
class PhoneRequest:
    """One request on the phone."""

    branch: str
    offer: Offer
    state: str = "asked"


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """Where the simulator stands: its own address, the callbacks of branches, the people of the demo."""

    url: str
    callbacks: dict[str, str]
    people: Path


@dataclass(slots=True)
class DiiaApp:
    """`GET /api/v1/auth/acquirer/…`, `POST /api/v2/acquirers/branch/…/offer-request/dynamic`, and `/request/…`."""

    config: SimulatorConfig
    clock: Clock = field(default_factory=SystemClock)
    transport: httpx.AsyncBaseTransport | None = None
    assets: Assets = field(default_factory=Assets)
    sessions: set[str] = field(default_factory=set)
    requests: OrderedDict[str, PhoneRequest] = field(default_factory=OrderedDict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, nullcontext())
            return
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        match path.strip("/").split("/"):
            case ["health", "live" | "ready"]:
                return PlainTextResponse("ready")
            case ["api", "v1", "auth", "acquirer", _token]:
                return self._session()
            case ["api", "v2", "acquirers", "branch", branch, "offer-request", "dynamic"] if request.method == "POST":
                return await self._ask(request, branch)
            case ["request", id] if id in self.requests:
                return await self._phone(request, id)
            case _ if path.startswith(PREFIX):
                return self.assets.respond(path, request.headers.get("accept-encoding", ""))
        return PlainTextResponse("not found", 404)

    def _session(self) -> Response:
        token = secrets.token_urlsafe(24)
        self.sessions.add(token)
        return JSONResponse({"token": token})

    async def _ask(self, request: Request, branch: str) -> Response:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.sessions:
            return JSONResponse({"message": "session token"}, 401)
        try:
            offer = msgspec.json.decode(await request.body(), type=Offer)
        except UNREADABLE as fault:
            return JSONResponse({"message": str(fault)}, 400)
        if branch not in self.config.callbacks:
            return JSONResponse({"message": "branch"}, 404)
        id = secrets.token_urlsafe(12)
        self.requests[id] = PhoneRequest(branch, offer)
        while len(self.requests) > KEPT:
            self.requests.popitem(last=False)
        return JSONResponse({"deeplink": f"{self.config.url}/request/{id}"})

    async def _phone(self, request: Request, id: str) -> Response:
        signing = self.requests[id]
        if request.method == "POST" and signing.state in {"asked", "failed"}:
            try:
                must_be_own_page(request.headers, self.config.url)
            except StaleForm:
                return PlainTextResponse("forbidden", 403)
            async with request.form(max_fields=5, max_part_size=MOST_FORM) as form:
                signing.state = await self._act(signing, str(form.get("person", "")), str(form.get("act", "")))
        return self._page(request, signing)

    async def _act(self, signing: PhoneRequest, tax_id: str, act: str) -> str:
        """Sign or refuse, tell the branch, and what came of it."""
        items: list[dict[str, str]] = []
        if act == "sign":
            try:
                items = self._sign(signing, tax_id)
            except (StopIteration, SignatureError, OSError, ValueError):
                return "failed"
        is_taken = await self._tell(signing, items)
        return "failed" if not is_taken else "signed" if items else "refused"

    def _sign(self, signing: PhoneRequest, tax_id: str) -> list[dict[str, str]]:
        person = next(each for each in self._people() if each["tax_id"] == tax_id)
        entry = open_key_file(Path(person["key_file"]).read_bytes(), person["key_password"])
        key, certificate = entry.signing
        now = self.clock.now()
        return [
            {
                "name": file.file_name,
                "signature": base64.b64encode(
                    sign_digest(base64.b64decode(file.file_hash), key, certificate, at=now)
                ).decode(),
            }
            for file in signing.offer.data.hashed_files_signing.hashed_files
        ]

    async def _tell(self, signing: PhoneRequest, items: list[dict[str, str]]) -> bool:
        data = base64.b64encode(msgspec.json.encode({"signedItems": items})).decode()
        headers = {REQUEST_ID: signing.offer.request_id, ACTION: SIGNING}
        try:
            async with httpx.AsyncClient(timeout=10, transport=self.transport) as client:
                answer = await client.post(
                    self.config.callbacks[signing.branch], files={"encodeData": (None, data)}, headers=headers
                )
                return answer.status_code == httpx.codes.OK and bool(answer.json().get("success"))
        except (httpx.HTTPError, ValueError):
            return False

    def _page(self, request: Request, signing: PhoneRequest) -> Response:
        template = Environment(loader=PackageLoader("esoz.sandbox"), autoescape=True).get_template("diia.html")
        html = template.render(
            signing=signing,
            said=STATES[signing.state],
            files=signing.offer.data.hashed_files_signing.hashed_files,
            people=self._people(),
            asset=self.assets.url,
            path=request.url.path,
        )
        return HTMLResponse(html, headers=SECURITY)

    def _people(self) -> list[dict[str, Any]]:
        table: dict[str, Any] = json.loads(self.config.people.read_text("utf-8"))
        people: list[dict[str, Any]] = [person for person in table["people"] if person["key_file"]]
        return sorted(people, key=lambda person: (not person["shown"], person["name"]))


def make(settings: Settings) -> ASGIApp:
    """The simulator as an application; RuntimeError outside the sandbox, for it signs with the keys of demo people."""
    if not settings.sandbox:
        raise RuntimeError("The simulator of Diia runs in the sandbox only: ESOZ_SANDBOX=1")
    callbacks = {part: f"{settings.url(part)}/signing/callback/{SANDBOX_KEY}" for part in BRANCHES}
    return DiiaApp(SimulatorConfig(settings.url("diia"), callbacks, settings.var / "demo.json"))
