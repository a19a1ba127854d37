"""Honest objects of every kind, from which the fuzzer starts; everything follows from fixed bytes."""

import random
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from unittest import mock

from esoz.signature import (
    Issued,
    Revocation,
    TimestampRequest,
    TrustList,
    augmenting,
    oids,
    requests,
    revocation_list,
    sign,
    write_jks,
    write_pkcs8,
    write_pkcs12,
)
from esoz.signature import der_writer as w
from esoz.signature.containers import encryption, pkcs12

from ..signature.centre import NOW, SCHEMES, centre, doctor_of
from ..signature.services import OcspService, TimestampService

PASSWORD = "пароль"
CONTENT = b'{"a": 1}'
__all__ = ["NOW", "PASSWORD", "seeds", "trust"]


@cache
def trust() -> TrustList:
    """The centres of all schemes together, with their services."""
    return TrustList([certificate for scheme in SCHEMES for certificate in centre(scheme).certificates])


@cache
def seeds() -> dict[str, list[bytes]]:
    """Seeds by the name of the reader they are for."""
    found: dict[str, list[bytes]] = {}
    for scheme in SCHEMES:
        for name, data in _of_scheme(scheme):
            found.setdefault(name, []).append(data)
    found["der"] = [data for name in ("certificate", "document", "ocsp-answer") for data in found[name]]
    found["container"] = found["document"] + found["timestamp"]
    return found


def _of_scheme(scheme: str) -> Iterator[tuple[str, bytes]]:
    authority, doctor = centre(scheme), doctor_of(scheme)
    stamps = TimestampService.create(authority, at=NOW - timedelta(days=30))
    statuses = OcspService.create(authority, at=NOW - timedelta(days=30))
    document = sign(CONTENT, doctor.key, doctor.certificate, at=NOW)
    yield "document", document
    yield "document", augmenting.with_signature_timestamps(document, lambda message: stamps.stamp(message, at=NOW))
    yield "document", augmenting.countersign(document, doctor.key, doctor.certificate, at=NOW)
    yield "document", sign(CONTENT, doctor.key, doctor.certificate, at=NOW, detached=True)
    yield "timestamp", stamps.stamp(CONTENT, at=NOW)
    question = TimestampRequest(authority.digest, bytes(32), None, 7, True).der
    yield "timestamp-request", question
    yield "timestamp-answer", stamps.answer(question, at=NOW)
    for certificate in (doctor.certificate, *authority.certificates):
        yield "certificate", certificate.der
    revoked = {doctor.certificate.serial_number: Revocation(NOW - timedelta(days=1), 4)}
    until = NOW + timedelta(days=7)
    yield "revocation-list", revocation_list(authority, revoked, at=NOW, next_update=until, number=2)
    yield "revocation-list", revocation_list(authority, revoked, at=NOW, next_update=until, number=3, base=2)
    yield "ocsp-answer", statuses.state([doctor.certificate], {}, at=NOW)
    yield "ocsp-answer", statuses.state([doctor.certificate], revoked, at=NOW)
    yield "ocsp-request", requests.ocsp_request(doctor.certificate, authority.issuing.certificate)
    yield "certificate-request", _certificate_request(doctor, authority.digest)
    yield "private-key", doctor.key.pkcs8
    yield from (("key-file", data) for data in _key_files(doctor))


def _certificate_request(doctor: Issued, digest: str) -> bytes:
    """CertificationRequest (RFC 2986) without attributes."""
    body = w.sequence(w.integer(0), doctor.certificate.subject.raw, doctor.key.spki, w.explicit(0))
    algorithm = doctor.key.signature_algorithm(digest)
    wrapped = doctor.key.sign(digest, body)
    return w.sequence(body, algorithm, w.bit_string(wrapped))


def _key_files(doctor: Issued) -> Iterator[bytes]:
    chance = random.Random(3)
    chain = (doctor.certificate,)
    few = mock.patch.multiple(encryption, _WRITTEN_ROUNDS=10, _WRITTEN_GOST_ROUNDS=10)
    with few, mock.patch.object(pkcs12, "_MAC_ROUNDS", 10):
        yield write_jks(doctor.key, chain, PASSWORD, random=chance.randbytes)
        for gost in (False, True):
            yield write_pkcs12(doctor.key, chain, PASSWORD, gost=gost, random=chance.randbytes)
            yield write_pkcs8(doctor.key, PASSWORD, gost=gost, random=chance.randbytes)
    # An IIT container of 48 bytes: the authentication code does not fit, all the rest is read.
    settings = w.sequence(w.oid(oids.IIT_CONTAINER), w.sequence(w.octet_string(bytes(4)), w.octet_string(bytes(2))))
    yield w.sequence(settings, w.octet_string(bytes(46)))
