"""Rules of registered keys: which certificate may be registered, what it may sign, when its end is announced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.kernel.signing import KeyCertificate, KeyStanding
from esoz.kernel.spelling import same_number

DAY = timedelta(days=1)
REMINDERS = (30, 14, 7, 1)  # days before the end
USE_NOTED_EVERY = timedelta(hours=1)
# A key that begins later is registered ahead, and one whose issuer is away is not the person's fault.
FORGIVEN = frozenset({"not_yet_valid", "revocation_not_proven"})


class Event(StrEnum):
    READ = "key_certificates.read"
    REGISTERED = "key_certificate.registered"
    REPLACED = "key_certificate.replaced"
    REMOVED = "key_certificate.removed"


class State(StrEnum):
    """Replaced and removed ones stay as history: documents of then were signed with them."""

    ACTIVE = "active"
    REPLACED = "replaced"
    REMOVED = "removed"


MOVES = {
    State.ACTIVE: frozenset({State.REPLACED, State.REMOVED}),
    State.REPLACED: frozenset({State.ACTIVE}),
    State.REMOVED: frozenset({State.ACTIVE}),
}


class Source(StrEnum):
    """Where a certificate came from."""

    FILE = "file"
    KEY = "key"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredKey:
    """A certificate as it is kept; `certificate` is its DER."""

    id: UUID
    user_id: UUID
    fingerprint: bytes
    certificate: bytes
    issuer: str
    edrpou: str
    not_after: datetime
    state: State
    source: Source
    registered_at: datetime
    changed_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate that ends, and to whom that is told."""

    id: UUID
    email: str
    issuer: str
    not_after: datetime


def days_left(not_after: datetime, now: datetime) -> int:
    """Days until the end, begun ones counted; 0 from the end on."""
    return max(-(-(not_after - now) // DAY), 0)


def reminder(left: int) -> int | None:
    """Which of the reminders is due when so many days are left."""
    return min((days for days in REMINDERS if left <= days), default=None) if left else None


def ending(registered: Sequence[RegisteredKey], now: datetime) -> list[RegisteredKey]:
    """Active certificates whose end is near or past, the first to end first.

    One that has a successor says nothing: another certificate of the same person for the same organisation that ends
    later than the first reminder.
    """
    active = [each for each in registered if each.state is State.ACTIVE]
    near = [each for each in active if days_left(each.not_after, now) <= REMINDERS[0]]
    lasting = {each.edrpou for each in active if days_left(each.not_after, now) > REMINDERS[0]}
    found = sorted((each for each in near if each.edrpou not in lasting), key=lambda each: each.not_after)
    return [each for each in found if not _is_followed(each, found)]


def _is_followed(one: RegisteredKey, others: Iterable[RegisteredKey]) -> bool:
    return any(each.edrpou == one.edrpou and each.not_after > one.not_after for each in others)


def chosen(keys: Iterable[KeyCertificate], tax_id: str, now: datetime) -> KeyCertificate | None:
    """Of a file with several certificates the one that is meant: the person's own, for signing, the newest."""

    def worth(key: KeyCertificate) -> tuple[bool, bool, bool, bool, datetime]:
        is_valid = key.not_before <= now <= key.not_after
        return (same_number(key.drfo, tax_id), key.may_sign, not key.is_seal, is_valid, key.not_before)

    return max((key for key in keys if not key.is_authority), key=worth, default=None)


def problem(key: KeyCertificate, tax_id: str, standing: KeyStanding) -> str:
    """The rule by which a document of this person signed with this key would be refused; empty: it would be taken."""
    if key.is_seal:
        return "seal"
    if not key.may_sign:
        return "not_for_signing"
    if not key.drfo:
        return "no_tax_id"
    if not same_number(key.drfo, tax_id):
        return "other_person"
    return standing.fault


class KeyAffiliation(StrEnum):
    """Whose the key is beside the person's."""

    PERSON = "person"  # a natural person's key, of no organisation
    CLINIC = "clinic"  # of the clinic where the person works now
    OTHER = "other"
    NOT_KNOWN = "not_known"  # the clinic's code is not known here yet


def belonging(key: KeyCertificate, clinic_code: str) -> KeyAffiliation:
    """How the organisation in the certificate is related to the present clinic."""
    # A sole proprietor's clinic has the person's own tax number as its code.
    if not key.edrpou:
        return KeyAffiliation.PERSON
    if same_number(key.edrpou, key.drfo) and not same_number(key.edrpou, clinic_code):
        return KeyAffiliation.PERSON
    if not clinic_code:
        return KeyAffiliation.NOT_KNOWN
    return KeyAffiliation.CLINIC if same_number(key.edrpou, clinic_code) else KeyAffiliation.OTHER
