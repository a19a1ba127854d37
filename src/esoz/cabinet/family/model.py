"""For whom the patient speaks, and what they sign to act for one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

YOUTH_AGE, ADULT_AGE = 14, 18


class Event(StrEnum):
    LISTED = "family.read"
    STARTED = "family.acting_started"
    ENDED = "family.acting_ended"
    REFUSED = "family.acting_refused"


@dataclass(frozen=True, slots=True)
class Ward:
    """One of them, from central's answer."""

    content: Mapping[str, Any]

    @property
    def id(self) -> UUID:
        return UUID(self.content["id"])

    @property
    def given_name(self) -> str:
        """First and second name, as certificates have them."""
        return " ".join(part for name in ("first_name", "second_name") if (part := self.content.get(name)))

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.content.get("last_name"), self.given_name) if part)

    @property
    def birth_date(self) -> date:
        return date.fromisoformat(self.content["birth_date"])

    @property
    def last_day(self) -> str:
        """Until when the patient speaks for them; empty without an end."""
        return str(self.content.get("speaks_until") or "")

    @property
    def is_nameable(self) -> bool:
        """Has the record a number that names them: without one central lets nobody in for them."""
        return bool(self.content.get("tax_id") or self.content.get("documents"))

    def age(self, today: date) -> int:
        born = self.birth_date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def is_youth(self, today: date) -> bool:
        """Old enough to have a signature and a cabinet of their own."""
        return YOUTH_AGE <= self.age(today) < ADULT_AGE

    def to_be_signed(self) -> bytes:
        """The exact bytes that are signed to act for them: names, and the number that tells them from namesakes."""
        named = {"last_name": self.content.get("last_name") or "", "given_name": self.given_name}
        if self.content.get("tax_id"):
            return msgspec.json.encode(named | {"tax_id": self.content["tax_id"]})
        paper = self.content["documents"][0]
        return msgspec.json.encode(named | {"document": {"type": paper["type"], "number": paper["number"]}})
