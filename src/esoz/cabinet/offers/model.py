"""What a pharmacy offers, as a patient reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Answer = Mapping[str, Any]
NEAREST = 0.1  # kilometres; nearer ones are told as this


class Event(StrEnum):
    READ = "offers.read"


@dataclass(frozen=True, slots=True)
class Offer:
    """One package in one pharmacy."""

    content: Answer

    @property
    def medication(self) -> Answer:
        found: Answer = self.content.get("medication") or {}
        return found

    @property
    def manufacturer(self) -> str:
        return str((self.medication.get("manufacturer") or {}).get("name") or "")

    @property
    def _division(self) -> Answer:
        found: Answer = self.content.get("division") or {}
        return found

    @property
    def pharmacy(self) -> str:
        """Аптека «Ромашка», Аптека № 1"""
        entity = str((self._division.get("legal_entity") or {}).get("name") or "")
        return ", ".join(dict.fromkeys(part for part in (entity, str(self._division.get("name") or "")) if part))

    @property
    def address(self) -> Answer:
        """Where it stands: the address of residence, else the first."""
        addresses: Sequence[Answer] = self._division.get("addresses") or ()
        residence = [each for each in addresses if each.get("type") == "RESIDENCE"]
        return next(iter(residence or addresses), {})

    @property
    def phone(self) -> str:
        phones = self._division.get("phones") or [{}]
        return str(phones[0].get("number") or "")

    @property
    def kilometres(self) -> str:
        """1,5; empty when it is not known."""
        distance = self.content.get("distance_km")
        return "" if distance is None else f"{max(float(distance), NEAREST):.1f}".replace(".", ",")
