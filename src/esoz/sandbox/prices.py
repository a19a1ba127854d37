"""Prices of the demo country's medicines: invented, the same in each run, as large as such prices are."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from esoz.central.price_catalogue import Price
from esoz.central.programmes import common_participants
from esoz.kernel.amounts import MONEY, rounded
from esoz.spec import drugs

START = date(2026, 1, 1)
SPREAD = Decimal("0.6")  # the dearest brand of a medicine costs so much more than the cheapest


def invented(rows: Iterable[drugs.Row]) -> list[Price]:
    """A price for every package of a register; those that the state pays for cost what their programme says."""
    told = {each.medication_id: each.consumer_price for each in common_participants() if each.consumer_price}
    dosages = [dosage for innm in drugs.tree(rows).innms for dosage in innm.dosages]
    return [price for dosage in dosages for price in _prices(dosage, told)]


def _prices(dosage: drugs.Dosage, told: Mapping[UUID, Decimal]) -> Iterator[Price]:
    for brand in dosage.brands:
        unit = _of_a_unit(dosage) * (1 + _chance(f"{brand.manufacturer}{dosage.id}") * SPREAD)
        price = told.get(brand.id) or rounded(unit * brand.package_qty, MONEY)
        yield Price(medication_id=brand.id, valid_from=START, package_price=price)


def _of_a_unit(dosage: drugs.Dosage) -> Decimal:
    """Two to eight hryvnias a tablet; ten times that a vial or a bottle."""
    base = 2 + _chance(str(dosage.id)) * 6
    return base if dosage.form.kind == "piece" else base * 10


def _chance(text: str) -> Decimal:
    """From 0 to 1, the same for the same text."""
    return Decimal(int(sha256(text.encode()).hexdigest()[:4], 16)) / Decimal(0xFFFF)
