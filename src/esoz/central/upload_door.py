"""The door of uploads: PUT of the bytes of a scan to the signed link that an answer of the API told.

Beside the pipeline of the API, because no JSON comes here and nobody signs in: the link is the permission.
"""

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from esoz.kernel import audit, envelope, logs, strangers
from esoz.kernel.admission import Admission, unlimited
from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.errors import MethodNotAllowed, Problem
from esoz.kernel.metrics import REQUESTS
from esoz.kernel.request import Request
from esoz.kernel.transaction import retrying
from esoz.kernel.work import NOBODY, Dependencies, Work

from . import uploads

OPERATION = "put_uploads"


class UploadDoor:
    """An ASGI application for all paths below `uploads.PATH`."""

    def __init__(self, database: Database, dependencies: Dependencies, clock: Clock, base_url: str) -> None:
        self.database, self.dependencies, self.clock, self.base_url = database, dependencies, clock, base_url
        self.admission: Admission = unlimited()  # the process says how many it can serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        started = self.admission.clock()
        refusal: Problem | None = None
        try:
            await self._take(request)
        except Problem as problem:
            strangers.note(OPERATION, problem.type)
            refusal = problem
        except ClientDisconnect:
            return
        except Exception as fault:  # noqa: BLE001 the last gate: nothing of the inside is told
            logs.exception("upload failed", fault, request_id=request.id)
            refusal = Problem()
        status = refusal.status if refusal else 200
        seconds = self.admission.clock() - started
        REQUESTS.labels(OPERATION, str(status)).observe(seconds)
        milliseconds = round(seconds * 1000, 1)
        logs.info(
            "upload",
            request_id=request.id,
            operation=OPERATION,
            method=request.method,
            status=status,
            milliseconds=milliseconds,
        )
        await self._send(send, request, refusal)

    async def _take(self, request: Request) -> None:
        """The link is judged before anything of the body is read."""
        if request.method != "PUT":
            raise MethodNotAllowed(headers={"Allow": "PUT"})
        self.admission.must_have_room(request.scope)
        place = uploads.Place.of(request.path)
        uploads.must_be_signed(place, dict(request.query), self.dependencies.secret, self.clock.now())
        content = await request.bytes(uploads.MOST_BYTES)
        async with self.admission.turn():
            await retrying(lambda: self._receive(request, place, content))

    async def _receive(self, request: Request, place: uploads.Place, content: bytes) -> None:
        async with self.database.act() as db:
            work = Work(NOBODY, self.clock.now(), db, self.dependencies)
            await uploads.receive(work, place, content)
            await audit.write(db, audit.AuditContext(work.now, request.id, OPERATION, NOBODY), work.recorded)

    async def _send(self, send: Send, request: Request, refusal: Problem | None) -> None:
        status, body, headers = 200, b"", {"cache-control": "no-store", "x-request-id": request.id}
        if refusal:
            status, body = refusal.status, envelope.failure(refusal, f"{self.base_url}{uploads.PATH}", request.id)
            headers |= {"content-type": "application/json", **refusal.headers}
        headers["content-length"] = str(len(body))
        await send({"type": "http.response.start", "status": status, "headers": Headers(headers).raw})
        await send({"type": "http.response.body", "body": body})
