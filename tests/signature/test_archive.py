"""Archive timestamps without an index: UAPKI means everything, anything else proves nothing (see the vectors too)."""

import pytest

from esoz.signature import (
    Authority,
    Issued,
    Level,
    ProofKind,
    Report,
    Unreadable,
    archive,
    cms,
    countersign,
    examine,
    hashes,
    oids,
    verify,
)
from esoz.signature import der_writer as w
from esoz.signature.signing import attribute

from .centre import NOW, centre, doctor_of
from .test_augmenting import CONTENT, LONG_AFTER, made, stamp, with_attribute


def archived(authority: Authority, doctor: Issued) -> bytes:
    """CAdES-A as UAPKI makes it."""
    data = made(Level.XL, authority, doctor)
    signed = cms.read(data)
    (info,) = signed.signers
    covered = archive.covered_without_index(signed, info, hashes.Message(CONTENT), authority.digest)
    return with_attribute(data, attribute(oids.ARCHIVE_TIMESTAMP, stamp(authority, NOW)(covered)))


def archives(report: Report) -> list[bool]:
    (finding,) = report.findings
    return [proof.is_trusted for proof in finding.signer.proofs if proof.kind == ProofKind.ARCHIVE]


def test_timestamp_over_everything_is_a_proof(authority: Authority, doctor: Issued) -> None:
    report = examine(archived(authority, doctor), authority.trust, at=LONG_AFTER)
    assert (report.is_valid, report.level, archives(report)) == (True, Level.A, [True])


def test_timestamp_that_does_not_cover_what_was_added_later_is_none() -> None:
    authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
    later = countersign(archived(authority, doctor), doctor.key, doctor.certificate, at=NOW)
    report = examine(later, authority.trust, at=NOW)
    assert (report.is_valid, report.level, archives(report)) == (True, Level.XL, [False])


def test_timestamp_over_anything_proves_nothing_and_spoils_nothing() -> None:
    authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
    data = with_attribute(made(Level.T, authority, doctor), attribute(oids.ARCHIVE_TIMESTAMP, stamp(authority)(b"?")))
    report = examine(data, authority.trust, at=NOW)
    assert (report.is_valid, report.level, archives(report)) == (True, Level.T, [False])
    with pytest.raises(Unreadable):
        verify(with_attribute(data, attribute(oids.ARCHIVE_TIMESTAMP, w.null())), authority.trust, at=NOW)
