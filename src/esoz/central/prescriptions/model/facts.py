"""What a prescription is about, found before the rules are asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from esoz.central.dictionaries import Address
from esoz.central.medications import Dosage
from esoz.central.organisations import Division, LegalEntity
from esoz.central.people import Person
from esoz.central.workforce import Employee

from .series import Prior


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules ask about, found once."""

    legal_entity: LegalEntity
    division: Division
    employee: Employee
    person: Person
    encounter: Mapping[str, Any]
    dosage: Dosage
    follows: Prior | None = None  # the prescription of a series that the order comes after


def region_of(addresses: Iterable[Address]) -> str:
    """The region (область) where a division stands, for statistics; the address of residence wins."""
    found = sorted(addresses, key=lambda address: address.type != "RESIDENCE")
    return found[0].area if found else ""
