"""Wholesale supply without a prescription: what an institution asks for while the war lasts, and what it was given."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.central.uploads import Expected
from esoz.kernel.clock import Days
from esoz.kernel.errors import Conflict
from esoz.kernel.faults import Faults, fault
from esoz.kernel.spelling import plain_name

from .asked import Act, Medicine, Words, is_given, line_faults
from .handing_over import MOST_LINES, Detail, text_faults
from .handing_over import Status as SupplyStatus

NAMES = (3, 255)  # characters of a name
SCANS = "wholesale_requests"  # the folder of the scans
SCAN = "WHOLESALE_REQUEST"  # the type of the scan that is waited for
SCAN_WITHIN = timedelta(days=14)
# WS-4: the trade with medicines, whole or by the package. WHOLESALE_DRUGS is ours, as LICENSE_TYPE has only shops.
LICENSES = ("PHARMACY", "PHARMACY_DRUGS", "WHOLESALE_DRUGS")
WORDS = Words(
    "Medication is not in this request",
    "Medication quantity must be less or equal to what is left of the request",
)
_EDRPOU = re.compile(r"[0-9]{8}|[0-9]{10}")
_NUMBER = re.compile(r"[0-9A-Za-zА-ЯҐЄІЇа-яґєії/№.() -]{1,50}")


class Requester(StrEnum):
    """WS-1: who may be supplied without a prescription."""

    HEALTH_INSTITUTION = "HEALTH_INSTITUTION"
    MILITARY_ADMINISTRATION = "MILITARY_ADMINISTRATION"
    MILITARY_UNIT = "MILITARY_UNIT"
    CHARITY = "CHARITY"
    VOLUNTEERS = "VOLUNTEERS"


class Status(StrEnum):
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"


# WS-5: what was given back may be supplied again; what nothing was supplied by may be a mistake.
MOVES = {
    Status.ACTIVE: frozenset({Status.COMPLETED, Status.ENTERED_IN_ERROR}),
    Status.COMPLETED: frozenset({Status.ACTIVE}),
    Status.ENTERED_IN_ERROR: frozenset[Status](),
}


class WholesaleDetails(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands on the request; the responsible person is who signed it and answers for what comes."""

    division_id: UUID
    requester_type: Requester
    requester_name: str
    requester_edrpou: str
    responsible_name: str
    responsible_position: str
    number: str
    requested_at: date
    medicines: tuple[Medicine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholesaleRequest:
    """A request as it was recorded. `content` shows the supplier and the medicines as they were called that day."""

    id: UUID
    status: Status
    legal_entity_id: UUID
    division_id: UUID
    requester_type: Requester
    requester_name: str
    requester_edrpou: str
    responsible_name: str
    responsible_position: str
    number: str
    requested_at: date
    medicines: Sequence[Medicine]
    content: Mapping[str, object]
    words: str
    key: str
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    error_reason: str | None = None


class WholesaleContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is signed when a part of a request, or all of it, is supplied; `received_by` takes it away."""

    id: UUID
    wholesale_request_id: UUID
    division_id: UUID
    supplied_at: date
    received_by: str
    dispense_details: tuple[Detail, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WholesaleSupply:
    """What was supplied by a request; `given` is how much of each of its lines."""

    id: UUID
    wholesale_request_id: UUID
    status: SupplyStatus
    legal_entity_id: UUID
    division_id: UUID
    party_id: UUID
    supplied_at: date
    received_by: str
    given: Sequence[Medicine]
    content: Mapping[str, object]
    words: str
    region: str
    signed_document: str
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    note: str | None = None
    error_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A request, what was supplied by it, and the scans that are waited for."""

    request: WholesaleRequest
    supplies: Sequence[WholesaleSupply]
    documents: Sequence[Expected]


@dataclass(frozen=True, slots=True)
class Supplied:
    """A supply with the request that it was by."""

    supply: WholesaleSupply
    request: WholesaleRequest


class WholesaleFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of requests; None means any. `requester` and `medication` are parts of names."""

    division_id: UUID | None = None
    status: Status | None = None
    number: str | None = None
    requester_type: Requester | None = None
    requester_edrpou: str | None = None
    requester: str | None = None
    medication: str | None = None
    requested_from: date | None = None
    requested_to: date | None = None
    recorded_from: date | None = None
    recorded_to: date | None = None


class SupplyFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of supplies; None means any. `medication` is a part of a name."""

    division_id: UUID | None = None
    wholesale_request_id: UUID | None = None
    status: SupplyStatus | None = None
    medication: str | None = None
    supplied_from: date | None = None
    supplied_to: date | None = None


class AlreadyRecorded(Conflict):
    """WS-2: whoever comes second with a request, or with its copy, is told so."""

    default = "Request with such number and date of this institution is recorded already"


class MartialLawIsOver(Conflict):
    """WS-1: the exception ends with what it was made for."""

    default = "Wholesale supply without a prescription is allowed under martial law only"


class NotLicensed(Conflict):
    """WS-4: a licence counts on the day of the supply."""

    default = "Legal entity has no license for trade with medicines on this day"


def key_of(details: WholesaleDetails) -> str:
    """WS-2: what makes a request this one: whose it is, number, date; alphabet, case and signs aside."""
    number = "".join(sign for sign in plain_name(details.number.replace("№", "")) if sign.isalnum())
    return "\n".join((details.requester_edrpou, number, details.requested_at.isoformat()))


def request_faults(details: WholesaleDetails) -> Faults:
    """WS-3: what a request must have on it."""
    if not _NUMBER.fullmatch(details.number) or not any(sign.isalnum() for sign in details.number):
        yield fault("$.number", "Number of the request has 1 to 50 letters and digits", rule="format")
    if not _EDRPOU.fullmatch(details.requester_edrpou):
        yield fault("$.requester_edrpou", "Code of the institution has 8 or 10 digits", rule="format")
    for name in ("requester_name", "responsible_name", "responsible_position"):
        yield from text_faults(f"$.{name}", getattr(details, name), NAMES)
    yield from line_faults(details.medicines, MOST_LINES)


def request_day_faults(day: date, days: Days) -> Faults:
    """WS-3: nobody asks on a day that is to come."""
    if day > days.latest:
        yield fault("$.requested_at", "Request date can't be in the future")


def supply_day_faults(day: date, request: WholesaleRequest) -> Faults:
    """WS-3: nothing is supplied before it was asked for."""
    if day < request.requested_at:
        yield fault("$.supplied_at", "Supply date can't be earlier than the date of the request")


def must_be_martial_law(day: date, last_day: date | None) -> None:
    """WS-1: the last day still counts; None while no end is known. Raises MartialLawIsOver."""
    if last_day is not None and day > last_day:
        raise MartialLawIsOver()


def must_be_licensed(is_licensed: bool) -> None:
    """WS-4. Raises NotLicensed."""
    if not is_licensed:
        raise NotLicensed()


def must_be_active(request: WholesaleRequest) -> None:
    """WS-5. Raises Conflict for a request that is used up or was a mistake."""
    if request.status is not Status.ACTIVE:
        raise Conflict("Wholesale request is not active")


def must_be_untouched(supplies: Iterable[Act]) -> None:
    """WS-5. Raises Conflict when something supplied rests on the request."""
    if is_given(supplies):
        raise Conflict("Wholesale request is supplied, its supplies must be cancelled before")
