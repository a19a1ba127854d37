"""People of a clinic: what is known of them, who may be dismissed, what becomes of an invitation."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_name
from esoz.kernel.states import Moves
from esoz.mis.base.workplace import HEADS

APPROVED, DISMISSED = "APPROVED", "DISMISSED"  # central's statuses of an employee

FOLLOWED = timedelta(seconds=30)  # how often central is asked whether somebody has left
WHOLE = timedelta(minutes=10)  # how often the whole list is read: positions and divisions change seldom
FRESH = timedelta(seconds=20)  # a list as young as this is shown as it is

LINK_LIFE = timedelta(days=7)
COOLDOWN = timedelta(minutes=1)  # between two mails with a link
TOKEN_BYTES, TOKEN_LENGTH = 32, 43
RETRY = timedelta(seconds=15)
KEPT = timedelta(days=90)  # what was typed for an invitation that led to nothing


class Event(StrEnum):
    LISTED = "staff.listed"
    READ = "staff_member.read"
    DISMISSED = "staff_member.dismissed"
    JOINED = "workplace.added"
    MOVED = "workplace.changed"
    LEFT = "workplace.ended"
    DRAFTED = "staff_request.drafted"
    SIGNED = "staff_request.signed"
    SENT = "staff_request.sent"
    REFUSED = "staff_request.refused"
    DISCARDED = "staff_request.discarded"
    ANSWERED = "staff_request.answered"
    REQUESTS_LISTED = "staff_requests.listed"
    REQUEST_READ = "staff_request.read"
    INVITED = "staff_invitation.sent"
    WELCOMED = "staff_invitation.used"
    ROLE_GIVEN = "employee_role.given"
    ROLE_ENDED = "employee_role.ended"


class State(StrEnum):
    """Where an invitation to work is."""

    READY = "ready"  # complete, its bytes are fixed, waits for the signature
    QUEUED = "queued"  # signed, on its way to central
    SENT = "sent"  # central has it and has mailed it
    REFUSED = "refused"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    DISCARDED = "discarded"


MOVES: Moves[State] = {
    State.READY: frozenset({State.READY, State.QUEUED, State.DISCARDED}),
    State.QUEUED: frozenset({State.SENT, State.REFUSED}),
    State.REFUSED: frozenset({State.READY, State.DISCARDED}),
    State.SENT: frozenset({State.APPROVED, State.REJECTED, State.EXPIRED}),
    State.APPROVED: frozenset(),
    State.REJECTED: frozenset(),
    State.EXPIRED: frozenset(),
    State.DISCARDED: frozenset(),
}
EDITABLE = frozenset({State.READY, State.REFUSED})
# What may be sent anew as another invitation with the same form.
REPEATABLE = frozenset({State.SENT, State.REJECTED, State.EXPIRED})
# EM-14: central's word for the answer.
ANSWERS: Mapping[str, State] = {
    "APPROVED": State.APPROVED,
    "REJECTED": State.REJECTED,
    "EXPIRED": State.EXPIRED,
}

SHOWN: Mapping[State, tuple[str, str]] = {
    State.READY: (_("Очікує підпису"), "yellow"),
    State.QUEUED: (_("Надсилається"), "blue"),
    State.SENT: (_("Очікує відповіді людини"), "blue"),
    State.REFUSED: (_("ЕСОЗ не прийняла"), "red"),
    State.APPROVED: (_("Людина погодилася"), "green"),
    State.REJECTED: (_("Людина відмовилася"), "red"),
    State.EXPIRED: (_("Строк минув"), "grey"),
    State.DISCARDED: (_("Видалено"), "grey"),
}
STATUSES: Mapping[str, tuple[str, str]] = {
    "APPROVED": (_("Працює"), "green"),
    "DISMISSED": (_("Звільнено"), "grey"),
    "REORGANIZED": (_("Заклад реорганізовано"), "grey"),
}
GONE = (_("Повноваження передано іншому керівнику"), "grey")
# Why somebody leaves; kept here, central writes its own reason.
REASONS: Mapping[str, str] = {
    "own_wish": _("За власним бажанням"),
    "end_of_term": _("Закінчився строк договору"),
    "other_clinic": _("Переведено до іншого закладу"),
    "reduction": _("Скорочення або реорганізація"),
    "misconduct": _("Порушення обов’язків"),
    "other": _("Інша причина"),
}
ELSEWHERE = "elsewhere"  # the reason of an end that central has told of
NOT_HEAD = _("Керівника звільнити тут не можна: його змінює ЕСОЗ, коли заклад подає нового керівника.")
NOT_ONESELF = _("Себе звільнити не можна. Попросіть про це керівника або іншого кадровика.")
NOT_HERE = _("Ця людина вже не працює в закладі.")


@dataclass(frozen=True, slots=True)
class Employee:
    """One position of one person as central tells it; columns of the table `staff`."""

    employee_id: UUID
    clinic_id: UUID
    last_name: str
    first_name: str
    second_name: str
    role: str
    position: str
    status: str
    is_active: bool
    start_date: date | None
    end_date: date | None
    division_id: UUID | None
    division_name: str
    speciality: str

    @property
    def works(self) -> bool:
        return self.status == APPROVED and self.is_active

    @property
    def shown(self) -> tuple[str, str]:
        """The word and the colour of the status."""
        if self.status == APPROVED and not self.is_active:
            return GONE
        return STATUSES.get(self.status, (self.status, "grey"))


@dataclass(frozen=True, slots=True)
class Request:
    """An invitation to work or a change of an employee; columns of the table `staff_requests`."""

    id: UUID
    clinic_id: UUID
    user_id: UUID
    form: dict[str, str]
    content: bytes | None
    signed: bytes | None
    signings: int
    state: State
    waits_for: str
    next_at: datetime | None
    employee_id: UUID | None
    is_change: bool
    last_name: str
    first_name: str
    second_name: str
    email: str
    role: str
    position: str
    central_id: UUID | None
    refusal: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None
    joined_at: datetime | None

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_repeatable(self) -> bool:
        return self.state in REPEATABLE and bool(self.form)

    @property
    def payload(self) -> Mapping[str, Any]:
        """The signed block; empty before there is any."""
        return msgspec.json.decode(self.content)["employee_request"] if self.content else {}


@dataclass(frozen=True, slots=True)
class Access:
    """How somebody of the clinic comes in here; None of the user's facts when they have no user."""

    user_id: UUID | None = None
    email: str = ""
    last_at: datetime | None = None  # the last sign-in since they work here
    invited_at: datetime | None = None  # the last link to set a password, when they never came
    waiting: Sequence["Waiting"] = field(default=())  # what they have not delivered to central


@dataclass(frozen=True, slots=True)
class Waiting:
    """One document that central does not have, as people who may not see patients are shown it."""

    title: str
    state: str
    signed_field: str
    service_date: date | None
    updated_at: datetime


def refusal_to_dismiss(employee: Employee, own: Iterable[UUID]) -> str:
    """Why this one may not be dismissed here, "" when they may. `own`: employees that the asking user is."""
    # EM-22: not an owner, and only somebody who works.
    if not employee.works:
        return NOT_HERE
    if employee.role in HEADS:
        return NOT_HEAD
    return NOT_ONESELF if employee.employee_id in set(own) else ""


def read_employee(payload: Mapping[str, Any], clinic_id: UUID) -> Employee:
    """An employee from central's list or details."""
    party, division = payload["party"], payload.get("division") or {}
    return Employee(
        UUID(payload["id"]),
        clinic_id,
        party.get("last_name") or "",
        party.get("first_name") or "",
        party.get("second_name") or "",
        payload["employee_type"],
        payload["position"],
        payload["status"],
        bool(payload.get("is_active", True)),
        _day(payload.get("start_date")),
        _day(payload.get("end_date")),
        UUID(division["id"]) if division else None,
        division.get("name") or "",
        _speciality(payload),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _speciality(payload: Mapping[str, Any]) -> str:
    blocks = [block for block in payload.values() if isinstance(block, Mapping) and "specialities" in block]
    chosen = [each for block in blocks for each in block["specialities"] if each.get("speciality_officio")]
    return str(chosen[0]["speciality"]) if chosen else ""


def doubtful_heads(employees: Sequence[Employee]) -> list[Employee]:
    """Heads of whom all but one must have been replaced: the list does not say which, the details do (EM-25)."""
    heads = [each for each in employees if each.role in HEADS and each.status == APPROVED]
    return heads if len(heads) > 1 else []


def fits(request: Request, employee: Employee) -> bool:
    """Can this employee be who came of the invitation: type, position, first day, division are those told."""
    payload = request.payload
    return (
        (request.role, request.position) == (employee.role, employee.position)
        and str(employee.start_date) == payload.get("start_date")
        and str(employee.division_id or "") == (payload.get("division_id") or "")
    )


def is_named_alike(request: Request, employee: Employee) -> bool:
    """Has the employee the names of the invitation, however the register spells them."""
    names = (request.last_name, request.first_name, request.second_name)
    theirs = (employee.last_name, employee.first_name, employee.second_name)
    return [plain_name(name) for name in names] == [plain_name(name) for name in theirs]


def digest_of(token: str) -> bytes:
    """What is kept in the place of a token."""
    return hashlib.sha256(b"welcome:" + token.encode()).digest()


def is_open(sent_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Whether a link still leads anywhere: once, for seven days."""
    return used_at is None and now - sent_at < LINK_LIFE
