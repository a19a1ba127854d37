"""Callers of the registries: officials of central, owners of clinics, and signed registrations."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec

from esoz.central import identity, organisations
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.sandbox.build import address
from esoz.sandbox.country import KYIV
from esoz.signature import Authority, Issued, Subject, sign
from tests.factories.people import tax_id
from tests.factories.world import Caller, give_token

EDRPOU = "44445555"
OWNER_TAX_ID = tax_id(318_000_001)


async def official(work: Work, like: Caller, type: str, *scopes: str) -> Caller:
    """Somebody of a client of this type (НСЗУ, a vendor) with a token of these scopes."""
    client_id, name = work.new_id(), f"{type.lower()}-{work.new_id()}"
    await identity.create_client(work, id=client_id, name=name, type=type)
    user = await identity.create_user(work, email=f"{name}@esoz.example", password=None)
    token = await give_token(work, user.id, client_id, frozenset(scopes))
    return replace(like, name=name, token=token, user_id=user.id, client_id=client_id, employee_id=None)


async def with_scopes(work: Work, caller: Caller, *scopes: str) -> Caller:
    """The caller with a token of these scopes only; the token before ends."""
    return replace(caller, token=await give_token(work, caller.user_id, caller.client_id, frozenset(scopes)))


async def put(caller: Caller, path: str, body: object) -> httpx.Response:
    """PUT with the contract checked as for every call."""
    return await caller._send("PUT", path, body, {})


def state_record(edrpou: str = EDRPOU, *, state: int = 1, id: int = 501, **changes: Any) -> organisations.EDR:
    """A record of the state register."""
    record = organisations.EDR(
        id=UUID(int=id),
        name="КНП «Нова поліклініка»",
        edrpou=edrpou,
        kveds=(organisations.Kved("Діяльність лікарняних закладів", "86.10", True),),
        registration_address={"address": "Київ, Садова, 1"},
        state=state,
        short_name="Нова поліклініка",
        legal_form="150",
    )
    return msgspec.structs.replace(record, **changes)


def registration(**changes: Any) -> dict[str, Any]:
    """What an owner signs to register a clinic."""
    told: dict[str, Any] = {
        "edrpou": EDRPOU,
        "type": "OUTPATIENT",
        "residence_address": msgspec.to_builtins(address(KYIV, "Садова", "1")),
        "phones": [{"type": "MOBILE", "number": "+380671112233"}],
        "email": "Clinic@Esoz.Example",
        "owner": {
            "first_name": "Олена",
            "last_name": "Власник",
            "tax_id": OWNER_TAX_ID,
            "birth_date": "1980-01-05",
            "gender": "FEMALE",
            "email": "Owner@Nova.Example",
            "position": "P3",
            "no_tax_id": False,
            "documents": [{"type": "PASSPORT", "number": "АА123456"}],
            "phones": [{"type": "MOBILE", "number": "+380671112233"}],
        },
        "security": {"redirect_uri": "https://mis.example/callback"},
        "public_offer": {"consent": True, "consent_text": "Погоджуюся"},
        "license": {
            "type": "MSP",
            "issued_by": "МОЗ України",
            "issued_date": "2020-01-01",
            "active_from_date": "2020-01-02",
            "order_no": "77-Л",
            "license_number": "АЕ777777",
        },
    }
    return told | changes


def key_of_owner(authority: Authority, work: Work, *, edrpou: str | None = EDRPOU, drfo: str = OWNER_TAX_ID) -> Issued:
    """A КЕП of the owner for the legal entity."""
    subject = Subject(surname="Власник", given_name="Олена", drfo=drfo, organization="Нова", edrpou=edrpou)
    start = work.now - timedelta(days=100)
    return authority.issue(subject, valid_from=start, valid_to=start + timedelta(days=365))


def signed(content: Any, key: Issued, work: Work) -> str:
    """Base64 of a document signed with a key."""
    raw = json.dumps(content, ensure_ascii=False, default=str).encode()
    return base64.b64encode(sign(raw, key.key, key.certificate, at=work.now)).decode()


async def last_mail(db: Connection, recipient: str) -> str:
    """The text of the last mail to somebody."""
    found: str = await db.fetchval(
        "select body from messages where channel = 'mail' and recipient = $1"
        " order by inserted_at desc, id desc limit 1",
        recipient,
    )
    return found
