"""What the trust centre issues and to whom: families, identities, terms, statuses of certificates, and their rules."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.kernel.errors import Invalid, Rejected, rejected
from esoz.kernel.pages.translations import mark as _

USUAL_TERM = timedelta(days=730)
# The law lets a qualified certificate live two years and authorities longer; five are room for tests.
LONGEST_TERM = timedelta(days=5 * 366)
EARLIEST = timedelta(days=20 * 366)
LONGEST_TEXT = 200
_DRFO = re.compile(r"\d{10}|\d{9}|[A-ZА-ЯҐЄІЇ]{2}\d{6}")
_EDRPOU = re.compile(r"\d{8}")
_UNZR = re.compile(r"\d{8}-\d{5}")


class Family(StrEnum):
    """The mathematics of an authority and of all that it signs."""

    GOST = "dstu-gost"
    KUPYNA = "dstu-kupyna"
    ECDSA = "ecdsa"


class Status(StrEnum):
    """What the centre says of a certificate. A term that is over is not a status: it shows by itself."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


MOVES = {
    Status.VALID: frozenset({Status.SUSPENDED, Status.REVOKED}),
    Status.SUSPENDED: frozenset({Status.VALID, Status.REVOKED}),
    Status.REVOKED: frozenset[Status](),
}


class Reason(StrEnum):
    """Why a certificate is revoked, by the names of RFC 5280, 5.3.1; a hold is a suspension."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "key_compromise"
    AFFILIATION_CHANGED = "affiliation_changed"
    SUPERSEDED = "superseded"
    CESSATION = "cessation_of_operation"
    HOLD = "certificate_hold"
    WITHDRAWN = "privilege_withdrawn"


REASON_CODES = {
    Reason.UNSPECIFIED: 0,
    Reason.KEY_COMPROMISE: 1,
    Reason.AFFILIATION_CHANGED: 3,
    Reason.SUPERSEDED: 4,
    Reason.CESSATION: 5,
    Reason.HOLD: 6,
    Reason.WITHDRAWN: 9,
}


class KeyFormat(StrEnum):
    """Files in which a key may be handed over."""

    PKCS12 = "p12"
    JKS = "jks"
    KEY6 = "key-6"

    @property
    def file_name(self) -> str:
        """The name people expect of such a file."""
        return {"p12": "key.p12", "jks": "key.jks", "key-6": "Key-6.dat"}[self]


class Event(StrEnum):
    ESTABLISHED = "authority.established"
    ISSUED = "certificate.issued"
    REVOKED = "certificate.revoked"
    SUSPENDED = "certificate.suspended"
    RESTORED = "certificate.restored"
    READ = "certificate.read"
    LISTED = "certificates.listed"
    SIGNED_IN = "operator.signed_in"
    SIGNED_OUT = "operator.signed_out"


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom a certificate is for: a person, a person of an organisation, or the seal of an organisation."""

    surname: str = ""
    given_name: str = ""
    drfo: str = ""
    unzr: str = ""
    organization: str = ""
    edrpou: str = ""
    title: str = ""
    is_seal: bool = False

    @property
    def name(self) -> str:
        """A person's full name, or the name of the organisation for a seal."""
        return self.organization if self.is_seal else f"{self.surname} {self.given_name}"


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when a certificate is valid, whole seconds."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A certificate as the centre keeps it. `content` is the certificate in DER, numbers are hexadecimal."""

    id: UUID
    family: Family
    serial_number: str
    key_identifier: str
    identity: Identity
    name: str
    valid_from: datetime
    valid_to: datetime
    content: bytes
    status: Status
    reason: Reason | None
    revoked_at: datetime | None
    issued_at: datetime

    def shown_status(self, at: datetime) -> str:
        """Status for people and programs: a valid certificate whose term is over is expired."""
        if self.status is Status.VALID and not self.valid_from <= at <= self.valid_to:
            return "expired" if at > self.valid_to else "not_yet_valid"
        return str(self.status)


def must_be_whole(identity: Identity) -> Identity:
    """The identity without spaces at the ends; Rejected naming every field that is missing or impossible."""
    texts = {field: getattr(identity, field) for field in identity.__struct_fields__ if field != "is_seal"}
    clean = msgspec.structs.replace(identity, **{field: " ".join(text.split()) for field, text in texts.items()})
    found = [*_missing(clean), *_malformed(clean)]
    if found:
        raise Rejected(invalid=tuple(Invalid(f"$.identity.{field}", rule, words) for field, rule, words in found))
    return clean


def _missing(identity: Identity) -> list[tuple[str, str, str]]:
    needed = ("organization", "edrpou") if identity.is_seal else ("surname", "given_name", "drfo")
    return [(field, "required", NEEDED[field]) for field in needed if not getattr(identity, field)]


NEEDED = {
    "organization": _("Введіть назву організації."),
    "edrpou": _("Введіть код ЄДРПОУ організації."),
    "surname": _("Введіть прізвище."),
    "given_name": _("Введіть ім’я та по батькові."),
    "drfo": _("Введіть РНОКПП або серію та номер паспорта."),
}


def _malformed(identity: Identity) -> list[tuple[str, str, str]]:
    shapes = (
        ("drfo", _DRFO, _("РНОКПП має 10 цифр; замість нього може бути номер ID-картки або паспорт, як-от АБ123456.")),
        ("edrpou", _EDRPOU, _("Код ЄДРПОУ має 8 цифр.")),
        ("unzr", _UNZR, _("УНЗР записують так: 19850327-01234.")),
    )
    found = [
        (field, "format", words)
        for field, shape, words in shapes
        if (text := getattr(identity, field)) and not shape.fullmatch(text)
    ]
    for field in ("surname", "given_name", "organization", "title"):
        text = getattr(identity, field)
        if len(text) > LONGEST_TEXT or not text.isprintable():
            found.append((field, "length", _("Не більше 200 знаків і без керівних символів.")))
    if identity.is_seal and (identity.surname or identity.given_name or identity.drfo):
        words = _("Печатка належить організації: прізвище, ім’я та РНОКПП залиште порожніми.")
        found.append(("is_seal", "invalid", words))
    return found


def must_be_term(start: datetime | None, end: datetime | None, now: datetime) -> Term:
    """The term asked for; two years from now when nothing is asked. May lie in the past: it is a test centre."""
    begins = (start or now).replace(microsecond=0)
    ends = (end or begins + USUAL_TERM).replace(microsecond=0)
    if begins.tzinfo is None or ends.tzinfo is None:
        raise rejected("$.valid_to", _("Вкажіть час із часовим поясом, як-от 2026-11-22T10:00:00Z."), rule="format")
    if ends <= begins:
        raise rejected("$.valid_to", _("Строк має закінчуватися пізніше, ніж починається."))
    if ends - begins > LONGEST_TERM or abs(begins - now) > EARLIEST:
        raise rejected("$.valid_to", _("Строк задовгий або задалекий: не більше п’яти років."), rule="length")
    return Term(begins, ends)
