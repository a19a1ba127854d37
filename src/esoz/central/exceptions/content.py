"""What is signed, and how what is handed over stands beside it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.medications import Dosage, medication_short, strength
from esoz.kernel.payload import JSON, number

from .model.asked import Medicine
from .model.handing_over import Detail, Package


def shown_details(details: Iterable[Detail], known: Mapping[UUID, Package]) -> list[JSON]:
    """Every package as it was called on the day of handing over."""
    return [
        {
            "medication_id": detail.medication_id,
            "medication": {"id": detail.medication_id, **medication_short(known[detail.medication_id].medication)},
            "dosage_name": known[detail.medication_id].dosage_name,
            "medication_qty": number(detail.medication_qty),
        }
        for detail in details
    ]


def shown_medicines(medicines: Iterable[Medicine], known: Mapping[UUID, Dosage]) -> JSON:
    """Every line of what was asked for, as the dosage was called that day."""
    shown: JSON = msgspec.to_builtins(
        [
            {
                "medication_id": each.medication_id,
                "medication_name": known[each.medication_id].name,
                "form": known[each.medication_id].form,
                "dosage": strength(known[each.medication_id].primary.dosage),
                "medication_qty": number(each.medication_qty),
            }
            for each in medicines
        ]
    )
    return shown


def party_short(party: Any) -> JSON:
    """The pharmacist, by name."""
    names = ("id", "first_name", "last_name", "second_name")
    return {name: getattr(party, name) for name in names if getattr(party, name) is not None}
