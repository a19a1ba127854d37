"""A timestamp proves the moment only when a trusted service gave it for this very signature."""

from datetime import timedelta

import pytest

from esoz.signature import (
    Authority,
    Expired,
    Issued,
    NotForSigning,
    Timestamp,
    TrustList,
    WrongContent,
    algorithms,
    der,
    oids,
    sign,
    verify,
)
from esoz.signature import der_writer as w
from esoz.signature.signing import attribute, signed_attributes, signed_data, signer_info

from .centre import NOW, YEAR, centre, doctor_of
from .services import TimestampService, appoint, with_timestamps

STAMPED = NOW - timedelta(minutes=5)


def stamped(doctor: Issued, token: bytes) -> bytes:
    """A signature over b"x" with any token put over it."""
    digest = centre("ecdsa").digest
    attributes = signed_attributes(b"x", doctor.key, doctor.certificate, at=STAMPED, digest=digest)
    unsigned = [attribute(oids.SIGNATURE_TIMESTAMP, token)]
    info = signer_info(doctor.key, doctor.certificate, attributes, digest, unsigned)
    return signed_data(oids.DATA, b"x", [doctor.certificate], [info], digest)


def test_signature_with_timestamps_when_verified_then_gives_the_proven_time(
    authority: Authority, doctor: Issued
) -> None:
    service = TimestampService.create(authority, at=NOW - YEAR / 2)
    data = with_timestamps(b"x", doctor, service, at=STAMPED)
    assert verify(data, authority.trust, at=NOW).signers[0].proven_at == STAMPED


def test_timestamp_of_an_untrusted_service_proves_nothing(doctor: Issued, authority: Authority) -> None:
    stranger = Authority.create("Інший", scheme="ecdsa", random=lambda size: b"\4" * size, at=NOW - YEAR)
    data = with_timestamps(b"x", doctor, TimestampService.create(stranger, at=NOW - YEAR / 2), at=STAMPED)
    assert verify(data, authority.trust, at=NOW).signers[0].proven_at is None
    both = TrustList([*authority.certificates, *stranger.certificates])
    assert verify(data, both, at=NOW).signers[0].proven_at == STAMPED


def test_timestamp_of_another_signature_is_refused() -> None:
    authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
    token = TimestampService.create(authority, at=NOW - YEAR / 2).stamp(b"another signature", at=STAMPED)
    with pytest.raises(WrongContent):
        verify(stamped(doctor, token), authority.trust, at=NOW)


def test_timestamp_by_a_doctor_is_refused() -> None:
    authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
    signature = doctor.key.sign(
        authority.digest,
        w.set_of(*signed_attributes(b"x", doctor.key, doctor.certificate, at=STAMPED, digest=authority.digest)),
    )
    token = TimestampService(authority, doctor).stamp(signature, at=STAMPED)
    with pytest.raises(NotForSigning):
        verify(stamped(doctor, token), authority.trust, at=NOW)


def test_timestamp_after_the_service_ended_is_refused() -> None:
    authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
    old = TimestampService(authority, appoint(authority, oids.TIME_STAMPING, "TSP", at=NOW - 6 * YEAR))
    with pytest.raises(Expired):
        verify(with_timestamps(b"x", doctor, old, at=STAMPED), authority.trust, at=NOW)


def test_answer_to_a_request_when_it_has_a_nonce_then_repeats_it() -> None:
    service = TimestampService.create(centre("ecdsa"), at=NOW - YEAR / 2)
    imprint = w.sequence(algorithms.identifier(oids.SHA256), w.octet_string(bytes(32)))
    request = w.sequence(w.integer(1), imprint, w.integer(0x1234567890), w.boolean(True))
    status, token = der.read(service.answer(request, at=STAMPED)).children
    assert status.children[0].integer() == 0
    assert Timestamp.read(token).imprint == bytes(32)
    assert w.integer(0x1234567890) in token.raw
    assert len(der.read(service.answer(b"?", at=STAMPED)).children) == 1


def test_plain_signature_proves_no_time() -> None:
    authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
    data = sign(b"x", doctor.key, doctor.certificate, at=NOW)
    assert verify(data, authority.trust, at=NOW).signers[0].proven_at is None
