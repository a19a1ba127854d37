"""A device on prescription as a patient reads it, from central's answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from esoz.kernel.clock import KYIV
from esoz.kernel.pages import mark as _

Answer = Mapping[str, Any]


class Event(StrEnum):
    LIST_READ = "devices.read"
    READ = "device.read"


class Status(StrEnum):
    """Statuses of central; EXPIRED is ours, for an active one whose days are over."""

    ACTIVE = "active"
    COMPLETED = "completed"
    REVOKED = "revoked"
    ENTERED_IN_ERROR = "entered_in_error"
    EXPIRED = "expired"


# Word and colour of each status.
STATUS_WORDS: Mapping[Status, tuple[str, str]] = {
    Status.ACTIVE: (_("Чинний"), "green"),
    Status.COMPLETED: (_("Використаний"), "grey"),
    Status.REVOKED: (_("Відкликаний"), "red"),
    Status.ENTERED_IN_ERROR: (_("Виписаний помилково"), "red"),
    Status.EXPIRED: (_("Строк минув"), "grey"),
}


@dataclass(frozen=True, slots=True)
class Device:
    """One device on prescription; `code` is the pharmacy's, empty in a list and where there is none."""

    content: Answer
    code: str = ""

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def number(self) -> str:
        return str(self.content["requisition"])

    @property
    def name(self) -> str:
        """What is prescribed, in words: the name of a device, or its code."""
        named = (self.content.get("code_reference") or {}).get("display_value")
        return str(named or " ".join(each["code"] for each in self.content.get("code", {}).get("coding", ())))

    @property
    def last_day(self) -> date:
        """The last day in Kyiv on which it is given."""
        return datetime.fromisoformat(self.content["dispense_valid_to"]).astimezone(KYIV).date()

    def status_on(self, today: date) -> Status:
        status = Status(self.content["status"])
        return Status.EXPIRED if status is Status.ACTIVE and today > self.last_day else status
