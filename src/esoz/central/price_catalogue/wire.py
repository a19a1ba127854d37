"""What pharmacies have on the wire; not published, spelled as its neighbours are."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from esoz.central.medications import manufacturer, strength
from esoz.kernel.amounts import MONEY, rounded
from esoz.kernel.payload import JSON, number, omit_none

from .model import MOST_PACKAGES, Assortment, Catalogued, Offer, Stocked


class StockedBody(msgspec.Struct, frozen=True):
    medication_id: UUID
    package_price: Decimal
    available: bool


class AssortmentBody(msgspec.Struct, frozen=True):
    assortment: Annotated[Sequence[StockedBody], msgspec.Meta(max_length=MOST_PACKAGES)]

    @property
    def packages(self) -> list[Stocked]:
        """The packages with prices in whole kopecks."""
        return [Stocked(each.medication_id, _money(each.package_price), each.available) for each in self.assortment]


def _money(price: Decimal) -> Decimal:
    # One that is none, or has more digits than are kept, is refused as it came.
    return rounded(price, MONEY) if price.is_finite() and abs(price) < 10**20 else price


def assortment(told: Assortment) -> JSON:
    return {
        "division_id": told.division_id,
        "told_at": told.told_at,
        "packages": len(told.packages),
        "available": sum(each.is_available for each in told.packages),
    }


def prices(found: Catalogued) -> JSON:
    """What the packages of a dosage cost today, the cheapest for a unit first; `best`: the three cheapest."""
    return {
        "id": found.dosage.id,
        "packages": [
            {
                "medication_id": each.medication.id,
                "package_price": number(each.package_price),
                "unit_price": number(each.unit_price),
                "valid_from": each.valid_from,
                "best": each.medication.id in found.best,
            }
            for each in found.packages
        ],
    }


def offer(found: Offer) -> JSON:
    """A package at hand; `patient_price` is what the patient pays for it, `unit_price` for one tablet of it."""
    return omit_none(
        medication=_medication(found),
        division=_division(found),
        package_price=number(found.package_price),
        reimbursement_amount=number(found.reimbursement_amount),
        patient_price=number(found.patient_price),
        unit_price=number(found.unit_price),
        distance_km=None if found.distance is None else round(found.distance, 1),
        told_at=found.told_at,
    )


def _medication(found: Offer) -> JSON:
    medication = found.medication
    return {
        "id": medication.id,
        "name": medication.name,
        "form": medication.form,
        "manufacturer": manufacturer(medication),
        "container": strength(medication.container),
        "package_qty": number(medication.package_qty),
        "package_min_qty": number(medication.package_min_qty),
    }


def _division(found: Offer) -> JSON:
    division = found.division
    placed = division.latitude is not None and division.longitude is not None
    return omit_none(
        id=division.id,
        name=division.name,
        legal_entity={"id": division.legal_entity_id, "name": found.legal_entity_name},
        addresses=division.addresses,
        phones=division.phones,
        working_hours=division.working_hours,
        coordinates={"latitude": division.latitude, "longitude": division.longitude} if placed else None,
    )
