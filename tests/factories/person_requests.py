"""Requests about persons as clinics send them."""

import re
from typing import Any
from uuid import UUID

import httpx
import msgspec

from esoz.central import people
from esoz.kernel.db import Connection
from tests.factories.people import adult
from tests.factories.world import Caller

PATH = "/api/v2/person_requests"
TOLD = (
    "first_name",
    "last_name",
    "second_name",
    "birth_date",
    "birth_country",
    "birth_settlement",
    "gender",
    "email",
    "no_tax_id",
    "tax_id",
    "unzr",
    "secret",
    "documents",
    "addresses",
    "phones",
    "emergency_contact",
)


def person_of(details: people.PersonDetails, id: UUID | None = None) -> dict[str, Any]:
    """The published object of a person; with an id without the blocks of registration."""
    told = {name: value for name in TOLD if (value := getattr(details, name)) not in (None, ())}
    if id is not None:
        return built({**told, "id": id})
    methods = [
        {name: value for name, value in msgspec.structs.asdict(_Method.of(each)).items() if value is not None}
        for each in details.authentication_methods
    ]
    confidants = [
        {"person_id": each.person_id, "documents_relationship": each.documents_relationship}
        for each in details.confidant_persons
    ]
    return built(
        {**told, "authentication_methods": methods} | ({"confidant_person": confidants[0]} if confidants else {})
    )


class _Method(msgspec.Struct):
    type: str
    phone_number: str | None
    value: UUID | None
    alias: str | None

    @classmethod
    def of(cls, method: people.AuthenticationDetails) -> "_Method":
        return cls(method.type, method.phone_number, method.value, method.alias)


def built(value: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def body(person: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"person": person, "patient_signed": False, "process_disclosure_data_consent": True, **more}


async def verify_phone(db: Connection, phone: str) -> None:
    await db.execute(
        "insert into verified_phones (phone_number, verified_at) values ($1, now()) on conflict do nothing", phone
    )


async def create(caller: Caller, db: Connection, details: people.PersonDetails | None = None) -> httpx.Response:
    """A request of somebody new whose telephone is verified."""
    details = details or adult()
    for method in details.authentication_methods:
        if method.phone_number:
            await verify_phone(db, method.phone_number)
    return await caller.post(PATH, body(person_of(details)))


async def code_sent_to(db: Connection, phone: str) -> int:
    """The code of the last message."""
    text = await db.fetchval(
        "select body from messages where recipient = $1 order by inserted_at desc, id desc limit 1", phone
    )
    found = re.search(r"\d{4}", text)
    assert found is not None
    return int(found[0])


async def approved(caller: Caller, db: Connection, details: people.PersonDetails | None = None) -> dict[str, Any]:
    """What is to be signed of a request that the person has confirmed by a code."""
    details = details or adult()
    made = (await create(caller, db, details)).json()["data"]
    phone = details.authentication_methods[0].phone_number
    assert phone is not None
    answer = await caller.patch(
        f"{PATH}/{made['id']}/actions/approve", {"verification_code": await code_sent_to(db, phone)}
    )
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def sign(caller: Caller, data: dict[str, Any], **changes: object) -> httpx.Response:
    document = caller.sign({**data, "patient_signed": True, **changes})
    return await caller.patch(f"{PATH}/{data['id']}/actions/sign", {"signed_content": document})
