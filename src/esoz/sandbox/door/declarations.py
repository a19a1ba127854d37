"""A declaration as the holder reads it, from central's published answers; and what of a request is signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

OPEN_END_YEARS = 50  # an end so far away means that there is none


@dataclass(frozen=True, slots=True)
class Declaration:
    """One choice of a doctor. Another central may name doctor and clinic by ids only: then there are no names."""

    content: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def number(self) -> str:
        return str(self.content.get("declaration_number") or "")

    @property
    def employee(self) -> Mapping[str, Any]:
        told: Mapping[str, Any] = self.content.get("employee") or {}
        return told

    @property
    def doctor(self) -> Mapping[str, Any]:
        """The names of the doctor; empty when central tells the id only."""
        party: Mapping[str, Any] = self.employee.get("party") or {}
        return party

    @property
    def clinic(self) -> str:
        entity = self.content.get("legal_entity") or {}
        return str(entity.get("public_name") or entity.get("short_name") or entity.get("name") or "")

    @property
    def division(self) -> Mapping[str, Any]:
        told: Mapping[str, Any] = self.content.get("division") or {}
        return told

    @property
    def address(self) -> Mapping[str, Any]:
        """Where the doctor receives; empty when it is not told."""
        addresses = self.division.get("addresses") or ()
        chosen: Mapping[str, Any] = next((each for each in addresses if each.get("type") == "RESIDENCE"), {})
        return chosen

    @property
    def phones(self) -> list[str]:
        """Telephones of the division."""
        return [str(each["number"]) for each in self.division.get("phones") or ()]

    @property
    def end(self) -> str:
        """The last day; empty when the declaration has no term."""
        start, end = self.content.get("start_date"), self.content.get("end_date")
        if not start or not end:
            return ""
        return "" if date.fromisoformat(end).year - date.fromisoformat(start).year >= OPEN_END_YEARS else str(end)


def as_signed(document: Mapping[str, Any]) -> dict[str, Any]:
    """What central wants signed, with the patient's word that they signed the printed form (DC-18)."""
    return {**document, "person": {**document["person"], "patient_signed": True}}
