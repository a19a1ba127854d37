"""The part of Diia that acquirers see: offers are made to it, and what the holder decided is brought back.

Like Diia it is given names and digests of documents, never the documents, and brings detached signatures back by a
callback. Unlike Diia it also tells of a refusal: by a callback without signatures.
"""

import base64
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import httpx
import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from esoz.gateways.diia import ACTION, REQUEST_ID, SIGNING
from esoz.kernel.payload import UNREADABLE

from .keys import Key

PREFIX = "/api/"
KEPT = 200  # requests
SESSIONS = 50  # of acquirers


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

    @property
    def files(self) -> Sequence[HashedFile]:
        return self.data.hashed_files_signing.hashed_files


@dataclass(slots=True)
class SigningRequest:
    """One request on the telephone: asked, signed, refused, or failed and to be tried again."""

    branch: str
    offer: Offer
    state: str = "asked"

    @property
    def is_open(self) -> bool:
        return self.state in {"asked", "failed"}


@dataclass(slots=True)
class Acquirers:
    """`GET /api/v1/auth/acquirer/…`, `POST /api/v2/acquirers/branch/…/offer-request/dynamic`, and what came of it.

    Kept in memory: a deep link lives for minutes.
    """

    url: str
    callbacks: dict[str, str]  # of branches
    transport: httpx.AsyncBaseTransport | None = None
    sessions: OrderedDict[str, None] = field(default_factory=OrderedDict)
    requests: OrderedDict[str, SigningRequest] = field(default_factory=OrderedDict)

    async def answer(self, request: Request) -> Response:
        match request.url.path.strip("/").split("/"):
            case ["api", "v1", "auth", "acquirer", _token]:
                return self._session()
            case ["api", "v2", "acquirers", "branch", branch, "offer-request", "dynamic"] if request.method == "POST":
                return await self._ask(request, branch)
        return JSONResponse({"message": "not found"}, 404)

    def _session(self) -> Response:
        token = secrets.token_urlsafe(24)
        self.sessions[token] = None
        _bound(self.sessions, SESSIONS)
        return JSONResponse({"token": token})

    async def _ask(self, request: Request, branch: str) -> Response:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.sessions:
            return JSONResponse({"message": "session token"}, 401)
        try:
            offer = msgspec.json.decode(await request.body(), type=Offer)
            for file in offer.files:
                base64.b64decode(file.file_hash, validate=True)
        except (ValueError, *UNREADABLE) as fault:
            return JSONResponse({"message": str(fault)}, 400)
        if branch not in self.callbacks:
            return JSONResponse({"message": "branch"}, 404)
        id = secrets.token_urlsafe(12)
        self.requests[id] = SigningRequest(branch, offer)
        _bound(self.requests, KEPT)
        return JSONResponse({"deeplink": f"{self.url}/request/{id}"})

    async def sign(self, request: SigningRequest, key: Key, now: datetime) -> None:
        """Sign all documents and tell the branch. Raises KeyUnusable."""
        items = [{"name": file.file_name, "signature": _signature(key, file, now)} for file in request.offer.files]
        request.state = "signed" if await self._tell(request, items) else "failed"

    async def refuse(self, request: SigningRequest) -> None:
        """Tell the branch that the holder does not sign."""
        request.state = "refused" if await self._tell(request, []) else "failed"

    async def _tell(self, request: SigningRequest, items: list[dict[str, str]]) -> bool:
        data = base64.b64encode(msgspec.json.encode({"signedItems": items})).decode()
        headers = {REQUEST_ID: request.offer.request_id, ACTION: SIGNING}
        try:
            async with httpx.AsyncClient(timeout=10, transport=self.transport) as client:
                answer = await client.post(
                    self.callbacks[request.branch], files={"encodeData": (None, data)}, headers=headers
                )
                return answer.status_code == httpx.codes.OK and bool(answer.json().get("success"))
        except (httpx.HTTPError, ValueError):
            return False


def _signature(key: Key, file: HashedFile, now: datetime) -> str:
    return base64.b64encode(key.sign_digest(base64.b64decode(file.file_hash), now)).decode()


def _bound(kept: OrderedDict[str, SigningRequest] | OrderedDict[str, None], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
