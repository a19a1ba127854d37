"""What the state's registers know of the demo's people, as Diia shows it."""

from datetime import date, timedelta
from typing import Any

import msgspec

from . import build
from .country import Settlement
from .identities import Identity

AUTHORITY = "Навчальний орган"


def papers(person: Identity, place: Settlement, today: date, building: str = "1") -> dict[str, Any]:
    """Passport, numbers and registered address of a person, spelled as central's API spells them."""
    address = msgspec.to_builtins(build.address(place, "Незалежності", building))
    return {
        "last_name": person.last_name,
        "first_name": person.first_name,
        "second_name": person.second_name,
        "birth_date": person.birth_date.isoformat(),
        "birth_country": "Україна",
        "birth_settlement": place.settlement,
        "gender": person.gender,
        "tax_id": person.tax_id,
        "unzr": person.unzr,
        "phone": person.phone,
        "document": {
            "type": "PASSPORT",
            "number": person.passport,
            "issued_by": AUTHORITY,
            "issued_at": _issued(person, today).isoformat(),
        },
        "address": {name: value for name, value in address.items() if value is not None},
    }


def _issued(person: Identity, today: date) -> date:
    """At sixteen and a half; of who is younger a month ago."""
    return min(person.birth_date + timedelta(days=6000), today - timedelta(days=30))
