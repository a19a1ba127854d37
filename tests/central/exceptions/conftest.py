"""A pharmacist whose pharmacy stands in a territory of hostilities, and packages of an antibiotic."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import war_territories
from esoz.central.war_territories import Kind, TerritoryRow
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.sandbox.country import KYIV
from tests.factories.prescriptions import dosage, package_of
from tests.factories.world import Caller

EMERGENCY = "/api/pharmacy/emergency_dispenses"
BEGINS = date(2026, 11, 10)
ENDS = date(2026, 12, 31)


async def in_war(work: Work, *, kind: Kind = Kind.ACTIVE, ends: date | None = ENDS) -> None:
    """Kyiv, where the world's pharmacy stands, is in the list for some weeks."""
    row = TerritoryRow(kind=kind, katottg=KYIV.code, name="Київ", begins=BEGINS, ends=ends)
    await war_territories.import_territories(work, [row])


@dataclass(frozen=True)
class AtCounter:
    """A pharmacist with packages of ten."""

    pharmacist: Caller
    medication_id: UUID
    today: date

    def content(self, **changes: Any) -> dict[str, Any]:
        content = {
            "id": str(uuid4()),
            "division_id": str(self.pharmacist.division_id),
            "dispensed_at": str(self.today),
            "reason": "Лікарню зруйновано, зв’язку немає",
            "dispense_details": [{"medication_id": str(self.medication_id), "medication_qty": 20}],
        } | changes
        return {name: value for name, value in content.items() if value is not None}

    async def give(self, signer: Caller | None = None, **changes: Any) -> httpx.Response:
        return await self.send((signer or self.pharmacist).sign(self.content(**changes)))

    async def send(self, document: str) -> httpx.Response:
        body = {"signed_emergency_dispense": document, "signed_content_encoding": "base64"}
        return await self.pharmacist.post(EMERGENCY, body)

    def by(self, pharmacist: Caller) -> "AtCounter":
        return replace(self, pharmacist=pharmacist)


@pytest.fixture
async def ten(db: Connection, stocked: None) -> UUID:
    """Amoxicillin in packages of ten that are not divided."""
    return await package_of(db, await dosage(db), 10)


@pytest.fixture
async def at_war(pharmacist: Caller, work: Work, ten: UUID) -> AtCounter:
    await in_war(work)
    return AtCounter(pharmacist, ten, work.today)
