"""Levels above BES, parallel and counter-signatures: made, read, judged at the best proven moment, or refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from esoz.signature import (
    Authority,
    Certificate,
    Expired,
    Issued,
    Level,
    NoDocument,
    NotForSignature,
    OcspAnswer,
    ProofKind,
    Revocation,
    RevocationList,
    Revoked,
    SignatureError,
    Subject,
    TrustList,
    Untrusted,
    WrongContent,
    WrongSignature,
    add_signature,
    cms,
    countersign,
    der,
    examine,
    oids,
    revocation_list,
    sign,
    verify,
    with_archive_timestamps,
    with_signature_timestamps,
    with_validation_values,
)
from esoz.signature import der_writer as w
from esoz.signature.signing import attribute

from .centre import NOW, YEAR, centre, doctor_of
from .services import OcspService, TimestampService, appoint

CONTENT = b"content"
SIGNED = NOW - timedelta(minutes=10)
STAMPED = NOW - timedelta(minutes=5)
LONG_AFTER = NOW + 8 * YEAR


def service(authority: Authority) -> TimestampService:
    return TimestampService.create(authority, at=NOW - YEAR / 2)


def stamp(authority: Authority, at: datetime = STAMPED) -> Callable[[bytes], bytes]:
    return partial(service(authority).stamp, at=at)


def asking(
    authority: Authority, revoked: dict[int, Revocation] | None = None
) -> Callable[[Certificate, Certificate], OcspAnswer | RevocationList]:
    """OCSP of the issuing authority about its certificates, a revocation list of the root about the authority."""
    answering = OcspService.create(authority, at=NOW - YEAR / 2)

    def find(certificate: Certificate, issuer: Certificate) -> OcspAnswer | RevocationList:
        if issuer == authority.issuing.certificate:
            return OcspAnswer.parse(answering.state([certificate], revoked or {}, at=NOW))
        found = revocation_list(authority.root_alone, {}, at=NOW, next_update=NOW + YEAR, number=1)
        return RevocationList.parse(found)

    return find


def made(level: Level, authority: Authority, doctor: Issued) -> bytes:
    """A signature of the level."""
    data = sign(CONTENT, doctor.key, doctor.certificate, at=SIGNED, chain=doctor.chain[1:2])
    if level in (Level.T, Level.XL, Level.A):
        data = with_signature_timestamps(data, stamp(authority))
    if level in (Level.XL, Level.A):
        data = with_validation_values(data, authority.trust, asking(authority))
    if level == Level.A:
        data = with_archive_timestamps(data, CONTENT, stamp(authority, NOW), authority.digest)
    return data


@pytest.mark.parametrize("level", [Level.BES, Level.T, Level.XL, Level.A])
def test_level_when_made_then_is_told_and_valid(level: Level, authority: Authority, doctor: Issued) -> None:
    report = examine(made(level, authority, doctor), authority.trust, at=NOW)
    (finding,) = report.findings
    assert (report.level, finding.reasons) == (level, ())
    assert finding.signer.judged_at == (NOW if level == Level.BES else STAMPED)
    assert finding.signer.is_revocation_known == (level in (Level.XL, Level.A))
    kinds = {proof.kind for proof in finding.signer.proofs if proof.is_trusted}
    assert kinds == {Level.BES: set(), Level.A: {ProofKind.SIGNATURE, ProofKind.ARCHIVE}}.get(
        level, {ProofKind.SIGNATURE}
    )


class TestBestMoment:
    def test_after_the_certificate_ended_a_timestamp_keeps_the_signature_valid(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        with pytest.raises(Expired):
            verify(made(Level.BES, authority, doctor), authority.trust, at=LONG_AFTER)
        assert verify(made(Level.T, authority, doctor), authority.trust, at=LONG_AFTER).signers[0].judged_at == STAMPED

    def test_timestamp_over_the_document_alone_does_not(self) -> None:
        """It is older than the signature: a stolen key could sign the document years after it."""
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        token = service(authority).stamp(CONTENT, at=SIGNED)
        data = sign(CONTENT, doctor.key, doctor.certificate, at=SIGNED, content_timestamp=token)
        assert verify(data, authority.trust, at=NOW).signers[0].proven_at == SIGNED
        with pytest.raises(Expired):
            verify(data, authority.trust, at=LONG_AFTER)

    def test_timestamp_of_an_untrusted_service_does_not(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        stranger = Authority.create("Інший", scheme="ecdsa", random=lambda size: b"\4" * size, at=NOW - YEAR)
        data = with_signature_timestamps(made(Level.BES, authority, doctor), stamp(stranger))
        assert examine(data, authority.trust, at=NOW).level == Level.BES
        with pytest.raises(Expired):
            verify(data, authority.trust, at=LONG_AFTER)

    def test_timestamp_after_the_certificate_ended_does_not(self) -> None:
        authority = centre("ecdsa")
        short = authority.issue(Subject("Франко", "Іван"), valid_from=NOW - YEAR, valid_to=NOW - timedelta(hours=1))
        data = with_signature_timestamps(sign(CONTENT, short.key, short.certificate, at=SIGNED), stamp(authority))
        with pytest.raises(Expired):
            verify(data, authority.trust, at=NOW)

    def test_revoked_after_the_timestamp_is_valid_and_before_it_is_not(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        data = made(Level.T, authority, doctor)
        for minutes, valid in ((1, True), (-1, False)):
            since = STAMPED + timedelta(minutes=minutes)
            found = asking(authority, {doctor.certificate.serial_number: Revocation(since, 1)})
            answer = found(doctor.certificate, authority.issuing.certificate)
            report = examine(data, authority.trust, at=NOW, revocations=answer)
            assert report.is_valid == valid
            assert [type(reason) for reason in report.findings[0].reasons] == ([] if valid else [Revoked])

    def test_service_whose_key_was_stolen_proves_nothing_even_before(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        tsp = service(authority)
        data = with_signature_timestamps(made(Level.BES, authority, doctor), partial(tsp.stamp, at=STAMPED))
        for reason, valid in ((1, False), (4, True)):
            revoked = {tsp.service.certificate.serial_number: Revocation(NOW - timedelta(minutes=1), reason)}
            found = revocation_list(authority, revoked, at=NOW, next_update=NOW + YEAR, number=1)
            report = examine(data, authority.trust, at=NOW, revocations=RevocationList.parse(found))
            assert report.is_valid == valid

    def test_carried_answer_of_a_stranger_is_passed_over(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        stranger = Authority.create("Інший", scheme="ecdsa", random=lambda size: b"\5" * size, at=NOW - YEAR)
        answering = OcspService(authority, appoint(stranger, oids.OCSP_SIGNING, "OCSP", at=NOW - YEAR / 2))

        def lie(certificate: Certificate, issuer: Certificate) -> OcspAnswer:
            revoked = {certificate.serial_number: Revocation(NOW - YEAR / 4, 1)}
            return OcspAnswer.parse(answering.state([certificate], revoked, at=NOW))

        data = with_validation_values(made(Level.T, authority, doctor), authority.trust, lie)
        (finding,) = examine(data, authority.trust, at=NOW).findings
        assert finding.is_valid
        assert not finding.signer.is_revocation_known

    def test_carried_answer_that_revokes_is_believed(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        revoked = {doctor.certificate.serial_number: Revocation(NOW - YEAR / 4, 1)}
        data = with_validation_values(made(Level.T, authority, doctor), authority.trust, asking(authority, revoked))
        with pytest.raises(Revoked):
            verify(data, authority.trust, at=NOW)

    def test_only_the_root_listed_and_the_rest_carried_as_values_is_trusted(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        roots = TrustList([authority.root.certificate])
        data = with_signature_timestamps(sign(CONTENT, doctor.key, doctor.certificate, at=SIGNED), stamp(authority))
        with pytest.raises(Untrusted):
            verify(data, roots, at=NOW)
        long_term = with_validation_values(data, authority.trust, asking(authority))
        report = examine(long_term, roots, at=LONG_AFTER)
        assert (report.is_valid, report.level) == (True, Level.XL)
        assert report.findings[0].signer.is_revocation_known

    def test_delta_list_releases_what_the_full_one_suspended(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        serial = doctor.certificate.serial_number
        dates = {"at": NOW - timedelta(days=1), "next_update": NOW + YEAR}
        full = revocation_list(authority, {serial: Revocation(NOW - YEAR / 4, 6)}, number=4, **dates)
        delta = revocation_list(authority, {serial: Revocation(NOW - YEAR / 4, 8)}, number=5, base=4, **dates)
        lists = [RevocationList.parse(full), RevocationList.parse(delta)]
        data = made(Level.BES, authority, doctor)
        with pytest.raises(Revoked):
            verify(data, authority.trust, at=NOW, revocations=lists[0])
        assert verify(data, authority.trust, at=NOW, revocations=lists).signers


class TestArchive:
    def test_when_something_it_covers_is_removed_then_is_refused(self, authority: Authority, doctor: Issued) -> None:
        data = made(Level.A, authority, doctor)
        for kind in (oids.REVOCATION_VALUES, oids.CERTIFICATE_REFS):
            with pytest.raises(WrongContent):
                verify(without(data, kind), authority.trust, at=NOW)

    def test_when_something_is_added_after_it_then_stays_valid(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        data = countersign(made(Level.A, authority, doctor), doctor.key, doctor.certificate, at=NOW)
        again = with_archive_timestamps(data, CONTENT, stamp(authority, NOW), authority.digest)
        report = examine(again, authority.trust, at=NOW)
        assert (report.is_valid, report.level) == (True, Level.A)
        assert sum(proof.kind == ProofKind.ARCHIVE for proof in report.findings[0].signer.proofs) == 2

    def test_when_put_on_another_document_then_is_refused(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        data = with_archive_timestamps(made(Level.XL, authority, doctor), b"x", stamp(authority), authority.digest)
        with pytest.raises(WrongContent):
            verify(data, authority.trust, at=NOW)


class TestTogether:
    def head(self, authority: Authority) -> Issued:
        return authority.issue(Subject("Українка", "Леся", "1111111111"), valid_from=NOW - YEAR, valid_to=NOW + YEAR)

    @pytest.mark.parametrize("detached", [False, True])
    def test_parallel_when_added_then_both_are_given(
        self, authority: Authority, doctor: Issued, detached: bool
    ) -> None:
        head = self.head(authority)
        first = sign(CONTENT, doctor.key, doctor.certificate, at=SIGNED, detached=detached)
        content = CONTENT if detached else None
        both = add_signature(first, head.key, head.certificate, at=NOW, content=content)
        result = verify(both, authority.trust, at=NOW, content=content)
        assert {signer.identity.drfo for signer in result.signers} == {"2222222222", "1111111111"}

    def test_parallel_of_other_schemes_when_added_then_all_are_valid(self) -> None:
        data = sign(CONTENT, doctor_of("ecdsa").key, doctor_of("ecdsa").certificate, at=SIGNED)
        for scheme in ("dstu-gost", "dstu-kupyna"):
            data = add_signature(data, doctor_of(scheme).key, doctor_of(scheme).certificate, at=SIGNED)
        schemes = ("ecdsa", "dstu-gost", "dstu-kupyna")
        trust = TrustList([c for scheme in schemes for c in centre(scheme).certificates])
        assert len(verify(data, trust, at=NOW).signers) == 3

    def test_parallel_to_a_detached_one_without_the_document_is_refused(self) -> None:
        doctor = doctor_of("ecdsa")
        first = sign(CONTENT, doctor.key, doctor.certificate, at=SIGNED, detached=True)
        with pytest.raises(NotForSignature):
            add_signature(first, doctor.key, doctor.certificate, at=NOW)

    def test_counter_signature_when_added_then_is_told_below_its_signer(
        self, authority: Authority, doctor: Issued
    ) -> None:
        head = self.head(authority)
        data = countersign(made(Level.BES, authority, doctor), head.key, head.certificate, at=NOW)
        (signer,) = verify(data, authority.trust, at=NOW).signers
        (counter,) = signer.counter_signers
        assert (signer.identity.drfo, counter.signer.identity.drfo) == ("2222222222", "1111111111")
        assert counter.signer.signed_at == NOW

    def test_counter_signature_of_another_signature_is_refused(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        head = self.head(authority)
        other = countersign(sign(b"other", doctor.key, doctor.certificate, at=NOW), head.key, head.certificate, at=NOW)
        moved = cms.read(other).signers[0].unsigned.one(oids.COUNTER_SIGNATURE).raw
        data = with_attribute(made(Level.BES, authority, doctor), attribute(oids.COUNTER_SIGNATURE, moved))
        report = examine(data, TrustList([*authority.certificates, head.certificate]), at=NOW)
        assert [type(reason) for reason in report.findings[0].reasons] == [WrongContent]
        assert report.findings[0].own_reasons == ()

    def test_counter_signature_by_a_stranger_is_refused(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        stranger = Authority.create("Інший", scheme="ecdsa", random=lambda size: b"\6" * size, at=NOW - YEAR)
        head = self.head(stranger)
        data = countersign(made(Level.BES, authority, doctor), head.key, head.certificate, at=NOW)
        with pytest.raises(Untrusted):
            verify(data, authority.trust, at=NOW)

    def test_counter_signatures_nested_too_deep_are_refused(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        info = cms.read(countersign(made(Level.BES, authority, doctor), doctor.key, doctor.certificate, at=NOW))
        nested = info.signers[0].unsigned.one(oids.COUNTER_SIGNATURE)
        deep = nested.raw
        for _ in range(6):
            fields = [node.raw for node in nested.children]
            deep = w.sequence(*fields, w.explicit(1, attribute(oids.COUNTER_SIGNATURE, deep)))
        data = with_attribute(made(Level.BES, authority, doctor), attribute(oids.COUNTER_SIGNATURE, deep))
        with pytest.raises(SignatureError):
            verify(data, TrustList([*authority.certificates, doctor.certificate]), at=NOW)

    def test_container_inside_a_container_when_each_is_verified_then_both_are_valid(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        inner = made(Level.BES, authority, doctor)
        outer = sign(inner, doctor.key, doctor.certificate, at=NOW)
        found = verify(outer, authority.trust, at=NOW)
        assert verify(found.content, authority.trust, at=NOW).content == CONTENT


# DG-1
class TestReport:
    def test_everything_that_is_wrong_is_told_at_once(self) -> None:
        """Another document, a signature that does not fit, an unknown provider, an ended certificate."""
        doctor = doctor_of("ecdsa")
        data = sign(CONTENT, doctor.key, doctor.certificate, at=SIGNED, detached=True)
        broken = data[:-1] + bytes((data[-1] ^ 1,))
        report = examine(broken, TrustList([]), at=LONG_AFTER, content=b"other")
        kinds = [type(reason) for reason in report.findings[0].reasons]
        assert kinds == [WrongContent, WrongSignature, Untrusted, Expired]
        assert not report.is_valid
        assert report.findings[0].signer.identity.drfo == "2222222222"

    def test_detached_without_its_document_still_tells_who_signed(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        data = sign(CONTENT, doctor.key, doctor.certificate, at=SIGNED, detached=True)
        report = examine(data, authority.trust, at=NOW)
        assert [type(reason) for reason in report.findings[0].reasons] == [NoDocument]
        assert report.findings[0].signer.chain == doctor.chain
        assert report.content is None

    def test_one_wrong_of_two_makes_the_document_wrong_and_only_that_one(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        stranger = Authority.create("Інший", scheme="ecdsa", random=lambda size: b"\7" * size, at=NOW - YEAR)
        other = stranger.issue(Subject("Франко", "Іван", "3333333333"), valid_from=NOW - YEAR, valid_to=NOW + YEAR)
        data = add_signature(made(Level.BES, authority, doctor), other.key, other.certificate, at=NOW)
        report = examine(data, authority.trust, at=NOW)
        verdicts = {finding.signer.identity.drfo: finding.is_valid for finding in report.findings}
        assert verdicts == {"2222222222": True, "3333333333": False}
        assert not report.is_valid


def with_attribute(data: bytes, raw: bytes) -> bytes:
    """One more unsigned attribute."""
    return rebuilt(data, lambda nodes: [*(node.raw for node in nodes), raw])


def without(data: bytes, kind: str) -> bytes:
    """An unsigned attribute taken out."""
    return rebuilt(data, lambda nodes: [node.raw for node in nodes if node.children[0].oid() != kind])


def rebuilt(data: bytes, change: Callable[[tuple[der.Node, ...]], list[bytes]]) -> bytes:
    fields = der.read(data).children[1].only().children
    (info,) = fields[-1].children
    last = info.children[-1]
    nodes, kept = (last.children, info.children[:-1]) if last.context == 1 else ((), info.children)
    changed = w.sequence(*(node.raw for node in kept), w.explicit(1, *change(nodes)))
    body = w.sequence(*(node.raw for node in fields[:-1]), w.set_of(changed))
    return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, body))
