"""Making a declaration as a clinic's system does: ask, confirm by the code of the SMS, sign."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from esoz.central import people
from esoz.kernel.db import Connection
from tests.factories.world import Caller

PATH = "/api/v3/declaration_requests"


def answered(response: httpx.Response) -> Any:
    """The body of an answer that is no refusal: 200 or 201, as published for each operation."""
    assert response.status_code in (200, 201), response.text
    return response.json()


def told(response: httpx.Response) -> tuple[int, str, str]:
    """Status, the field named, the words of a refusal."""
    error = response.json()["error"]
    if not error.get("invalid"):
        return response.status_code, "", error["message"]
    fault = error["invalid"][0]
    return response.status_code, fault["entry"], fault["rules"][0]["description"]


@dataclass(frozen=True)
class Declaring:
    """A doctor's workplace and the telephone of the patient beside it."""

    doctor: Caller
    person: people.Person
    db: Connection

    async def create(self, **changes: Any) -> httpx.Response:
        body = {
            "person_id": self.person.id,
            "employee_id": self.doctor.employee_id,
            "division_id": self.doctor.division_id,
        } | changes
        return await self.doctor.post(PATH, {name: value for name, value in body.items() if value is not None})

    async def code(self) -> int:
        """The code of the last SMS."""
        query = "select body from messages where channel = 'sms' and urgent order by inserted_at desc, id desc limit 1"
        found = re.search(r"\b\d{4}\b", await self.db.fetchval(query))
        assert found is not None
        return int(found[0])

    async def act(self, id: str, action: str, body: object = None, *, by: Caller | None = None) -> httpx.Response:
        return await (by or self.doctor).patch(f"{PATH}/{id}/actions/{action}", body)

    async def approved(self, **changes: Any) -> dict[str, Any]:
        """A request that the patient has confirmed."""
        made = answered(await self.create(**changes))["data"]
        body = answered(await self.act(made["id"], "approve", {"verification_code": await self.code()}))
        data: dict[str, Any] = body["data"]
        return data

    async def sign(
        self, request: dict[str, Any], *, by: Caller | None = None, key: Caller | None = None, **changes: Any
    ) -> httpx.Response:
        """Sign what was approved, with the patient's signature on the form."""
        document = request["data_to_be_signed"] | changes
        if "person" not in changes:
            document["person"] = document["person"] | {"patient_signed": True}
        signed = (key or by or self.doctor).sign(document)
        return await self.act(request["id"], "sign", {"signed_declaration_request": signed}, by=by)

    async def declared(self, **changes: Any) -> dict[str, Any]:
        """A declaration made from the beginning to the end."""
        data: dict[str, Any] = answered(await self.sign(await self.approved(**changes)))["data"]
        return data


async def declarations_of(db: Connection, person_id: UUID) -> list[tuple[str, str | None]]:
    """(status, reason) of each declaration of a person, the oldest first."""
    rows = await db.fetch(
        "select status, reason from declarations where person_id = $1 order by inserted_at, id", person_id
    )
    return [(row["status"], row["reason"]) for row in rows]
