"""A request about a way to confirm: what may be asked for, its states."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.states import Moves

PAUSE = timedelta(minutes=1)  # DC-13: between two codes, as central keeps it
TERM = timedelta(days=1)  # DC-26: then central has given it up, and it is forgotten here
OTP, OFFLINE, THIRD_PERSON = "OTP", "OFFLINE", "THIRD_PERSON"


class Event(StrEnum):
    READ = "ways_to_confirm.read"
    PHONE_ASKED = "way_to_confirm.phone_code_asked"
    PHONE_CONFIRMED = "way_to_confirm.phone_confirmed"
    ASKED = "way_to_confirm.asked"
    CODE_RESENT = "way_to_confirm.code_resent"
    SCAN_SENT = "way_to_confirm.scan_sent"
    CHANGED = "way_to_confirm.changed"


class Action(StrEnum):
    """PS-7: what may be asked for."""

    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DEACTIVATE = "DEACTIVATE"


class State(StrEnum):
    """Where a request is."""

    PHONE = "phone"  # the new telephone is confirmed first (PS-11)
    ASKED = "asked"  # central waits for the patient's code or scans
    DONE = "done"


MOVES: Moves[State] = {
    State.PHONE: frozenset({State.ASKED}),
    State.ASKED: frozenset({State.DONE}),
    State.DONE: frozenset(),
}
TITLES: Mapping[Action, str] = {
    Action.INSERT: _("Новий спосіб підтвердження"),
    Action.UPDATE: _("Нова назва способу підтвердження"),
    Action.DEACTIVATE: _("Завершення способу підтвердження"),
}


@dataclass(frozen=True, slots=True)
class MethodRequest:
    """Columns of the table `method_requests`."""

    id: UUID
    clinic_id: UUID
    user_id: UUID
    person_id: UUID
    state: State
    action: Action
    change: dict[str, Any]
    central_id: UUID | None
    method: str
    phone: str
    papers: list[dict[str, Any]]
    code_sent_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def needs_code(self) -> bool:
        """Does the patient tell a code; else scans of their papers are shown."""
        return self.method == OTP

    @property
    def new_phone(self) -> str:
        """The telephone that is added, "" when none is."""
        return str(self.change.get("phone_number") or "")

    def pause_left(self, now: datetime) -> int:
        """Seconds until another code may be sent: whole ones, the last begun one counted."""
        if self.code_sent_at is None or now >= self.code_sent_at + PAUSE:
            return 0
        return ceil((self.code_sent_at + PAUSE - now).total_seconds())
