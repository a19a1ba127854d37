"""Prices of what fits a prescription, for pharmacies."""

from datetime import date
from uuid import UUID, uuid4

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.factories.prescriptions import dosage
from tests.factories.world import Caller, World


async def path(db: Connection) -> str:
    return f"/api/pharmacy/innm_dosages/{await dosage(db)}/prices"


# DR-11
class TestPrices:
    async def priced(self, db: Connection, *prices: tuple[str, int]) -> list[UUID]:
        """Prices of packages of amoxicillin, each from a day on."""
        rows = await db.fetch(
            "select id, package_qty from medications where innm_dosage_id = $1 order by id", await dosage(db)
        )
        for row, (first, price) in zip(rows, prices, strict=False):
            await db.execute(
                "insert into catalogue_prices (medication_id, valid_from, package_price, inserted_at, updated_at)"
                " values ($1, $2, $3, now(), now())",
                row["id"],
                date.fromisoformat(first),
                price * row["package_qty"],
            )
        return [row["id"] for row in rows[: len(prices)]]

    async def test_by_a_pharmacist_then_those_of_today_the_cheapest_first(
        self, pharmacist: Caller, db: Connection, clock: FixedClock, stocked: None
    ) -> None:
        dear, cheap = await self.priced(db, ("2026-11-01", 9), ("2026-11-22", 3))
        await self.priced(db, ("2026-11-23", 1))  # of the dear one, from tomorrow
        answer = await pharmacist.get(await path(db))
        assert answer.status_code == 200, answer.text
        found = answer.json()["data"]["packages"]
        assert [each["medication_id"] for each in found] == [str(cheap), str(dear)]
        assert found[0] | {"medication_id": "", "package_price": 0} == {
            "medication_id": "",
            "package_price": 0,
            "unit_price": 3,
            "valid_from": "2026-11-22",
            "best": True,
        }

    async def test_without_prices_then_empty(self, pharmacist: Caller, db: Connection, stocked: None) -> None:
        assert (await pharmacist.get(await path(db))).json()["data"]["packages"] == []

    async def test_of_an_unknown_dosage_then_404(self, pharmacist: Caller) -> None:
        assert (await pharmacist.get(f"/api/pharmacy/innm_dosages/{uuid4()}/prices")).status_code == 404

    async def test_by_a_doctor_then_403(self, world: World, db: Connection, stocked: None) -> None:
        assert (await world.doctor.get(await path(db))).status_code == 403
