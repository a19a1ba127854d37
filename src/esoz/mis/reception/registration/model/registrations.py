"""One registration on its way: states, the moments that bound it, what is sent to central."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.states import Moves

TERM = timedelta(days=1)  # DC-26: what nobody signed in a day central gives up
PAUSE = timedelta(minutes=1)  # DC-13: between two codes, as central keeps it
RETRY = timedelta(seconds=15)
KEPT = timedelta(days=30)  # what was typed about somebody who was not registered
WAY = "authorize_with"  # the field of the form that tells by which way the patient confirms a change
ON_PAPER = "on_paper"  # the field of the form that tells of the signature by hand
OTP, OFFLINE, THIRD_PERSON = "OTP", "OFFLINE", "THIRD_PERSON"


class Event(StrEnum):
    SEARCHED = "registration.looked_for_duplicates"
    BEGUN = "registration.begun"
    WRITTEN = "registration.written"
    READ = "registration.read"
    LISTED = "registrations.listed"
    PHONE_ASKED = "registration.phone_code_asked"
    PHONE_CONFIRMED = "registration.phone_confirmed"
    ASKED = "registration.asked"
    CODE_RESENT = "registration.code_resent"
    SCAN_SENT = "registration.scan_sent"
    CONFIRMED = "registration.confirmed"
    PERSONAL_READ = "registration.personal_data_read"
    PRINTED = "registration.printed"
    ON_PAPER = "registration.signed_on_paper"
    SIGNED = "registration.signed"
    DONE = "registration.done"
    REFUSED = "registration.refused"
    DISCARDED = "registration.discarded"


class State(StrEnum):
    """Where a registration is."""

    DRAFT = "draft"  # being written; central knows nothing of it
    ASKED = "asked"  # central waits for the patient's code or scans
    CONFIRMED = "confirmed"  # the patient has confirmed; paper and signature are next
    QUEUED = "queued"  # signed, on its way to central
    DONE = "done"
    REFUSED = "refused"  # central did not take the signed one
    DISCARDED = "discarded"


MOVES: Moves[State] = {
    State.DRAFT: frozenset({State.DRAFT, State.ASKED, State.DISCARDED}),
    State.ASKED: frozenset({State.CONFIRMED, State.DRAFT, State.DISCARDED}),
    State.CONFIRMED: frozenset({State.QUEUED, State.DRAFT, State.DISCARDED}),
    State.QUEUED: frozenset({State.DONE, State.REFUSED}),
    State.DONE: frozenset(),
    State.REFUSED: frozenset({State.DRAFT, State.DISCARDED}),
    State.DISCARDED: frozenset(),
}
# What may still be corrected: the form is written anew and the patient confirms again.
EDITABLE = frozenset({State.DRAFT, State.ASKED, State.CONFIRMED, State.REFUSED})
AT_CENTRAL = frozenset({State.ASKED, State.CONFIRMED})
OPEN = (*sorted(EDITABLE), State.QUEUED)

SHOWN: Mapping[State, tuple[str, str]] = {
    State.DRAFT: (_("Не завершено"), "yellow"),
    State.ASKED: (_("Очікує підтвердження пацієнта"), "yellow"),
    State.CONFIRMED: (_("Очікує підпису"), "yellow"),
    State.QUEUED: (_("Надсилається"), "blue"),
    State.DONE: (_("Записано в ЕСОЗ"), "green"),
    State.REFUSED: (_("ЕСОЗ не прийняла"), "red"),
    State.DISCARDED: (_("Видалено"), "grey"),
}


@dataclass(frozen=True, slots=True)
class Registration:
    """Columns of the table `registrations`."""

    id: UUID
    clinic_id: UUID
    user_id: UUID
    person_id: UUID | None
    is_change: bool
    state: State
    form: dict[str, str]
    person: dict[str, Any]
    before: dict[str, Any]
    last_name: str
    first_name: str
    second_name: str
    birth_date: date
    version: int
    central_id: UUID | None
    method: str
    phone: str
    papers: list[dict[str, Any]]
    code_sent_at: datetime | None
    expires_at: datetime | None
    content: bytes | None
    signed: bytes | None
    signings: int
    waits_for: str
    next_at: datetime | None
    refusal: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime
    done_at: datetime | None

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def needs_code(self) -> bool:
        """Does the patient tell a code; else scans of their papers are shown."""
        return self.method == OTP

    @property
    def missing(self) -> list[dict[str, Any]]:
        """Papers whose scans are not sent yet."""
        return [paper for paper in self.papers if not paper["sent"]]

    @property
    def is_on_paper(self) -> bool:
        """Has the patient signed the printed form of this wording."""
        return bool(self.form.get(ON_PAPER))

    def is_over(self, now: datetime) -> bool:
        """Has central given it up by now: then the patient is asked anew."""
        return self.state in AT_CENTRAL and self.expires_at is not None and now >= self.expires_at

    def pause_left(self, now: datetime) -> int:
        """Seconds until another code may be sent: whole ones, the last begun one counted."""
        if self.code_sent_at is None or now >= self.code_sent_at + PAUSE:
            return 0
        return ceil((self.code_sent_at + PAUSE - now).total_seconds())

    @property
    def body(self) -> dict[str, Any]:
        """What central is asked to take (PS-14: the consent is told, the form is signed after it was printed)."""
        body: dict[str, Any] = {
            "person": self.person,
            "patient_signed": False,
            "process_disclosure_data_consent": True,
        }
        if way := self.form.get(WAY):
            body[WAY] = way
        return body

    @property
    def key(self) -> str:
        """Under which central takes this wording once, whatever becomes of its answer."""
        return f"registration-{self.id}-{self.version}"
