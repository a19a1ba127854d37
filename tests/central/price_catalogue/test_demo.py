"""Prices of the demo country: one for every carried package, taken in like any price list."""

from esoz.central import medications, price_catalogue
from esoz.central.programmes import common_participants
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.sandbox.prices import invented
from esoz.spec import drugs


async def test_of_the_common_medicines_then_each_package_has_one(work: Work, db: Connection) -> None:
    prices = invented(drugs.common())
    await medications.import_drugs(work, drugs.common())
    done = await price_catalogue.import_prices(work, prices)
    assert done.added == len(prices) == await db.fetchval("select count(*) from medications")
    assert prices == invented(drugs.common())
    told = {each.medication_id: each.package_price for each in prices}
    assert all(told[each.medication_id] == each.consumer_price for each in common_participants())
