"""A medical information system on its way into the register: application, tests of conformity, decision."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from esoz.kernel.errors import Invalid
from esoz.kernel.versions import is_older, version_key
from esoz.spec.roles import client_type_scopes

# For whom a system is tested: types of legal entities, which decide what it may ask for on their behalf.
AREAS = ("PRIMARY_CARE", "OUTPATIENT", "EMERGENCY", "PHARMACY")
EDRPOU = re.compile(r"\d{8}|\d{10}")  # a company, or a sole trader's tax number
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+?[\d ()-]{3,20}")
MOST = 200  # characters of a line


class Event(StrEnum):
    APPLIED = "mis.applied"
    ENTERED = "mis.entered"
    READ = "mis_register.read"
    TESTED = "mis_test.recorded"
    MOVED = "mis.moved"
    CHANGED = "mis.changed"
    VERSIONS_CHANGED = "mis_versions.changed"


class Status(StrEnum):
    SUBMITTED = "SUBMITTED"
    TESTING = "TESTING"
    TESTED = "TESTED"
    CONNECTED = "CONNECTED"
    BLOCKED = "BLOCKED"
    DISCONNECTED = "DISCONNECTED"
    REJECTED = "REJECTED"


MOVES = {
    Status.SUBMITTED: frozenset({Status.TESTING, Status.REJECTED}),
    Status.TESTING: frozenset({Status.TESTED, Status.REJECTED}),
    Status.TESTED: frozenset({Status.CONNECTED, Status.TESTING, Status.REJECTED}),
    Status.CONNECTED: frozenset({Status.BLOCKED, Status.DISCONNECTED}),
    Status.BLOCKED: frozenset({Status.CONNECTED, Status.DISCONNECTED}),
    Status.DISCONNECTED: frozenset[Status](),
    Status.REJECTED: frozenset[Status](),
}
PUBLISHED = (Status.TESTED, Status.CONNECTED, Status.BLOCKED, Status.DISCONNECTED)


@dataclass(frozen=True, slots=True)
class Test:
    """One test of the programme of conformity. `area` empty: of every system."""

    code: str
    title: str
    area: str = ""


# The programme follows the public test programme of MIS (2017), the steps of connection (ehealth.gov.ua) and the
# orders of НСЗУ 28 of 06.02.2019 and 385 of 30.09.2019, as far as they are public.
PROGRAMME = (
    Test("provider-kep", "Заклад реєструється з КЕП будь-якого акредитованого центру"),
    Test("provider-equal", "Запис у центральній базі дорівнює введеному в МІС"),
    Test("signature-verified", "Підпис перевіряється самостійно, підроблений відхиляється"),
    Test("owner-consistent", "Дані керівника узгоджені в усіх документах"),
    Test("settlement-id", "Адреса містить правильний ідентифікатор населеного пункту"),
    Test("faults-told", "МІС пояснює користувачеві, що саме не так"),
    Test("two-step-sign-in", "Вхід у два кроки: до МІС, потім до ЕСОЗ; сеанс завершується"),
    Test("secrets-kept", "Секрет клієнта й токени не потрапляють до браузера та журналів"),
    Test("restart-safe", "Запит, що обірвався, повторюється без подвійного запису"),
    Test("declaration-signed", "Декларацію укладено, роздруковано й підписано лікарем", "PRIMARY_CARE"),
    Test("encounter-package", "Пакет взаємодії надіслано, помилку завдання показано лікареві", "PRIMARY_CARE"),
    Test("encounter-package-specialist", "Пакет взаємодії спеціаліста за направленням надіслано", "OUTPATIENT"),
    Test(
        "prescription-finished-today",
        "Рецепт виписано лише у взаємодії, завершеній сьогодні (ТВ 3.9.1.1.2)",
        "PRIMARY_CARE",
    ),
    Test("prescription-note", "Пацієнт отримує SMS або надруковану довідку з номером і CODE128", "PRIMARY_CARE"),
    Test("emergency-package", "Виклик екстреної допомоги передано", "EMERGENCY"),
    Test("dispense", "Рецепт погашено за номером і кодом, відпуск підписано", "PHARMACY"),
    Test("dispense-wrong-code", "Неправильний код рецепта пояснено, спроби не вичерпуються самі", "PHARMACY"),
    Test("attestation", "Атестат відповідності КСЗІ чинний"),
)


@dataclass(frozen=True, slots=True)
class Contacts:
    """Whom users of a system call, and where they see whether it works."""

    support_phone: str
    support_email: str
    support_hours: str
    website: str
    status_page: str


@dataclass(frozen=True, slots=True)
class Application:
    """What a vendor says of its system. `attestation`: number of the certificate of protection (КСЗІ)."""

    product: str
    version: str
    vendor: str
    edrpou: str
    areas: tuple[str, ...]
    contact_email: str
    contacts: Contacts
    attestation: str = ""
    attestation_until: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One move of a system, by whom and why."""

    status: Status
    reason: str
    decided_by: UUID | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one test of one system; the last one counts."""

    test: str
    passed: bool
    note: str
    tested_at: datetime


def programme_for(areas: Iterable[str]) -> tuple[Test, ...]:
    """The tests that a system for these areas must pass."""
    wanted = {"", *areas}
    return tuple(test for test in PROGRAMME if test.area in wanted)


def missing_tests(areas: Iterable[str], results: Iterable[Result]) -> list[Test]:
    """Tests that were not passed yet."""
    passed = {result.test for result in results if result.passed}
    return [test for test in programme_for(areas) if test.code not in passed]


def broker_scopes(areas: Iterable[str]) -> frozenset[str]:
    """What a system may ask for on behalf of the organisations that it was tested for (AUTH-30), and for itself."""
    return frozenset[str]().union(*(client_type_scopes(kind) for kind in ("MIS", *areas)))


def application_faults(application: Application) -> list[Invalid]:
    """What is wrong with an application, each at its field; sentences are for vendors."""
    return [Invalid(f"$.{name}", "invalid", message) for name, message in _faults(application)]


def contact_faults(contacts: Contacts) -> list[Invalid]:
    """The same of contacts alone."""
    return [Invalid(f"$.{name}", "invalid", message) for name, message in _contact_faults(contacts)]


def version_faults(version: str, oldest: str) -> list[Invalid]:
    """What is wrong with the tested version and the oldest one that may still work; `oldest` empty: any may.

    Users of systems are told to update by these two, so the oldest one is a version that there is.
    """
    found: list[tuple[str, str]] = []
    if not 0 < len(version) <= MOST:
        found.append(("version", "is empty or too long"))
    if oldest and version_key(oldest) is None:
        found.append(("oldest_version", "is not a version"))
    elif oldest and is_older(version, oldest):
        found.append(("oldest_version", "is newer than the tested version"))
    return [Invalid(f"$.{name}", "invalid", message) for name, message in found]


def _faults(application: Application) -> Iterator[tuple[str, str]]:
    for name in ("product", "version", "vendor"):
        if not 0 < len(getattr(application, name)) <= MOST:
            yield name, "is empty or too long"
    if not EDRPOU.fullmatch(application.edrpou):
        yield "edrpou", "is not a registration number"
    if not application.areas or not set(application.areas) <= set(AREAS):
        yield "areas", "is empty"
    if not EMAIL.fullmatch(application.contact_email):
        yield "contact_email", "is not an e-mail"
    yield from _contact_faults(application.contacts)


def _contact_faults(contacts: Contacts) -> Iterator[tuple[str, str]]:
    if not PHONE.fullmatch(contacts.support_phone):
        yield "support_phone", "is not a telephone"
    if not EMAIL.fullmatch(contacts.support_email):
        yield "support_email", "is not an e-mail"
    if not 0 < len(contacts.support_hours) <= MOST:
        yield "support_hours", "is empty or too long"
    for name in ("website", "status_page"):
        if not is_web_address(getattr(contacts, name)):
            yield name, "is not a web address"


def is_web_address(text: str) -> bool:
    """https only: the address is shown to everyone as a link."""
    parts = urlsplit(text)
    return parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None and len(text) <= MOST


class RegisterFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list; None means any. `name` is a part of the names of system or vendor, or of the code."""

    name: str | None = None
    status: Status | None = None
    legal_entity_type: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One system of the register; `moments`: when each status was entered last.

    `oldest_version`: the oldest one that may still work; None when nothing was decided.
    """

    id: UUID
    broker_id: UUID | None
    application: Application
    status: Status
    inserted_at: datetime
    updated_at: datetime
    moments: dict[str, datetime]
    oldest_version: str | None = None
