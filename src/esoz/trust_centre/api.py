"""The operator's JSON API: issue, enrol, find, revoke. Everybody else needs only the public services."""

import asyncio
import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from esoz.kernel.db import as_model
from esoz.kernel.errors import AccessDenied
from esoz.kernel.operation import Call, Operation, Operations, Paging, Reply
from esoz.kernel.validation import Schema
from esoz.kernel.work import Actor, Dependencies, SignedContent, Work

from . import commands, store
from .centre import Centre
from .model import Event, Family, Identity, KeyFormat, Reason, Record

OPERATOR = uuid5(UUID(int=0), "operator of the trust centre")


class IssueBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks for a key and its certificate."""

    family: Family
    identity: Identity
    password: str
    format: KeyFormat = KeyFormat.PKCS12
    valid_from: datetime | None = None
    valid_to: datetime | None = None


class EnrolBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks for a certificate of a key that was made elsewhere: `request` is PKCS#10, PEM or base64 of DER."""

    family: Family
    identity: Identity
    request: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None


class RevokeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Reason = Reason.UNSPECIFIED


class ExpireBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In how many seconds the twin ends; 0 makes one that is over already."""

    seconds: int = msgspec.field(default=0)

    def __post_init__(self) -> None:
        if not 0 <= self.seconds <= 86_400:
            raise ValueError("Expected `int` >= 0 and <= 86400")


class SearchQuery(msgspec.Struct, frozen=True):
    search: str = ""
    family: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreGear(Dependencies):
    """The dependencies of this part: besides, its authorities and their keys."""

    centre: Centre


def centre_of(work: Work) -> Centre:
    """The centre that the work is done in."""
    assert isinstance(work.dependencies, CentreGear)
    return work.dependencies.centre


class NoSchemas:
    """This API publishes no JSON Schemas: bodies are checked by their typed structures."""

    def request(self, method: str, path: str) -> Schema | None:
        return None

    def signed(self, method: str, path: str) -> Schema | None:
        return None


def judge_nothing(document: bytes, *, at: datetime, now: datetime | None = None) -> SignedContent:
    """No operation of this part takes signed documents."""
    raise AccessDenied()


@dataclass(frozen=True, slots=True)
class OperatorGate:
    """Lets in whoever shows the operator's key, as X-API-Key or as a bearer token."""

    key: str

    def knows(self, given: str) -> bool:
        """Is this the key; the comparison takes the same time for every wrong one."""
        return hmac.compare_digest(given.encode(), self.key.encode())

    async def identify(self, headers: Mapping[str, str], operation: Operation, now: datetime) -> Actor:
        given = headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")
        if not self.knows(given):
            raise AccessDenied("Invalid API key")
        return Actor(user_id=OPERATOR, token_id=OPERATOR)


operations = Operations()


@operations.add("issue_certificate", "POST /api/certificates", scope="")
async def issue(call: Call) -> Reply:
    body = call.body(IssueBody)
    order = commands.CertificateOrder(
        family=body.family, identity=body.identity, valid_from=body.valid_from, valid_to=body.valid_to
    )
    record, issued = await commands.issue(call.work, centre_of(call.work), order)
    content = await asyncio.to_thread(commands.key_file, issued, body.format, body.password)
    file = {"name": body.format.file_name, "content": base64.b64encode(content).decode()}
    return Reply({**shown(record, call.work.now), "key_file": file}, 201)


@operations.add("enrol_key", "POST /api/enrolments", scope="")
async def enrol(call: Call) -> Reply:
    body = call.body(EnrolBody)
    order = commands.CertificateOrder(
        family=body.family, identity=body.identity, valid_from=body.valid_from, valid_to=body.valid_to
    )
    record = await commands.enrol(call.work, centre_of(call.work), order, body.request)
    return Reply(shown(record, call.work.now), 201)


@operations.add("list_certificates", "GET /api/certificates", scope="", event=Event.LISTED)
async def search(call: Call) -> Reply:
    query = call.query(SearchQuery)
    criteria = store.SearchCriteria(query.search.strip(), query.family, query.status)
    found = await store.search(call.work.db, criteria, call.page(), call.work.now)
    rows = [shown(as_model(Record, row), call.work.now) for row in found.rows]
    return Reply(rows, paging=Paging.of(found))


@operations.add("get_certificate", "GET /api/certificates/{id}", scope="", event=Event.READ)
async def get(call: Call) -> Reply:
    return Reply(shown(await commands.find(call.work, call.id("id")), call.work.now))


@operations.add("revoke_certificate", "POST /api/certificates/{id}/actions/revoke", scope="")
async def revoke(call: Call) -> Reply:
    body = call.body(RevokeBody)
    record = await commands.revoke(call.work, centre_of(call.work), call.id("id"), body.reason)
    return Reply(shown(record, call.work.now))


@operations.add("restore_certificate", "POST /api/certificates/{id}/actions/restore", scope="")
async def restore(call: Call) -> Reply:
    return Reply(shown(await commands.restore(call.work, centre_of(call.work), call.id("id")), call.work.now))


@operations.add("expire_certificate", "POST /api/certificates/{id}/actions/expire", scope="")
async def expire(call: Call) -> Reply:
    body = call.body(ExpireBody)
    record = await commands.expire(call.work, centre_of(call.work), call.id("id"), seconds=body.seconds)
    return Reply(shown(record, call.work.now), 201)


def shown(record: Record, at: datetime) -> dict[str, object]:
    """A certificate for programs."""
    return {
        "id": record.id,
        "family": record.family,
        "serial_number": record.serial_number,
        "key_identifier": record.key_identifier,
        "name": record.name,
        "identity": record.identity,
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "status": record.shown_status(at),
        "reason": record.reason,
        "revoked_at": record.revoked_at,
        "issued_at": record.issued_at,
        "certificate": base64.b64encode(record.content).decode(),
    }
