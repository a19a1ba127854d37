"""Prescriptions as a clinic's system and a pharmacy's system make them, and states reached through the API."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import httpx

from esoz.central.medications import import_drugs
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME, common_programmes, make_programmes
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.spec import drugs
from tests.factories.records import ref
from tests.factories.world import Caller

Document = dict[str, Any]
AMOXICILLIN = "амоксицилін 500 мг капсули"


async def make_antibiotics_programme(work: Work) -> None:
    """The programme of antibiotics alone, with every package of the group."""
    await make_programmes(work, [each for each in common_programmes() if each.id == ANTIBIOTICS_PROGRAMME])


@cache
def _antibiotics(substances: frozenset[str]) -> Sequence[drugs.Row]:
    """Rows of the register, read once for all tests: reading them takes longer than most tests."""
    return tuple(row for row in drugs.antibiotics() if row.inn_ua in substances)


async def stock(work: Work, *substances: str) -> None:
    """Load the antibiotics of these substances and make the programme."""
    await import_drugs(work, _antibiotics(frozenset(substances)))
    await make_antibiotics_programme(work)


async def dosage(db: Connection, name: str = AMOXICILLIN) -> UUID:
    """The id of a dosage by its name."""
    found = await db.fetchval("select id from innm_dosages where name = $1", name)
    assert found is not None, [row["name"] for row in await db.fetch("select name from innm_dosages")]
    return UUID(str(found))


async def package_of(db: Connection, dosage_id: UUID, least: int) -> UUID:
    """A package of a dosage that is sold by `least` units."""
    found = await db.fetchval(
        "select id from medications where innm_dosage_id = $1 and package_min_qty = $2 order by name limit 1",
        dosage_id,
        least,
    )
    assert found is not None
    return UUID(str(found))


async def set_programme(db: Connection, **settings: object) -> None:
    """Change settings of the programme of antibiotics: what an operator would do by hand."""
    await db.execute(
        "update medical_programs set settings = settings || $2 where id = $1", ANTIBIOTICS_PROGRAMME, settings
    )


def instruction(sequence: int = 1) -> Document:
    """How to take it; the two greatest doses are required."""
    dose = {"value": 500, "unit": "mg", "system": "eHealth/ucum/units", "code": "mg"}
    return {
        "sequence": sequence,
        "text": "По 1 капсулі тричі на день після їди",
        "patient_instruction": "По 1 капсулі тричі на день після їди, 7 днів",
        "as_needed_boolean": False,
        "max_dose_per_period": {"numerator": {**dose, "value": 1500}, "denominator": {"value": 1, "unit": "d"}},
        "max_dose_per_administration": dose,
    }


@dataclass(frozen=True)
class Prescribing:
    """One doctor prescribing one drug to one patient."""

    doctor: Caller
    person_id: UUID
    encounter_id: UUID
    medication_id: UUID
    today: date
    quantity: float = 20

    def order(self, **changes: object) -> Document:
        order: Document = {
            "person_id": str(self.person_id),
            "employee_id": str(self.doctor.employee_id),
            "division_id": str(self.doctor.division_id),
            "created_at": str(self.today),
            "started_at": str(self.today),
            "ended_at": str(self.today + timedelta(days=7)),
            "medication_id": str(self.medication_id),
            "medication_qty": self.quantity,
            "medical_program_id": str(ANTIBIOTICS_PROGRAMME),
            "intent": "order",
            "category": "community",
            "context": ref("encounter", self.encounter_id),
            "dosage_instruction": [instruction()],
            "priority": "routine",
        } | changes
        return {"medication_request_request": {name: value for name, value in order.items() if value is not None}}

    async def create(self, **changes: object) -> httpx.Response:
        return await self.doctor.post("/api/medication_request_requests", self.order(**changes))

    async def draft(self, **changes: object) -> Document:
        """A stored draft as its details show it."""
        created = await self.create(**changes)
        assert created.status_code == 201, created.text
        shown = await self.doctor.get(f"{self.drafts}/{created.json()['data']['id']}")
        assert shown.status_code == 200, shown.text
        return dict(shown.json()["data"])

    @property
    def drafts(self) -> str:
        return f"/api/persons/{self.person_id}/medication_request_requests"

    @property
    def requests(self) -> str:
        return f"/api/persons/{self.person_id}/medication_requests"

    async def sign(self, draft: Document, *, content: object = None, signer: Caller | None = None) -> httpx.Response:
        document = (signer or self.doctor).sign(draft if content is None else content)
        return await self.send(draft["id"], document)

    async def send(self, draft_id: str, document: str) -> httpx.Response:
        body = {"signed_medication_request_request": document, "signed_content_encoding": "base64"}
        return await self.doctor.patch(f"/api/medication_request_requests/{draft_id}/actions/sign", body)

    async def prescribe(self, **changes: object) -> Document:
        """A signed prescription."""
        signed = await self.sign(await self.draft(**changes))
        assert signed.status_code == 200, signed.text
        return dict(signed.json()["data"])

    async def reject(self, request_id: str, *, content: Document | None = None, **reason: str) -> httpx.Response:
        shown = content or (await self.doctor.get(f"{self.requests}/{request_id}")).json()["data"]
        document = self.doctor.sign(shown | ({"reject_reason_code": "WRONG_DOSAGE"} | reason))
        body = {"signed_medication_reject": document, "signed_content_encoding": "base64"}
        return await self.doctor.patch(f"/api/medication_requests/{request_id}/actions/reject", body)


@dataclass(frozen=True)
class Dispensing:
    """One pharmacist dispensing one package by prescriptions."""

    pharmacist: Caller
    medication_id: UUID
    today: date

    def order(self, request_id: str, quantity: float, **changes: object) -> Document:
        handover: Document = {
            "medication_request_id": request_id,
            "dispensed_at": str(self.today),
            "division_id": str(self.pharmacist.division_id),
            "medical_program_id": str(ANTIBIOTICS_PROGRAMME),
            "dispense_details": [
                {
                    "medication_id": str(self.medication_id),
                    "medication_qty": quantity,
                    "sell_price": 12.5,
                    "sell_amount": 12.5 * quantity,
                    "discount_amount": 0,
                },
            ],
        } | changes
        return {"medication_dispense": {name: value for name, value in handover.items() if value is not None}}

    async def hold(self, request_id: str, quantity: float, code: str, **changes: object) -> httpx.Response:
        body = self.order(request_id, quantity, **changes)
        return await self.pharmacist.post("/api/pharmacy/medication_dispenses", body, code=code)

    async def held(self, request_id: str, quantity: float, code: str) -> Document:
        created = await self.hold(request_id, quantity, code)
        assert created.status_code == 201, created.text
        return dict(created.json()["data"])

    async def process(
        self, dispense: Document, *, signer: Caller | None = None, document: str | None = None, **changes: object
    ) -> httpx.Response:
        paid = {"payment_id": "1239804", "payment_amount": 250}
        signed = document or (signer or self.pharmacist).sign(dispense | paid | changes)
        body = {"signed_medication_dispense": signed, "signed_content_encoding": "base64"}
        return await self.pharmacist.patch(f"/api/pharmacy/medication_dispenses/{dispense['id']}/actions/process", body)

    async def give(self, request_id: str, quantity: float, code: str) -> Document:
        """Medicines handed over."""
        done = await self.process(await self.held(request_id, quantity, code))
        assert done.status_code == 200, done.text
        return dict(done.json()["data"])

    def by(self, pharmacist: Caller) -> "Dispensing":
        return replace(self, pharmacist=pharmacist)


async def texts(db: Connection, phone_part: str = "") -> list[str]:
    """Bodies of the messages that wait, the oldest first."""
    rows = await db.fetch(
        "select body from messages where recipient like '%' || $1 order by inserted_at, id", phone_part
    )
    return [row["body"] for row in rows]


async def sent_code(db: Connection, request_number: str) -> str:
    """The code as the patient reads it on the phone."""
    body = next(text for text in reversed(await texts(db)) if request_number in text)
    found = re.search(r"Код підтвердження: (\d{4})$", body)
    assert found is not None, body
    return found.group(1)


def wrong(code: str) -> str:
    """Another code of four digits."""
    return f"{1000 + (int(code) - 1000 + 1) % 9000}"


async def use_paper(db: Connection, person_id: UUID, now: datetime) -> None:
    """The patient has no phone in the system: papers only."""
    await db.execute("update authentication_methods set is_active = false where person_id = $1", person_id)
    await db.execute(
        "insert into authentication_methods (person_id, id, type, started_at, inserted_at, updated_at)"
        " values ($1, $2, 'OFFLINE', $3, $3, $3)",
        person_id,
        uuid4(),
        now,
    )
