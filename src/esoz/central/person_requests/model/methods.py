"""A request to add, rename or end a way to authenticate: what it may ask for, and its states."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.central.people import TAX_ID_AGE, AuthenticationDetails, AuthenticationMethod, AuthenticationType, age
from esoz.central.verifications import is_phone
from esoz.kernel.errors import Conflict, Forbidden
from esoz.kernel.faults import Faults, fault
from esoz.kernel.states import move

from .confirmation import Confirmed
from .requests import CHANNEL, INVALID_TRANSITION

FOLDER = "authentication_method_requests"
ROOT = "$.authentication_method"
LONGEST_ALIAS = 255
UNKNOWN = "Person's authentication method doesn't exist"
LAST = "The last authentication method can not be deactivated"


class Action(StrEnum):
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DEACTIVATE = "DEACTIVATE"


class Status(StrEnum):
    NEW = "NEW"
    COMPLETED = "COMPLETED"
    CANCELLED = (
        "CANCELLED"  # by a newer request of the same clinic or of the person, or by the end of its term; told to nobody
    )


MOVES = {
    Status.NEW: frozenset({Status.COMPLETED, Status.CANCELLED}),
    Status.COMPLETED: frozenset[Status](),
    Status.CANCELLED: frozenset[Status](),
}


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """The published `authentication_method` of a request: `id` of one that is there, or the rest of a new one."""

    id: UUID | None = None
    type: AuthenticationType | None = None
    phone_number: str | None = None
    value: UUID | None = None
    alias: str | None = None

    def details(self) -> AuthenticationDetails:
        """The new method that it tells."""
        assert self.type is not None
        return AuthenticationDetails(type=self.type, phone_number=self.phone_number, value=self.value, alias=self.alias)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodRequest(Confirmed):
    """What is asked for; `method` and `phone` are those by which it is confirmed."""

    status: Status
    action: Action
    legal_entity_id: UUID | None  # None of an own request
    change: Change
    expires_at: datetime
    inserted_at: datetime
    channel: str = CHANNEL
    inserted_by: UUID | None = None
    updated_by: UUID | None = None

    def status_at(self, now: datetime) -> Status:
        """The status at a moment: what nobody confirmed in its term is over."""
        return Status.CANCELLED if self.status is Status.NEW and now >= self.expires_at else self.status


# Which members an action needs, and which it may have besides.
_MEMBERS: dict[tuple[Action, AuthenticationType | None], tuple[frozenset[str], frozenset[str]]] = {
    (Action.INSERT, AuthenticationType.OTP): (frozenset({"phone_number"}), frozenset({"alias"})),
    (Action.INSERT, AuthenticationType.OFFLINE): (frozenset(), frozenset({"alias"})),
    (Action.INSERT, AuthenticationType.THIRD_PERSON): (frozenset({"value", "alias"}), frozenset()),
    (Action.UPDATE, None): (frozenset({"id", "alias"}), frozenset()),
    (Action.DEACTIVATE, None): (frozenset({"id"}), frozenset()),
}


def change_faults(action: Action, change: Change, methods: Sequence[AuthenticationMethod]) -> Faults:
    """PS-7: what must be told of a change and what may not; a method that is named is an active one of the person."""
    known = _MEMBERS.get((action, change.type if action is Action.INSERT else None))
    if known is None:
        yield fault(f"{ROOT}.type", "value is not allowed in enum", rule="inclusion")
        return
    needed, allowed = known
    told = {name for name in change.__struct_fields__ if getattr(change, name) is not None}
    for name in sorted(needed - told):
        yield fault(f"{ROOT}.{name}", f"required property {name} was not present", rule="required")
    for name in sorted(told - needed - allowed - ({"type"} if action is Action.INSERT else set())):
        yield fault(f"{ROOT}.{name}", f"{name} can not be set by {action}")
    if change.phone_number is not None and not is_phone(change.phone_number):
        yield fault(f"{ROOT}.phone_number", "string does not match pattern ^\\+380\\d{9}$", rule="format")
    if change.alias is not None and not 1 <= len(change.alias.strip()) <= len(change.alias) <= LONGEST_ALIAS:
        yield fault(f"{ROOT}.alias", f"expected 1 to {LONGEST_ALIAS} characters", rule="length")
    if change.id is not None and change.id not in {method.id for method in methods}:
        yield fault(f"{ROOT}.id", UNKNOWN)


def age_faults(action: Action, change: Change, birth_date: date, today: date) -> Faults:
    """PS-7: below fourteen another person confirms, and nothing else is added."""
    is_young = age(birth_date, today) < TAX_ID_AGE
    if action is Action.INSERT and is_young and change.type is not AuthenticationType.THIRD_PERSON:
        yield fault(f"{ROOT}.type", "Person under 14 must be authenticated by a third person", rule="inclusion")


def must_be_of_use(action: Action, change: Change, methods: Sequence[AuthenticationMethod]) -> None:
    """Raise Conflict for a method that is there already, and for the end of the only one: nobody is left without."""
    same = [
        method
        for method in methods
        if (method.type, method.phone_number, method.value) == (change.type, change.phone_number, change.value)
    ]
    if action is Action.INSERT and same:
        raise Conflict("Such authentication method already exists")
    if action is Action.DEACTIVATE and [method.id for method in methods] == [change.id]:
        raise Conflict(LAST)


def completed(request: MethodRequest, now: datetime, by: UUID | None) -> MethodRequest:
    """The request that was confirmed. Raises Conflict."""
    status = move(MOVES, request.status_at(now), Status.COMPLETED, message=INVALID_TRANSITION)
    return replace(request, status=status, code_digest=None, updated_at=now, updated_by=by)


def must_await_code(request: MethodRequest, now: datetime) -> None:
    """DC-13. Raises Conflict, or Forbidden where no code is waited for."""
    if request.status_at(now) is not Status.NEW:
        raise Conflict(INVALID_TRANSITION)
    if request.phone is None:
        raise Forbidden("Authentication method is not OTP")
