"""The request pipeline: identify, scope, transaction, validate, handler, audit, commit, envelope."""

import re
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import asyncpg
import msgspec
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from . import audit, envelope, idempotency, logs
from .clock import Clock
from .db import Database
from .errors import (
    AccessDenied,
    BadRequest,
    Forbidden,
    Invalid,
    Problem,
    Rejected,
    Unavailable,
)
from .idempotency import Answer, Claim
from .limits import Limiter, RateLimited, bearer_of
from .metrics import REQUESTS
from .operation import Call, Operation, Operations, Reply
from .payload import UNREADABLE
from .prepared import Prepared
from .request import Request
from .router import Router
from .transaction import NO_TEXT, retrying
from .vault import Vault
from .work import NOBODY, Actor, AuditEntry, Dependencies, Work, remembering

NO_DAY = "expected a day between the years 2 and 9998"
_END_OF_TIME = re.compile(r"(0001|9999)-[0-9]{2}-[0-9]{2}(T|$)")


class Gate(Protocol):
    """Tells who asks. Raises AccessDenied."""

    async def identify(self, headers: Mapping[str, str], operation: Operation, now: datetime) -> Actor: ...


@dataclass(slots=True)
class _RequestContext:
    """What is known about one request at any point, for the log and the audit of refusals."""

    request_id: str
    url: str
    operation: Operation | None = None
    actor: Actor = NOBODY
    patient_id: uuid.UUID | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # of the answer, whatever it will be

    @property
    def of(self) -> Operation:
        """The operation, once the path was understood."""
        assert self.operation is not None
        return self.operation


class API:
    """An ASGI application made of operations."""

    def __init__(
        self,
        contexts: Iterable[Operations],
        *,
        database: Database,
        gate: Gate,
        dependencies: Dependencies,
        clock: Clock,
        base_url: str,
        max_body: int,
        limits: Limiter | None = None,
    ) -> None:
        self.router: Router[Operation] = Router()
        for operations in contexts:
            for operation in operations:
                self.router.add(operation.method, operation.path, operation)
        self.database, self.gate, self.dependencies = database, gate, remembering(dependencies, database)
        self.clock, self.base_url, self.max_body = clock, base_url, max_body
        self.limiter, self._vault = limits or Limiter(0, {}), Vault(dependencies.secret, "idempotency")
        self._ledger = audit.Ledger(database)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        context = _RequestContext(request.id, f"{self.base_url}{request.path}")
        started = time.perf_counter()
        try:
            answer = await self._travel(request, context)
        except Problem as problem:
            await self._write_refusal(context, problem)
            answer = _failure(problem, context)
        except ClientDisconnect:
            return
        except Exception as fault:  # noqa: BLE001 the last gate: nothing of the inside is told
            logs.exception("request failed", fault, request_id=context.request_id)
            answer = _failure(Problem(), context)
        self._note(request, context, answer, time.perf_counter() - started)
        await _send(send, answer, context)

    async def _travel(self, request: Request, context: _RequestContext) -> Answer:
        match = self.router.match(request.method, request.path)
        operation = context.operation = match.target
        context.patient_id = _uuid(match.params.get(operation.patient))
        await self._count(request, context, operation)
        _must_be_usable(request)
        raw = await request.body(self.max_body)
        perform = self._read if operation.reads else self._write
        return await retrying(lambda: perform(request, context, match.params, raw))

    async def _count(self, request: Request, context: _RequestContext, operation: Operation) -> None:
        bearer = bearer_of(request.headers, request.address)
        allowance = await self.limiter.admit(operation.id, bearer, self.clock.now())
        if allowance is not None:
            context.headers = allowance.headers()

    async def _identify(self, request: Request, context: _RequestContext, operation: Operation) -> None:
        context.actor = await self.gate.identify(request.headers, operation, self.clock.now())
        must_have_scope(context.actor, operation)

    async def _read(self, request: Request, context: _RequestContext, params: Mapping[str, str], raw: bytes) -> Answer:
        """A read changes nothing, so it needs no transaction; its audit line is durable before the answer leaves."""
        operation = context.of
        await self._identify(request, context, operation)
        async with self.database.connection() as db:
            work = Work(context.actor, self.clock.now(), db, self.dependencies)
            reply = await operation.handler(self._call(work, request, params, raw))
        about, lines = self._lines(work, context, params)
        await self._ledger.write(about, lines)
        if isinstance(reply.data, Prepared):
            before, after = envelope.around(reply, context.url, context.request_id)
            status, body, headers = reply.data.answer(request.headers, before, after)
            return Answer(body, status or reply.status, headers)
        return Answer(envelope.answer(reply, context.url, context.request_id), reply.status, dict(reply.headers))

    async def _write(self, request: Request, context: _RequestContext, params: Mapping[str, str], raw: bytes) -> Answer:
        """An act, its audit line and its idempotency key in one transaction."""
        operation = context.of
        await self._identify(request, context, operation)
        async with self.database.transaction() as db:
            work = Work(context.actor, self.clock.now(), db, self.dependencies)
            claim = await self._claim(request, operation, work, raw)
            if claim is not None and claim.first is not None:
                await self._write_repeated(work, context, operation)
                return claim.first
            self._validate(operation, raw)
            try:
                reply = await operation.handler(self._call(work, request, params, raw))
                await audit.write(db, *self._lines(work, context, params))
                return await self._answer(work, context, reply, claim)
            except Problem as problem:
                if not problem.keeps:
                    raise
                if claim is not None:
                    await idempotency.forget(db, claim)
                refused = problem
        raise refused

    def _call(self, work: Work, request: Request, params: Mapping[str, str], raw: bytes) -> Call:
        return Call(work, params, dict(request.query), raw, request.headers, self.base_url)

    async def _claim(self, request: Request, operation: Operation, work: Work, raw: bytes) -> Claim | None:
        """The idempotency key of a write by someone we know; elsewhere it has no meaning."""
        if operation.reads or work.actor.token_id is None or (key := idempotency.key_of(request.headers)) is None:
            return None
        asked = idempotency.fingerprint(request.method, request.target, raw)
        return await idempotency.claim(work.db, work.actor, key, asked, at=work.now, vault=self._vault)

    async def _answer(self, work: Work, context: _RequestContext, reply: Reply, claim: Claim | None) -> Answer:
        key = claim.key if claim else None
        body = b"" if reply.status == 204 else envelope.answer(reply, context.url, context.request_id, key)
        answer = Answer(body, reply.status, dict(reply.headers))
        if claim is not None:
            await idempotency.keep(work.db, claim, answer, self._vault)
        return answer

    async def _write_repeated(self, work: Work, context: _RequestContext, operation: Operation) -> None:
        about = audit.AuditContext(work.now, context.request_id, operation.id, work.actor)
        place = context.url.rsplit("/", 1)[-1]
        await audit.write(work.db, about, [AuditEntry(f"{operation.id}.repeated", place, context.patient_id, {})])

    def _validate(self, operation: Operation, raw: bytes) -> None:
        schema = (
            self.dependencies.schemas.request(operation.method, operation.path) if operation.schema_validation else None
        )
        if schema is not None:
            schema.check(parse(raw or b"{}"))

    def _lines(
        self, work: Work, context: _RequestContext, params: Mapping[str, str]
    ) -> tuple[audit.AuditContext, Sequence[AuditEntry]]:
        operation, lines = context.of, work.recorded
        if not lines and operation.event is not None:
            lines = [AuditEntry(str(operation.event), next(reversed(list(params.values())), ""), None, {})]
        if not lines:
            raise RuntimeError(f"{operation.id} left no line in the audit log")
        return audit.AuditContext(work.now, context.request_id, operation.id, work.actor), lines

    async def _write_refusal(self, context: _RequestContext, problem: Problem) -> None:
        operation = context.operation
        if operation is None or problem.status >= 500 or isinstance(problem, RateLimited):
            return
        about = audit.AuditContext(self.clock.now(), context.request_id, operation.id, context.actor)
        place = context.url.rsplit("/", 1)[-1]
        line = AuditEntry(f"{operation.id}.refused", place, context.patient_id, {"status": problem.status})
        try:
            await self._ledger.write(about, [line], outcome=problem.type)
        except (Unavailable, asyncpg.PostgresError, OSError) as fault:
            logs.exception("refusal was not audited", fault, request_id=context.request_id)

    def _note(self, request: Request, context: _RequestContext, answer: Answer, seconds: float) -> None:
        name = context.operation.id if context.operation else "unknown"
        REQUESTS.labels(name, str(answer.status)).observe(seconds)
        logs.info(
            "request",
            request_id=context.request_id,
            operation=name,
            method=request.method,
            status=answer.status,
            milliseconds=round(seconds * 1000, 1),
            user_id=context.actor.user_id,
            client_id=context.actor.client_id,
        )


def _must_be_usable(request: Request) -> None:
    """Raise Rejected for what no database can look for: texts with NUL, and days at the very ends of the calendar.

    A moment of year 1 or 9999 in another zone of time is no moment any more.
    """
    for name, value in request.query:
        if "\0" in name or "\0" in value:
            raise Rejected(invalid=(Invalid("$", "format", NO_TEXT, (), "query_parameter"),))
        if _END_OF_TIME.match(value):
            raise Rejected(invalid=(Invalid(f"$.{name}", "format", NO_DAY, (), "query_parameter"),))


def must_have_scope(actor: Actor, operation: Operation) -> None:
    """The first of the two permissions: may this kind of caller use the operation at all (GW-1, GW-2)."""
    if operation.scope is None:
        return
    if actor.token_id is None:
        raise AccessDenied("Invalid access token")
    missing = [scope for scope in operation.scope.split() if scope not in actor.scopes]
    if missing:
        raise Forbidden(f"Your scope does not allow to access this resource. Missing allowances: {', '.join(missing)}")


def parse(raw: bytes) -> object:
    """Bytes → JSON value; raise BadRequest."""
    try:
        return msgspec.json.decode(raw)
    except UNREADABLE as fault:
        raise BadRequest("Malformed JSON") from fault


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


async def _send(send: Send, answer: Answer, context: _RequestContext) -> None:
    headers = {
        "content-length": str(len(answer.body)),
        "content-type": "application/json",
        "x-request-id": context.request_id,
        "cache-control": "no-store",
        **{name.lower(): value for name, value in (*context.headers.items(), *answer.headers.items())},
    }
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": answer.body})


def _failure(problem: Problem, context: _RequestContext) -> Answer:
    return Answer(envelope.failure(problem, context.url, context.request_id), problem.status, problem.headers)
