"""An approval: the patient lets a doctor see what is named. Its states, its code, what it opens and for how long."""

import hashlib
import hmac
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.central.workforce import MEDICAL_TYPES, Employee
from esoz.kernel.errors import Conflict, Forbidden, TooMany
from esoz.kernel.faults import Faults, fault, none_chosen
from esoz.kernel.fhir import CodeableConcept, Reference
from esoz.kernel.references import Answerable, Grantable, Referent, Target
from esoz.kernel.states import move

TERM = timedelta(hours=24)  # AP-4; BG-4: here the end is looked at
UNANSWERED = timedelta(hours=12)  # AP-4: one that nobody confirms is deleted
CODE_TERM = timedelta(minutes=15)  # OT-2
ATTEMPTS = 3  # OT-2: for each code that was sent
MOST_CODES = 5  # BG-12: with ATTEMPTS no more than fifteen guesses of nine thousand
PAUSE = timedelta(minutes=1)  # between two codes
EPISODE = "episode_of_care"
EPISODES = ("episode", EPISODE)  # two names of one thing
PATIENTS = ("patient", "person")  # the same: the first in medical records, the second in the register of people
READ = "read"
FORBIDDEN_GROUP = "forbidden_group"
REFERRAL = "service_request"
NOT_KEPT = ("diagnoses_group", "service_group")
COMPOSITION = "composition"
CHOICES = (
    "resources",
    REFERRAL,
    "patient",
    "resource_types",
    FORBIDDEN_GROUP,
    COMPOSITION,
    *NOT_KEPT,
)  # one of them says what is opened
# Doctors whose declaration opens the record and shows all approvals; others see what their clinic asked for.
DECLARING_TYPES = frozenset({"DOCTOR"})


class Event(StrEnum):
    APPROVAL_CREATED = "approval.created"
    APPROVAL_RESENT = "approval.code_resent"
    APPROVAL_VERIFIED = "approval.verified"
    APPROVAL_REFUSED = "approval.code_refused"
    APPROVAL_CANCELED = "approval.canceled"
    APPROVALS_VIEWED = "approvals.viewed"


class ApprovalStatus(StrEnum):
    NEW = "new"
    ACTIVE = "active"
    CANCELED = "canceled"


MOVES = {
    ApprovalStatus.NEW: frozenset({ApprovalStatus.ACTIVE, ApprovalStatus.CANCELED}),
    ApprovalStatus.ACTIVE: frozenset({ApprovalStatus.CANCELED}),
    ApprovalStatus.CANCELED: frozenset[ApprovalStatus](),
}


class WrongCode(Forbidden):
    """The code is not the one that was sent; that it was tried is kept though the request is refused."""

    keeps = True
    default = "Invalid verification code"


class NewApproval(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is asked for: one of resources, what a referral permits, resource types, the whole patient, a forbidden
    group; the rest of the published choices belong to parts of the system that are not kept here.

    The whole patient is named as `patient`; clients also name a resource, or a type of resource, of this kind.
    """

    granted_to: Reference
    access_level: str
    created_by: Reference | None = None
    authorize_with: UUID | None = None
    resources: tuple[Reference, ...] = ()
    resource_types: tuple[CodeableConcept, ...] = ()
    patient: Reference | None = None
    child_resource: Reference | None = None
    service_request: Reference | None = None
    forbidden_group: Reference | None = None
    diagnoses_group: Reference | None = None
    service_group: Reference | None = None
    composition: Reference | None = None

    @property
    def patients(self) -> dict[str, Reference]:
        """Every place that names a patient: the whole record is asked for."""
        named = {f"$.resources[{number}]": each for number, each in enumerate(self.resources) if each.kind in PATIENTS}
        return named | ({"$.patient": self.patient} if self.patient else {})

    @property
    def records(self) -> tuple[Reference, ...]:
        """The single records that are asked for."""
        named = tuple(each for each in self.resources if each.kind not in PATIENTS)
        return named + ((self.composition,) if self.composition else ())

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of records that are asked for, by one name each."""
        codes = (each.code for each in self.resource_types if each.code not in PATIENTS)
        return tuple(EPISODE if code in EPISODES else code for code in codes)

    @property
    def whole_patient(self) -> bool:
        return bool(self.patients) or any(each.code in PATIENTS for each in self.resource_types)


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """A right to read, given by the patient; `method` is how they confirm, `phone` where the code goes."""

    person_id: UUID
    id: UUID
    status: ApprovalStatus
    access_level: str
    granted_to_id: UUID
    legal_entity_id: UUID
    method: str
    expires_at: datetime
    inserted_at: datetime
    updated_at: datetime
    created_by_id: UUID | None = None
    whole_patient: bool = False
    resources: tuple[Reference, ...] = ()
    resource_types: tuple[str, ...] = ()
    authorize_with: UUID | None = None
    reason: UUID | None = None
    phone: str | None = None
    code_digest: bytes | None = None
    code_expires_at: datetime | None = None
    codes_sent: int = 0
    code_sent_at: datetime | None = None
    wrong_codes: int = 0

    @property
    def resource_ids(self) -> list[UUID]:
        return [each.id for each in self.resources]

    @property
    def is_verified(self) -> bool:
        """Whether the patient has confirmed it."""
        return self.status is ApprovalStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class GrantedAccess:
    """What active approvals open to a reader: everything, single resources, whole kinds of them."""

    whole: bool = False
    ids: frozenset[UUID] = frozenset()
    kinds: frozenset[str] = frozenset()

    def lets_in(self, kind: str, ids: frozenset[UUID]) -> bool:
        """Whether a resource of this kind, or what it belongs to, is open."""
        return self.whole or kind in self.kinds or bool(ids & self.ids)


class ApprovalFilter(msgspec.Struct, frozen=True):
    """What a list of approvals is narrowed by; `reason` is the referral that it was asked for by."""

    granted_to: UUID | None = None
    granted_resources: UUID | None = None
    granted_resource_type: str | None = None
    is_verified: bool | None = None
    reason: UUID | None = None
    is_expired: bool | None = None
    access_level: str | None = None


def treats_in(employee: Employee, legal_entity_id: UUID | None) -> bool:
    """AP-1: a working medical employee of this clinic."""
    is_medical = employee.employee_type in MEDICAL_TYPES
    return employee.works and is_medical and employee.legal_entity_id == legal_entity_id


def new_approval_faults(
    new: NewApproval,
    *,
    doctor: Employee | None,
    clinic: UUID | None,
    person_id: UUID,
    found: Mapping[Target, Referent],
    grantable: Grantable,
) -> Faults:
    """AP-1, AP-2: for a doctor of the caller's clinic, to read something that is there."""
    group = new.forbidden_group
    if group is not None and (FORBIDDEN_GROUP, group.id) not in found:
        yield fault("$.forbidden_group.identifier.value", "Forbidden group with such id is not found")
    entry = "$.granted_to.identifier.value"
    if doctor is None:
        yield fault(entry, "Employee with such ID is not found")
    elif not treats_in(doctor, clinic):
        yield fault(entry, "Employee is not an active doctor")
    if new.composition is not None and (COMPOSITION, new.composition.id) not in found:
        yield fault(f"$.{COMPOSITION}.identifier.value", "Composition with such id is not found")
    if new.access_level != READ:
        yield fault("$.access_level", "value is not allowed in enum", rule="inclusion")
    yield from _subject_faults(new, person_id, grantable)
    for number, each in enumerate(new.resources):
        place = f"$.resources[{number}].identifier"
        if each.kind in PATIENTS:
            continue
        if each.kind not in grantable.resources.kinds:
            yield fault(f"{place}.type.coding[0].code", "value is not allowed in enum", rule="inclusion")
        elif (each.kind, each.id) not in found:
            title = each.kind.replace("_", " ").capitalize()
            yield fault(f"{place}.value", f"{title} with such id is not found")


def _subject_faults(new: NewApproval, person_id: UUID, grantable: Grantable) -> Faults:
    for place, patient in new.patients.items():
        if patient.id != person_id:
            yield fault(f"{place}.identifier.value", "Patient with such id is not found")
    for name in NOT_KEPT:
        if getattr(new, name) is not None:
            title = name.replace("_", " ").capitalize()
            yield fault(f"$.{name}.identifier.value", f"{title} with such id is not found")
    for number, each in enumerate(new.resource_types):
        if each.code not in grantable.types and each.code not in PATIENTS:
            yield fault(f"$.resource_types[{number}].coding[0].code", "value is not allowed in enum", rule="inclusion")
    # AP-1: nothing is opened that nobody named; the whole record least of all.
    if not any(getattr(new, name) for name in CHOICES):
        yield none_chosen("$", *(f"$.{name}" for name in CHOICES))


def referral_faults(new: NewApproval, referral: Answerable | None, now: datetime) -> Faults:
    """AP-1: the referral is this patient's, and its term has not passed before anybody took it."""
    if new.service_request is None:
        return
    if new.service_request.kind != REFERRAL:
        entry = f"$.{REFERRAL}.identifier.type.coding[0].code"
        yield fault(entry, "value is not allowed in enum", rule="inclusion")
    elif referral is None:
        yield fault(f"$.{REFERRAL}.identifier.value", "Service request with such id is not found")
    elif referral.ends_at is not None and now > referral.ends_at:
        yield fault(f"$.{REFERRAL}", "Service request is expired")


def must_permit(referral: Answerable | None, found: Collection[Target]) -> None:
    """AP-1: an open referral opens what it names, and nothing when it names nothing. Raises Conflict."""
    if referral is None:
        return
    if referral.refusal is not None:
        raise Conflict("Service request should be active")
    if not any(target in found for target in referral.permitted):
        raise Conflict("Service request does not contain resources references")


def must_be_new(approval: Approval, verb: str) -> None:
    """AP-5: `verb` ends the published sentence: "verified", "resent". Raises Conflict."""
    if approval.status is not ApprovalStatus.NEW:
        raise Conflict(f"Approval in status {approval.status} can not be {verb}")


def with_code(approval: Approval, code: str, *, phone: str, secret: bytes, now: datetime) -> Approval:
    """A code was sent. Raises TooMany when the last one was sent just now, or too many were."""
    if approval.codes_sent >= MOST_CODES or (approval.code_sent_at and now - approval.code_sent_at < PAUSE):
        raise TooMany(headers={"Retry-After": str(int(PAUSE.total_seconds()))})
    return msgspec.structs.replace(
        approval,
        phone=phone,
        code_digest=digest(code, approval.id, secret=secret),
        code_expires_at=now + CODE_TERM,
        codes_sent=approval.codes_sent + 1,
        code_sent_at=now,
        wrong_codes=0,
        updated_at=now,
    )


def checked(approval: Approval, code: str, *, secret: bytes, now: datetime) -> Approval | None:
    """The approval that the right code makes active; None when the code is wrong. Raises Forbidden (OT-2)."""
    if approval.code_digest is None or approval.code_expires_at is None or now >= approval.code_expires_at:
        raise Forbidden("Verification code expired")
    if approval.wrong_codes >= ATTEMPTS:
        raise Forbidden("Maximum attempts exceed")
    if not hmac.compare_digest(digest(code, approval.id, secret=secret), approval.code_digest):
        return None
    return activated(approval, now)


def guessed(approval: Approval, now: datetime) -> Approval:
    """A wrong code was tried."""
    return msgspec.structs.replace(approval, wrong_codes=approval.wrong_codes + 1, updated_at=now)


def activated(approval: Approval, now: datetime) -> Approval:
    """The patient has confirmed."""
    status = move(MOVES, approval.status, ApprovalStatus.ACTIVE)
    return msgspec.structs.replace(approval, status=status, code_digest=None, updated_at=now)


def canceled(approval: Approval, now: datetime) -> Approval:
    """The right is taken away before its end. Raises Conflict when it was already."""
    message = f"Approval in status {approval.status} can not be canceled"
    status = move(MOVES, approval.status, ApprovalStatus.CANCELED, message=message)
    return msgspec.structs.replace(approval, status=status, code_digest=None, updated_at=now)


def new_code(random: Callable[[int], bytes]) -> str:
    """Four digits, the first not a zero (the published body is a number); OT-1 knew 729 of them."""
    return str(1000 + int.from_bytes(random(8)) % 9000)


def digest(code: str, id: UUID, *, secret: bytes) -> bytes:
    """What is kept of a code (OT-8 kept it in clear)."""
    return hmac.digest(secret, b"esoz code of an approval" + id.bytes + code.encode(), hashlib.sha256)
