"""The request pipeline: identify, scope, transaction, validate, handler, audit, commit, envelope."""

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

import asyncpg
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
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
    Rejected,
    TooLarge,
    Unavailable,
    UnsupportedMedia,
)
from .idempotency import Answer, Claim
from .json_body import read_json, text_fault
from .limits import Limiter, RateLimited, bearer_of
from .metrics import REQUESTS
from .operation import Call, Operation, Operations, Reply
from .outages import OUTAGES
from .router import Router
from .spelling import composed, composed_bytes
from .transaction import retrying
from .validation import Schema
from .vault import Vault
from .work import NOBODY, Actor, AuditEntry, Dependencies, Work

BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
_EMPTY = frozenset({b"[]", b"{}"})  # some languages write an object without members as a list


class Gate(Protocol):
    """Tells who asks. Raises AccessDenied."""

    async def identify(
        self, db: Connection, headers: Mapping[str, str], operation: Operation, clock: Clock
    ) -> Actor: ...


@dataclass(slots=True)
class _RequestContext:
    """What is known about one request at any point, for the log and the audit of refusals."""

    request_id: str
    url: str
    operation: Operation | None = None
    actor: Actor = NOBODY
    params: Mapping[str, str] = field(default_factory=dict)
    patient_id: uuid.UUID | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # of the answer, whatever it will be


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
        self.database, self.gate, self.dependencies = database, gate, dependencies
        self.clock, self.base_url, self.max_body = clock, base_url, max_body
        self.limiter, self._vault = limits or Limiter(0, {}), Vault(dependencies.secret, "idempotency")
        self.admission: Admission = unlimited()  # the process says how many it can serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        context = _RequestContext(_request_id(request), f"{self.base_url}{request.url.path}")
        started = time.perf_counter()
        try:
            response = await self._travel(request, context)
        except Problem as problem:
            await self._write_refusal(context, problem)
            response = _failure(problem, context)
        except ClientDisconnect:
            return
        except Exception as fault:  # noqa: BLE001 the last gate: nothing of the inside is told
            logs.exception("request failed", fault, request_id=context.request_id)
            response = _failure(Problem(), context)
        self._note(request, context, response, time.perf_counter() - started)
        await response(scope, receive, send)

    async def _travel(self, request: Request, context: _RequestContext) -> Response:
        if "\0" in request.url.path:
            raise NotFound()
        match = self.router.match(request.method, request.url.path)
        context.operation, context.params = match.target, match.params
        context.patient_id = _uuid(match.params.get(match.target.patient))
        self.admission.must_have_room(request.scope)
        await self._count(request, context, match.target)
        _must_be_usable(request)
        raw = composed_bytes(await self._body(request))
        async with self.admission.turn():
            answer = await retrying(lambda: self._perform(request, context, match.params, raw))
        return _response(answer.body, answer.status, context, answer.headers)

    async def _count(self, request: Request, context: _RequestContext, operation: Operation) -> None:
        address = request.client.host if request.client else ""
        bearer = bearer_of(request.headers, address)
        allowance = await self.limiter.admit(operation.id, bearer, self.clock.now())
        if allowance is not None:
            context.headers = allowance.headers()

    async def _body(self, request: Request) -> bytes:
        if request.method not in BODY_METHODS:
            return b""
        declared = request.headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > self.max_body:
            raise TooLarge()
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self.max_body:
                raise TooLarge()
        if body and not request.headers.get("content-type", "").lower().startswith("application/json"):
            raise UnsupportedMedia()
        return b"" if bytes(body[:9]).strip() in _EMPTY and len(body) < 9 else bytes(body)

    async def _perform(
        self, request: Request, context: _RequestContext, params: Mapping[str, str], raw: bytes
    ) -> Answer:
        operation = context.operation
        assert operation is not None
        async with self._scope_of_work(operation)() as db:
            context.actor = await self.gate.identify(db, request.headers, operation, self.clock)
            must_have_scope(context.actor, operation)
            work = Work(context.actor, self.clock.now(), db, self.dependencies)
            claim = await self._claim(request, operation, work, raw)
            if claim is not None and claim.first is not None:
                await self._write_repeated(work, context, operation)
                return claim.first
            content = self._validate(operation, raw)
            asked = {name: composed(value) for name, value in request.query_params.items()}
            call = Call(work, params, asked, raw, *content, request.headers, self.base_url)
            try:
                reply = await operation.handler(call)
                call.must_be_read()
                await self._write_audit(work, context, operation, params)
                return await self._answer(work, context, reply, claim)
            except Problem as problem:
                if not problem.keeps:
                    raise
                if claim is not None:
                    await idempotency.forget(db, claim)
                if work.recorded:
                    await self._write_audit(work, context, operation, params)
                refused = problem
        raise refused

    async def _claim(self, request: Request, operation: Operation, work: Work, raw: bytes) -> Claim | None:
        """The idempotency key of a write by someone we know; elsewhere it has no meaning."""
        if operation.reads or work.actor.token_id is None or (key := idempotency.key_of(request.headers)) is None:
            return None
        asked = idempotency.fingerprint(request.method, f"{request.url.path}?{request.url.query}", raw)
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

    def _scope_of_work(self, operation: Operation) -> Callable[[], AbstractAsyncContextManager[Connection]]:
        # A read needs no transaction around it: its one write, the audit line, is a transaction by itself,
        # and it is written before the answer leaves. Two round trips less.
        return self.database.connection if operation.reads else self.database.transaction

    def _validate(self, operation: Operation, raw: bytes) -> tuple[object, Schema | None]:
        """The JSON value of the body, and the schema that it was found to fit."""
        if operation.reads:
            return {}, None
        value = read_json(raw or b"{}")
        published = self.dependencies.schemas.request(operation.method, operation.path)
        if published is not None and operation.schema_validation:
            published.check(value)
        return value, published

    async def _write_audit(
        self, work: Work, context: _RequestContext, operation: Operation, params: Mapping[str, str]
    ) -> None:
        lines = work.recorded
        if not lines and operation.event is not None:
            lines = [AuditEntry(str(operation.event), _place(params), None, {})]
        if not lines:
            raise RuntimeError(f"{operation.id} left no line in the audit log")
        about = audit.AuditContext(work.now, context.request_id, operation.id, work.actor)
        await audit.write(work.db, about, lines)

    async def _write_refusal(self, context: _RequestContext, problem: Problem) -> None:
        operation = context.operation
        if operation is None or problem.status >= 500 or isinstance(problem, RateLimited):
            return
        if context.actor == NOBODY:
            strangers.note(operation.id, problem.type)
            return
        about = audit.AuditContext(self.clock.now(), context.request_id, operation.id, context.actor)
        place = _place(context.params)
        line = AuditEntry(f"{operation.id}.refused", place, context.patient_id, {"status": problem.status})
        try:
            async with self.database.transaction() as db:
                await audit.write(db, about, [line], outcome=problem.type)
        except (Unavailable, asyncpg.PostgresError, *OUTAGES) as fault:
            logs.exception("refusal was not audited", fault, request_id=context.request_id)

    def _note(self, request: Request, context: _RequestContext, response: Response, seconds: float) -> None:
        name = context.operation.id if context.operation else "unknown"
        REQUESTS.labels(name, str(response.status_code)).observe(seconds)
        logs.info(
            "request",
            request_id=context.request_id,
            operation=name,
            method=request.method,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
            user_id=context.actor.user_id,
            client_id=context.actor.client_id,
        )


def _must_be_usable(request: Request) -> None:
    """Raise Rejected for a parameter that no database can look for."""
    for name, value in request.query_params.multi_items():
        usable = "\0" not in name
        fault = text_fault(f"$.{name}" if usable else "$", value if usable else name, entry_type="query_parameter")
        if fault is not None:
            raise Rejected(invalid=(fault,))


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


def _request_id(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    safe = len(given) <= 64 and all(character.isalnum() or character in "-_.#" for character in given)
    return given if given and safe else str(uuid.uuid4())


def _response(body: bytes, status: int, context: _RequestContext, headers: Mapping[str, str]) -> Response:
    return Response(
        body,
        status_code=status,
        media_type="application/json",
        headers={"X-Request-ID": context.request_id, "Cache-Control": "no-store", **context.headers, **headers},
    )


def _failure(problem: Problem, context: _RequestContext) -> Response:
    return _response(
        envelope.failure(problem, context.url, context.request_id), problem.status, context, problem.headers
    )
