"""Acts of the trust centre: establish, issue, enrol, revoke, restore, renew the revocation lists."""

import asyncio
import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.pages.translations import mark as _
from esoz.kernel.states import move
from esoz.kernel.work import Work
from esoz.signature import (
    Certificate,
    Dstu4145Key,
    Issued,
    SignatureError,
    Subject,
    Unsupported,
    revocation_list,
    write_jks,
    write_pkcs8,
    write_pkcs12,
)

from . import store
from .centre import Centre, House, Random, Sealed, build, seal, unseal
from .formats import enrolment
from .formats.addresses import Addresses
from .model import MOVES, Event, Family, Identity, KeyFormat, Reason, Record, Status, Term, must_be_term, must_be_whole

COMPLETE_TERM = timedelta(days=2)
DELTA_TERM = timedelta(hours=2)
BASE_AGE = timedelta(days=1)
RENEW_BEFORE = timedelta(hours=1)
# Authorities are older than what they certify: test certificates may have begun years ago.
AGE = timedelta(days=3 * 365)
LONGEST_PASSWORD = 200

WRONG_FAMILY = _("Ключ не підходить до обраної родини алгоритмів або заслабкий.")
NOT_A_REQUEST = _("Це не запит на сертифікат PKCS#10, або його власний підпис неправильний.")
NOT_A_HOLD = _("Поновити можна лише призупинений сертифікат.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateOrder:
    """What somebody asks a certificate for; None of the term means the usual one."""

    family: Family
    identity: Identity
    valid_from: datetime | None = None
    valid_to: datetime | None = None


async def establish(work: Work, addresses: Addresses, password: str, *, random: Random) -> Centre:
    """The centre of the database; families that are not there yet are made. RuntimeError for a wrong password."""
    await store.lock_houses(work.db)
    known = await store.houses(work.db)
    missing = [family for family in Family if family not in {part.family for part in known}]
    make = partial(build, addresses=addresses, random=random, at=(work.now - AGE).replace(microsecond=0))
    houses, new = await asyncio.to_thread(_opened_and_built, known, missing, make, password, random)
    for parts in new:
        await store.add_house(work.db, parts, work.now)
    centre = Centre({family: houses[family] for family in Family}, addresses)
    for family in Family:
        if family in missing:
            work.record(Event.ESTABLISHED, str(family))
        await renew_lists(work, centre, family)
    return centre


def _opened_and_built(
    known: list[Sealed],
    missing: Iterable[Family],
    make: Callable[[Family], House],
    password: str,
    random: Random,
) -> tuple[dict[Family, House], list[list[Sealed]]]:
    houses = unseal(known, password, random=random)
    new = []
    for family in missing:
        houses[family] = make(family)
        new.append(seal(houses[family], password, random=random))
    return houses, new


async def issue(work: Work, centre: Centre, order: CertificateOrder) -> tuple[Record, Issued]:
    """A certificate together with a new key: for tests only, for elsewhere keys are made by their owners."""
    identity, term = must_be_whole(order.identity), must_be_term(order.valid_from, order.valid_to, work.now)
    authority = centre.houses[order.family].authority
    issued = await asyncio.to_thread(
        authority.issue,
        subject_of(identity),
        valid_from=term.start,
        valid_to=term.end,
        unzr=identity.unzr or None,
        further=centre.addresses.extensions(order.family),
    )
    return await _enter(work, order.family, identity, issued.certificate), issued


async def enrol(work: Work, centre: Centre, order: CertificateOrder, request: str) -> Record:
    """A certificate for the key of a request (PKCS#10, base64 of DER, or PEM); the key stays with its owner."""
    identity, term = must_be_whole(order.identity), must_be_term(order.valid_from, order.valid_to, work.now)
    try:
        csr = await asyncio.to_thread(enrolment.read, _request_bytes(request))
        enrolment.must_suit(csr, order.family)
    except Unsupported as fault:
        raise rejected("$.request", WRONG_FAMILY, rule=fault.code) from fault
    except SignatureError as fault:
        raise rejected("$.request", NOT_A_REQUEST, rule=fault.code) from fault
    return await _enter(work, order.family, identity, _certified(centre, order.family, identity, term, csr.spki))


def _request_bytes(text: str) -> bytes:
    if text.lstrip().startswith("-----BEGIN"):
        return text.encode()
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise rejected("$.request", NOT_A_REQUEST, rule="base64") from fault


def _certified(centre: Centre, family: Family, identity: Identity, term: Term, spki: bytes) -> Certificate:
    return centre.houses[family].authority.issue_for(
        subject_of(identity),
        spki,
        validity=(term.start, term.end),
        unzr=identity.unzr or None,
        further=centre.addresses.extensions(family),
    )


async def expire(work: Work, centre: Centre, id: UUID, *, seconds: int) -> Record:
    """A twin of a certificate, of the same key and holder, whose term ends `seconds` from now (0: is over already)."""
    original = await find(work, id)
    left = timedelta(seconds=seconds) if seconds else -timedelta(seconds=1)
    end = (work.now + left).replace(microsecond=0)
    term = Term(min(original.valid_from, end - timedelta(days=1)), end)
    spki = Certificate.parse(original.content).spki
    certificate = _certified(centre, original.family, original.identity, term, spki)
    return await _enter(work, original.family, original.identity, certificate)


async def _enter(work: Work, family: Family, identity: Identity, certificate: Certificate) -> Record:
    """Write the certificate into the register; until that is committed nobody gets it."""
    record = Record(
        id=work.new_id(),
        family=family,
        serial_number=f"{certificate.serial_number:x}",
        key_identifier=(certificate.key_identifier or b"").hex(),
        identity=identity,
        name=identity.name,
        valid_from=certificate.not_before,
        valid_to=certificate.not_after,
        content=certificate.der,
        status=Status.VALID,
        reason=None,
        revoked_at=None,
        issued_at=work.now,
    )
    await store.add(work.db, record)
    work.record(Event.ISSUED, record.id, family=str(family), serial_number=record.serial_number)
    return record


async def find(work: Work, id: UUID) -> Record:
    """A certificate by our id; NotFound."""
    record = await store.find(work.db, id)
    if record is None:
        raise NotFound()
    return record


async def revoke(work: Work, centre: Centre, id: UUID, reason: Reason) -> Record:
    """Revoke, or suspend when the reason is a hold; Conflict when it is revoked already."""
    target = Status.SUSPENDED if reason is Reason.HOLD else Status.REVOKED
    event = Event.SUSPENDED if reason is Reason.HOLD else Event.REVOKED
    record, number = await _locked(work, id)
    # A key that was on hold and is revoked then counts as revoked from the hold on (RFC 5280, 5.3.1).
    since = record.revoked_at or work.now
    changed = replace(record, status=move(MOVES, record.status, target), reason=reason, revoked_at=since)
    work.record(event, record.id, family=str(record.family), serial_number=record.serial_number, reason=str(reason))
    return await _tell(work, centre, changed, number)


async def restore(work: Work, centre: Centre, id: UUID) -> Record:
    """End a suspension; Conflict for a certificate that is not suspended."""
    record, number = await _locked(work, id)
    status = move(MOVES, record.status, Status.VALID, message=NOT_A_HOLD)
    work.record(Event.RESTORED, record.id, family=str(record.family), serial_number=record.serial_number)
    return await _tell(work, centre, replace(record, status=status, reason=None, revoked_at=None), number)


async def _locked(work: Work, id: UUID) -> tuple[Record, int]:
    """The certificate and the number of its family's current list, both locked: the list first, always."""
    family = (await find(work, id)).family
    current = await store.lists(work.db, family, lock=True)
    record = await store.find(work.db, id, lock=True)
    assert current is not None and record is not None  # lists are made with the family, certificates never go
    return record, current.number


async def _tell(work: Work, centre: Centre, changed: Record, number: int) -> Record:
    await store.set_status(work.db, changed, number + 1)
    await renew_lists(work, centre, changed.family, changed=True)
    return changed


async def renew_lists(work: Work, centre: Centre, family: Family, *, changed: bool = False) -> bool:
    """Make the lists anew when something has changed or their time comes; True when they were made."""
    current = await store.lists(work.db, family, lock=True)
    if current and not changed and work.now < current.next_update - RENEW_BEFORE:
        return False
    number = current.number + 1 if current else 1
    is_base = current is None or work.now - current.based_at >= BASE_AGE
    base, based_at = (number, work.now) if is_base or current is None else (current.base_number, current.based_at)
    authority = centre.houses[family].authority
    revoked = await store.revoked(work.db, family, work.now)
    delta = await store.changed(work.db, family, base, work.now)
    until = work.now + DELTA_TERM
    made = store.Lists(
        family=family,
        number=number,
        base_number=base,
        based_at=based_at,
        made_at=work.now,
        next_update=until,
        complete=revocation_list(authority, revoked, at=work.now, next_update=work.now + COMPLETE_TERM, number=number),
        delta=revocation_list(authority, delta, at=work.now, next_update=until, number=number, base=base),
    )
    await store.save_lists(work.db, made)
    return True


def subject_of(identity: Identity) -> Subject:
    """The identity as the signature library writes it in certificates."""
    return Subject(
        surname=identity.surname or None,
        given_name=identity.given_name or None,
        drfo=identity.drfo or None,
        organization=identity.organization or None,
        edrpou=identity.edrpou or None,
        title=identity.title or None,
        is_seal=identity.is_seal,
    )


def key_file(issued: Issued, form: KeyFormat, password: str) -> bytes:
    """The new key in a file; Key-6.dat has no certificates inside, as those of real centres. Rejected: no password."""
    if not password or len(password) > LONGEST_PASSWORD:
        raise rejected("$.password", _("Введіть пароль до ключа, не довший за 200 знаків."), rule="required")
    if form is KeyFormat.JKS:
        return write_jks(issued.key, issued.chain, password)
    if form is KeyFormat.KEY6:
        return write_pkcs8(issued.key, password, gost=True)
    return write_pkcs12(issued.key, issued.chain, password, gost=isinstance(issued.key, Dstu4145Key))
