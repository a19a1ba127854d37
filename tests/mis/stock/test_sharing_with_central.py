"""What a division tells of its stock, taken by the real central as it is sent."""

from datetime import timedelta

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.mis.app import Mis
from esoz.mis.stock.commands import tell
from tests.factories.world import World

from ..conftest import Browser
from .conftest import Package, receive


async def share(mis: Mis, world: World, *, is_on: bool) -> None:
    """As the head switches it."""
    async with mis.services.database.connection() as db:
        await db.execute(
            "insert into stock_shares (clinic_id, division_id, is_on, user_id, switched_at, next_at)"
            " select $1, $2, $3, id, $4, $4 from users limit 1"
            " on conflict (clinic_id, division_id) do update set is_on = $3, next_at = $4",
            world.pharmacist.client_id,
            world.pharmacist.division_id,
            is_on,
            mis.services.clock.now(),
        )


async def test_of_a_receipt_then_central_takes_it_and_of_an_end_too(
    *,
    pharmacist: Browser,
    packages: list[Package],
    connected: World,
    mis: Mis,
    clock: FixedClock,
    central_database: Database,
) -> None:
    await receive(pharmacist, packages[0], 2)
    await receive(pharmacist, packages[0], 1, price="130,01", series="B2")  # the first to go has the price that is told
    await share(mis, connected, is_on=True)
    await tell(mis.services)
    await pharmacist.get("/stock/sharing")
    assert "ЕСОЗ не" not in pharmacist.text and "Надіслано востаннє" in pharmacist.text
    found = await _offers(central_database, connected)
    assert found == {packages[0].id: 125.5}
    clock.forward(timedelta(minutes=1))
    await share(mis, connected, is_on=False)
    await tell(mis.services)
    assert await _offers(central_database, connected) == {}
    await pharmacist.get("/stock/sharing")
    assert "ЕСОЗ не" not in pharmacist.text


async def _offers(database: Database, world: World) -> dict[object, float]:
    """What central has of the division as at hand, with the price of a package."""
    async with database.connection() as db:
        rows = await db.fetch(
            "select medication_id, package_price from pharmacy_packages where division_id = $1 and is_available",
            world.pharmacist.division_id,
        )
    return {row["medication_id"]: float(row["package_price"]) for row in rows}
