"""Prescriptions on paper: what a pharmacy records of a blank, and how much of it is left."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.central.medications import ORDINARY_BLANK
from esoz.central.uploads import Expected
from esoz.kernel.clock import Days
from esoz.kernel.errors import Conflict, Invalid
from esoz.kernel.faults import Faults, fault
from esoz.kernel.spelling import plain_name

from .asked import Medicine, Words, is_given, line_faults
from .handing_over import Detail, text_faults
from .handing_over import Status as DispenseStatus

MOST_MEDICINES = 3  # PP-2
VALID_FOR: Mapping[str, timedelta] = {ORDINARY_BLANK: timedelta(days=30)}  # PP-3: by the form of the blank
NAMES = (3, 255)  # characters of a doctor's name, of a clinic's
PHOTOS = "paper_prescriptions"  # the folder of the scans
PHOTO = "PAPER_PRESCRIPTION"  # the type of the scan that is waited for
PHOTO_WITHIN = timedelta(days=14)
WORDS = Words(
    "Medication is not prescribed on this paper",
    "Medication quantity must be less or equal to what is left on the paper prescription",
)
_EDRPOU = re.compile(r"[0-9]{8}|[0-9]{10}")
_NUMBER = re.compile(r"[0-9A-Za-zА-ЯҐЄІЇа-яґєії/№ -]{1,30}")
_SERIES = re.compile(r"[0-9A-Za-zА-ЯҐЄІЇа-яґєії/ -]{0,20}")


class Status(StrEnum):
    """EXPIRED is never stored: a day makes it so."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    EXPIRED = "EXPIRED"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"


# PP-5: what was given back may be given again; what nobody has handed over by may be a mistake.
MOVES = {
    Status.ACTIVE: frozenset({Status.COMPLETED, Status.EXPIRED, Status.ENTERED_IN_ERROR}),
    Status.COMPLETED: frozenset({Status.ACTIVE}),
    Status.EXPIRED: frozenset({Status.ENTERED_IN_ERROR}),
    Status.ENTERED_IN_ERROR: frozenset[Status](),
}


class PaperDetails(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands on the blank. Whose it is stays on the paper and its picture: nobody is looked for by it."""

    division_id: UUID
    number: str
    institution_name: str
    institution_edrpou: str
    doctor_name: str
    issued_at: date
    medicines: tuple[Medicine, ...]
    series: str = ""
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPrescription:
    """A blank as it was recorded. `content` shows the pharmacy and the medicines as they were called that day."""

    id: UUID
    status: Status
    legal_entity_id: UUID
    division_id: UUID
    series: str
    number: str
    institution_name: str
    institution_edrpou: str
    doctor_name: str
    issued_at: date
    valid_to: date
    medicines: Sequence[Medicine]
    content: Mapping[str, object]
    words: str
    key: str
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    error_reason: str | None = None

    def status_on(self, today: date) -> Status:
        """PP-3: the last day still counts."""
        return Status.EXPIRED if self.status is Status.ACTIVE and today > self.valid_to else self.status


class PaperContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the pharmacist signs when a part of a blank, or all of it, is handed over."""

    id: UUID
    paper_prescription_id: UUID
    division_id: UUID
    dispensed_at: date
    dispense_details: tuple[Detail, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDispense:
    """What was handed over by a blank; `given` is how much of each of its lines."""

    id: UUID
    paper_prescription_id: UUID
    status: DispenseStatus
    legal_entity_id: UUID
    division_id: UUID
    party_id: UUID
    dispensed_at: date
    given: Sequence[Medicine]
    content: Mapping[str, object]
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
    """A blank, what was handed over by it, the pictures that are waited for, and the day of the question."""

    paper: PaperPrescription
    dispenses: Sequence[PaperDispense]
    documents: Sequence[Expected]
    today: date


class PaperFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of recorded blanks; None means any. `medication` is a part of a name."""

    division_id: UUID | None = None
    status: Status | None = None
    number: str | None = None
    institution_edrpou: str | None = None
    medication: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    recorded_from: date | None = None
    recorded_to: date | None = None


@dataclass(frozen=True, slots=True)
class GivenByPaper:
    """What was handed over with the blank that it was by."""

    dispense: PaperDispense
    paper: PaperPrescription


class PaperDispenseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of what was handed over by blanks; None means any."""

    division_id: UUID | None = None
    status: DispenseStatus | None = None
    dispensed_from: date | None = None
    dispensed_to: date | None = None


class AlreadyRecorded(Conflict):
    """PP-1: whoever comes second with a paper, or with its copy, is told so."""

    default = "Paper prescription with such series, number, institution and date is recorded already"


def key_of(details: PaperDetails) -> str:
    """PP-1: what makes a paper this one: series, number, institution, date; alphabet, case and signs aside."""
    return "\n".join(
        (_plain(details.series), _plain(details.number), details.institution_edrpou, details.issued_at.isoformat())
    )


def _plain(text: str) -> str:
    return "".join(sign for sign in plain_name(text.replace("№", "")) if sign.isalnum())


def paper_faults(details: PaperDetails) -> Faults:
    """PP-2: what a blank must have on it."""
    if not _NUMBER.fullmatch(details.number) or not _plain(details.number):
        yield fault("$.number", "Number of the blank has 1 to 30 letters and digits", rule="format")
    if not _SERIES.fullmatch(details.series):
        yield fault("$.series", "Series of the blank has up to 20 letters and digits", rule="format")
    if not _EDRPOU.fullmatch(details.institution_edrpou):
        yield fault("$.institution_edrpou", "Code of the institution has 8 or 10 digits", rule="format")
    yield from text_faults("$.institution_name", details.institution_name, NAMES)
    yield from text_faults("$.doctor_name", details.doctor_name, NAMES)
    yield from line_faults(details.medicines, MOST_MEDICINES)


def term_faults(details: PaperDetails, days: Days, late_days: int) -> Faults:
    """PP-3: written before now and good still, or as it was when an outage kept it from being recorded (PP-4)."""
    longest = details.issued_at + VALID_FOR[ORDINARY_BLANK]
    if details.issued_at > days.latest:
        yield fault("$.issued_at", "Issue date can't be in the future")
    if details.valid_to is not None and not details.issued_at <= details.valid_to <= longest:
        message = f"Validity must be between issue date and {VALID_FOR[ORDINARY_BLANK].days} days after it"
        yield Invalid("$.valid_to", "invalid", message, [VALID_FOR[ORDINARY_BLANK].days])
    elif (details.valid_to or longest) < days.earliest - timedelta(days=late_days):
        yield fault("$.issued_at", "Paper prescription is expired")


def valid_to(details: PaperDetails) -> date:
    """PP-3: as the doctor wrote, else as long as the blank is good for."""
    return details.valid_to or details.issued_at + VALID_FOR[ORDINARY_BLANK]


def day_of_blank_faults(day: date, paper: PaperPrescription) -> Faults:
    """PP-3: a blank is handed over by from its day to its last one."""
    if not paper.issued_at <= day <= paper.valid_to:
        yield fault("$.dispensed_at", "Dispense date must be within the validity of the paper prescription")


def must_be_active(paper: PaperPrescription) -> None:
    """PP-5. Raises Conflict for a blank that is used up or was a mistake; the days are asked for apart."""
    if paper.status is not Status.ACTIVE:
        raise Conflict("Paper prescription is not active")


def must_be_untouched(dispenses: Iterable[PaperDispense]) -> None:
    """PP-5. Raises Conflict when something handed over rests on the blank."""
    if is_given(dispenses):
        raise Conflict("Paper prescription is dispensed, its dispenses must be cancelled before")
