"""The request pipeline: identify, scope, transaction, validate, handler, audit, commit, envelope."""

import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

import asyncpg
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from . import audit, envelope, idempotency, logs, strangers
from .admission import Admission, unlimited
from .clock import Clock
from .db import Connection, Database
from .errors import (
    AccessDenied,
    Forbidden,
    NotFound,
    Problem,
    Unavailable,
)
from .idempotency import Answer, Claim
from .json_body import read_json
from .limits import Limiter, RateLimited, bearer_of
from .metrics import REQUESTS
from .operation import Call, File, Operation, Operations, Reply
from .outages import OUTAGES
from .prepared import Prepared
from .refused import facts_of
from .request import Request
from .router import Router
from .spelling import composed, composed_bytes
from .transaction import retrying
from .validation import Schema
from .vault import Vault
from .work import NOBODY, Actor, AuditEntry, Dependencies, Work, remembering

_Content: TypeAlias = tuple[object, Schema | None]  # the JSON value of a body, and the schema that it was found to fit
_NO_CONTENT: _Content = ({}, None)

# Whom a request was about: its path as published, the variables of the path, the body. Asked only of what was refused.
Whose: TypeAlias = Callable[[Connection, str, Mapping[str, str], bytes], Awaitable[uuid.UUID | None]]


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
    params: Mapping[str, str] = field(default_factory=dict)
    patient_id: uuid.UUID | None = None
    raw: bytes = b""
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
        self.admission: Admission = unlimited()  # the process says how many it can serve
        self.whose: Whose | None = None  # who assembles the API knows where persons are named
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
        if "\0" in request.path:
            raise NotFound()
        match = self.router.match(request.method, request.path)
        operation = context.operation = match.target
        context.params = match.params
        context.patient_id = _uuid(match.params.get(operation.patient))
        self.admission.must_have_room(request.scope)
        await self._count(request, context, operation)
        raw = context.raw = composed_bytes(await request.body(self.max_body))
        perform = self._read if operation.reads else self._write
        async with self.admission.turn():
            return await retrying(lambda: perform(request, context, raw))

    async def _count(self, request: Request, context: _RequestContext, operation: Operation) -> None:
        bearer = bearer_of(request.headers, request.address)
        allowance = await self.limiter.admit(operation.id, bearer, self.clock.now())
        if allowance is not None:
            context.headers = allowance.headers()

    async def _identify(self, request: Request, context: _RequestContext, operation: Operation) -> None:
        context.actor = await self.gate.identify(request.headers, operation, self.clock.now())
        must_have_scope(context.actor, operation)

    async def _read(self, request: Request, context: _RequestContext, raw: bytes) -> Answer:
        """A read changes nothing, so it needs no transaction; its audit line is durable before the answer leaves."""
        operation = context.of
        await self._identify(request, context, operation)
        async with self.database.connection() as db:
            work = Work(context.actor, self.clock.now(), db, self.dependencies)
            call = self._call(context, work, request, raw)
            reply = await operation.handler(call)
            call.must_be_read()
        about, lines = self._lines(work, context)
        await self._ledger.write(about, lines)
        if isinstance(reply.data, File):
            return Answer(reply.data.content, reply.status, reply.data.headers())
        if isinstance(reply.data, Prepared):
            before, after = envelope.around(reply, context.url, context.request_id)
            status, body, headers = reply.data.answer(request.headers, before, after)
            return Answer(body, status or reply.status, headers)
        return Answer(envelope.answer(reply, context.url, context.request_id), reply.status, dict(reply.headers))

    async def _write(self, request: Request, context: _RequestContext, raw: bytes) -> Answer:
        """An act, its audit line and its idempotency key in one transaction."""
        operation = context.of
        await self._identify(request, context, operation)
        async with self.database.act() as db:
            work = Work(context.actor, self.clock.now(), db, self.dependencies)
            claim = await self._claim(request, operation, work, raw)
            if claim is not None and claim.first is not None:
                await self._write_repeated(work, context, operation)
                return claim.first
            content = self._validate(operation, raw)
            try:
                call = self._call(context, work, request, raw, content)
                reply = await operation.handler(call)
                call.must_be_read()
                await audit.write(db, *self._lines(work, context))
                return await self._answer(work, context, reply, claim)
            except Problem as problem:
                if not problem.keeps:
                    raise
                if claim is not None:
                    await idempotency.forget(db, claim)
                if work.recorded:
                    await audit.write(db, *self._lines(work, context))
                refused = problem
        raise refused

    def _call(
        self, context: _RequestContext, work: Work, request: Request, raw: bytes, content: _Content = _NO_CONTENT
    ) -> Call:
        asked = [(name, composed(value)) for name, value in request.query]
        return Call(work, context.params, asked, raw, *content, request.headers, self.base_url)

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
        line = AuditEntry(f"{operation.id}.repeated", _place(context.params), context.patient_id, {})
        await audit.write(work.db, about, [line])

    def _validate(self, operation: Operation, raw: bytes) -> _Content:
        value = read_json(raw or b"{}")
        published = self.dependencies.schemas.request(operation.method, operation.path)
        if published is not None and operation.schema_validation:
            published.check(value)
        return value, published

    def _lines(self, work: Work, context: _RequestContext) -> tuple[audit.AuditContext, Sequence[AuditEntry]]:
        operation, lines = context.of, work.recorded
        if not lines and operation.event is not None:
            lines = [AuditEntry(str(operation.event), _place(context.params), None, {})]
        if not lines:
            raise RuntimeError(f"{operation.id} left no line in the audit log")
        return audit.AuditContext(work.now, context.request_id, operation.id, work.actor), lines

    async def _write_refusal(self, context: _RequestContext, problem: Problem) -> None:
        operation = context.operation
        if operation is None or problem.status >= 500 or isinstance(problem, RateLimited):
            return
        if context.actor == NOBODY:
            strangers.note(operation.id, problem.type)
            return
        about = audit.AuditContext(self.clock.now(), context.request_id, operation.id, context.actor)
        place = _place(context.params)
        try:
            patient_id = context.patient_id or await self._patient(context, operation)
            line = AuditEntry(f"{operation.id}.refused", place, patient_id, facts_of(problem))
            await self._ledger.write(about, [line], outcome=problem.type)
        except (Unavailable, asyncpg.PostgresError, *OUTAGES) as fault:
            logs.exception("refusal was not audited", fault, request_id=context.request_id)

    async def _patient(self, context: _RequestContext, operation: Operation) -> uuid.UUID | None:
        """Whom it was about where the path does not say so; else the patient who asked."""
        found = None
        if self.whose is not None:
            async with self.database.connection() as db:
                found = await self.whose(db, operation.path, context.params, context.raw)
        return found or context.actor.person_id

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


def must_have_scope(actor: Actor, operation: Operation) -> None:
    """The first of the two permissions: may this kind of caller use the operation at all (GW-1, GW-2)."""
    if operation.scope is None:
        return
    if actor.token_id is None:
        raise AccessDenied("Invalid access token")
    missing = [scope for scope in operation.scope.split() if scope not in actor.scopes]
    if missing:
        raise Forbidden(f"Your scope does not allow to access this resource. Missing allowances: {', '.join(missing)}")


def _place(params: Mapping[str, str]) -> str:
    """What a request is about: the last that its path names."""
    return next(reversed(list(params.values())), "")


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
