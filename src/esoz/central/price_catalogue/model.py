"""Prices of packages and the cheapest of them; what a pharmacy has, and what of it is shown to a patient."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from math import cos, degrees, radians
from typing import Annotated
from uuid import UUID

import msgspec

from esoz.central.medications import Dosage, Medication
from esoz.central.organisations import Division
from esoz.kernel.amounts import UNIT, amount_faults, rounded
from esoz.kernel.errors import Conflict, Invalid
from esoz.kernel.faults import Faults, fault

MOST_PACKAGES = 10_000  # of one division: a large pharmacy has some 5,000 packages of medicines
RADIUS = 50  # kilometres: as far as somebody goes for a medicine
EARTH = 6371.0  # kilometres from its middle
_POLE = 89.0  # degrees: nearer to it a circle of longitude is no measure

Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Event(StrEnum):
    PRICES_IMPORTED = "catalogue_price.imported"
    PRICES_READ = "catalogue_price.read"
    LINK_READ = "prescription.price_link_read"
    ASSORTMENT_TOLD = "pharmacy_assortment.told"
    OFFERS_READ = "prescription.offers_read"


@dataclass(frozen=True, slots=True)
class Stocked:
    """A package that a pharmacy deals in: its price in hryvnias, and whether it is at hand now."""

    medication_id: UUID
    package_price: Decimal
    is_available: bool


@dataclass(frozen=True, slots=True)
class Assortment:
    """What one division of a pharmacy told at a moment."""

    division_id: UUID
    told_at: datetime
    packages: Sequence[Stocked]


class OfferFilter(msgspec.Struct, frozen=True):
    """Where the patient looks: around a point of the map, in a settlement, or anywhere."""

    latitude: Latitude | None = None
    longitude: Longitude | None = None
    settlement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """South, north, west and east of a part of the map, in degrees."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True, slots=True)
class Offer:
    """A package at hand in a pharmacy, and what the patient pays for it."""

    medication: Medication
    division: Division
    legal_entity_name: str
    package_price: Decimal
    reimbursement_amount: Decimal | None
    told_at: datetime
    distance: float | None = None  # kilometres

    @property
    def patient_price(self) -> Decimal:
        """What is left of the price for the patient."""
        return max(self.package_price - (self.reimbursement_amount or 0), Decimal(0))

    @property
    def unit_price(self) -> Decimal:
        """The same for one tablet, millilitre …"""
        return rounded(self.patient_price / self.medication.package_qty, UNIT)


def assortment_faults(packages: Sequence[Stocked], known: frozenset[UUID]) -> Faults:
    """DR-7: packages of the register, each once, with a price above nothing."""
    seen: set[UUID] = set()
    for place, each in enumerate(packages):
        entry = f"$.assortment[{place}]"
        if each.medication_id in seen:
            yield Invalid(f"{entry}.medication_id", "unique", "medication is named more than once")
        elif each.medication_id not in known:
            yield fault(f"{entry}.medication_id", "Medication does not exist")
        seen.add(each.medication_id)
        yield from amount_faults(f"{entry}.package_price", each.package_price, may_be_zero=False)


def place_faults(wanted: OfferFilter) -> Faults:
    """A point has both its numbers."""
    for name, other in (("latitude", wanted.longitude), ("longitude", wanted.latitude)):
        if getattr(wanted, name) is None and other is not None:
            yield Invalid(f"$.{name}", "required", "can't be blank", entry_type="query_parameter")


def must_be_open(status: str) -> None:
    """DR-8: a medicine is looked for by a prescription that may still be dispensed."""
    if status != "ACTIVE":
        raise Conflict("Medication request is not active")


def shown_since(now: datetime, hours: int) -> datetime:
    """DR-8: what was told before is not shown: nobody walks to a pharmacy for the stock of last week."""
    return now - timedelta(hours=hours)


def box_around(latitude: float, longitude: float, radius: float = RADIUS) -> Box:
    """The part of the map that holds the circle of so many kilometres: what an index can look for."""
    up = degrees(radius / EARTH)
    aside = min(up / cos(radians(min(abs(latitude) + up, _POLE))), 180.0)
    return Box(latitude - up, latitude + up, longitude - aside, longitude + aside)


BEST = 3


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What a package costs from a day on, in hryvnias; None: it is in the catalogue no more."""

    medication_id: UUID
    valid_from: date
    package_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """A package with its price of a day."""

    medication: Medication
    package_price: Decimal
    valid_from: date

    @property
    def exact(self) -> Decimal:
        """What one unit costs, as exactly as decimals are."""
        return self.package_price / self.medication.package_qty

    @property
    def unit_price(self) -> Decimal:
        """The same as it is shown."""
        return rounded(self.exact, UNIT)


@dataclass(frozen=True, slots=True)
class Catalogued:
    """A dosage with its packages that have a price, the cheapest for a unit first."""

    dosage: Dosage
    packages: Sequence[Priced]

    @property
    def best(self) -> frozenset[UUID]:
        """Its three cheapest packages; none where the order does not ask for them."""
        return three_cheapest(self.packages) if is_compared(self.dosage) else frozenset()


def is_compared(dosage: Dosage) -> bool:
    """DR-11: tablets and capsules of one substance are compared by the price of a unit."""
    return len(dosage.ingredients) == 1 and ("TABLET" in dosage.form or "CAPSULE" in dosage.form)


def in_order(packages: Collection[Priced]) -> list[Priced]:
    """The cheapest for a unit first; of equal ones by name, so that the order is always the same."""
    return sorted(packages, key=lambda each: (each.exact, each.medication.name, str(each.medication.id)))


def three_cheapest(packages: Collection[Priced]) -> frozenset[UUID]:
    """DR-11: up to three medicines of different names or makers, each with its cheapest package for a unit."""
    found: dict[tuple[str, str], UUID] = {}
    for each in in_order(packages):
        medication = each.medication
        found.setdefault((medication.name, medication.manufacturer_name), medication.id)
    return frozenset(list(found.values())[:BEST])


def must_be_whole(prices: Sequence[Price], known: Collection[UUID]) -> None:
    """Raise ValueError naming the first faults of a price list."""
    times = Counter((each.medication_id, each.valid_from) for each in prices)
    faults = [f"row {n}: {fault}" for n, each in enumerate(prices, start=1) for fault in _price_faults(each, known)]
    faults += [f"{id}: two prices from {day}" for (id, day), count in times.items() if count > 1]
    if faults:
        raise ValueError("; ".join(faults[:5]))


def _price_faults(price: Price, known: Collection[UUID]) -> Iterator[str]:
    if price.medication_id not in known:
        yield f"{price.medication_id}: no such package"
    for found in amount_faults("package_price", price.package_price, may_be_zero=False):
        yield f"package_price {found.description}"


def link(template: str, dosage_id: UUID) -> str:
    """The address where the prices of a dosage stand."""
    return template.replace("{medication_id}", str(dosage_id))
