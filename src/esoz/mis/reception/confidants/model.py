"""A request about who speaks for a patient: what may be asked for, its states, what is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.pages import mark as _
from esoz.kernel.states import Moves

PAUSE = timedelta(minutes=1)  # DC-13: between two codes, as central keeps it
TERM = timedelta(days=1)  # DC-26: then central has given it up, and it is forgotten here
OTP = "OTP"


class Event(StrEnum):
    READ = "confidants.read"
    SEARCHED = "confidants.searched"
    ASKED = "confidant_request.asked"
    CODE_RESENT = "confidant_request.code_resent"
    SCAN_SENT = "confidant_request.scan_sent"
    CONFIRMED = "confidant_request.confirmed"
    SHOWN = "confidant_request.read"
    SIGNED = "confidant_request.signed"


class Action(StrEnum):
    """PS-8: what may be asked for."""

    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DEACTIVATE = "DEACTIVATE"


class State(StrEnum):
    """Where a request is."""

    ASKED = "asked"  # central waits for the code and the scans
    CONFIRMED = "confirmed"  # the worker signs
    DONE = "done"


MOVES: Moves[State] = {
    State.ASKED: frozenset({State.CONFIRMED}),
    State.CONFIRMED: frozenset({State.DONE}),
    State.DONE: frozenset(),
}
TITLES: Mapping[Action, str] = {
    Action.INSERT: _("Новий законний представник"),
    Action.UPDATE: _("Нові документи законного представника"),
    Action.DEACTIVATE: _("Завершення представництва"),
}


@dataclass(frozen=True, slots=True)
class ConfidantRequest:
    """Columns of the table `confidant_requests`."""

    id: UUID
    clinic_id: UUID
    user_id: UUID
    person_id: UUID
    state: State
    action: Action
    about: str
    central_id: UUID
    method: str
    phone: str
    papers: list[dict[str, Any]]
    content: bytes | None
    code_sent_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def needs_code(self) -> bool:
        """Is a code told; the papers of the right are shown in any case."""
        return self.method == OTP

    @property
    def title(self) -> str:
        return TITLES[self.action]

    def pause_left(self, now: datetime) -> int:
        """Seconds until another code may be sent: whole ones, the last begun one counted."""
        if self.code_sent_at is None or now >= self.code_sent_at + PAUSE:
            return 0
        return ceil((self.code_sent_at + PAUSE - now).total_seconds())


def signed_papers(content: bytes) -> Sequence[Mapping[str, Any]]:
    """The papers of a document that is to be signed, for people."""
    document: Mapping[str, Any] = msgspec.json.decode(content)
    about = document.get("confidant_person_relationship") or document
    papers: Sequence[Mapping[str, Any]] = about.get("documents_relationship") or ()
    return papers
