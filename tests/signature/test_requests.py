"""Questions to the services of a provider and their answers: read, made, refused when they do not belong together."""

from datetime import timedelta
from functools import partial

import pytest

from esoz.signature import (
    Authority,
    CertificateRequest,
    Issued,
    NotForSignature,
    OcspRequest,
    PrivateKey,
    Revocation,
    ServiceRefused,
    TimestampAnswer,
    TimestampRequest,
    Unreadable,
    WrongContent,
    WrongSignature,
    ask_status,
    ask_timestamp,
    oids,
    requests,
)
from esoz.signature import der_writer as w
from esoz.signature.authority import extension, service_name, signed

from .centre import NOW, YEAR, centre, doctor_of
from .services import OcspService, TimestampService

SEEN = NOW - timedelta(minutes=1)


def certificate_request(key: PrivateKey, digest: str, name: bytes) -> bytes:
    usage = extension(oids.KEY_USAGE, w.bit_string(b"\xc0", 6))
    asked = w.sequence(w.oid(oids.EXTENSION_REQUEST), w.set_of(w.sequence(usage)))
    return signed(w.sequence(w.integer(0), name, key.spki, w.explicit(0, asked)), key, digest)


class TestCertificateRequest:
    def test_when_signed_by_its_key_then_is_right(self, authority: Authority, doctor: Issued) -> None:
        found = CertificateRequest.parse(certificate_request(doctor.key, authority.digest, service_name("А", "Б")))
        found.must_be_signed()
        assert found.subject.get(oids.COMMON_NAME) == "Б"
        assert found.spki == doctor.key.spki
        assert [asked.oid for asked in found.extensions] == [oids.KEY_USAGE]

    def test_when_about_another_name_then_is_refused(self, authority: Authority, doctor: Issued) -> None:
        data = certificate_request(doctor.key, authority.digest, service_name("А", "Б"))
        with pytest.raises(WrongSignature):
            CertificateRequest.parse(data.replace("Б".encode(), "В".encode())).must_be_signed()

    @pytest.mark.parametrize("data", [b"", w.null(), w.sequence(), w.sequence(w.sequence(w.integer(0)))])
    def test_when_it_is_none_then_is_unreadable(self, data: bytes) -> None:
        with pytest.raises(Unreadable):
            CertificateRequest.parse(data)


class TestTimestamps:
    def test_token_when_asked_for_then_covers_the_message(self, authority: Authority) -> None:
        service = TimestampService.create(authority, at=NOW - YEAR / 2)
        token = ask_timestamp(b"x", authority.digest, partial(service.answer, at=SEEN), nonce=7)
        assert TimestampAnswer.parse(w.sequence(w.sequence(w.integer(0)), token)).timestamp.moment == SEEN

    def test_request_when_written_then_reads_back(self) -> None:
        for made in (
            TimestampRequest(oids.SHA256, bytes(32), "1.2.3", 5, True),
            TimestampRequest(oids.GOST_34311, b"\1" * 32, None, None, False),
        ):
            assert TimestampRequest.parse(made.der) == made

    def test_token_of_another_question_is_refused(self) -> None:
        authority = centre("ecdsa")
        service = TimestampService.create(authority, at=NOW - YEAR / 2)
        other_message = TimestampRequest(authority.digest, bytes(32), None, 7, True).der
        with pytest.raises(WrongContent):
            ask_timestamp(b"x", authority.digest, lambda _: service.answer(other_message, at=SEEN), nonce=7)

        def other_nonce(question: bytes) -> bytes:
            asked = TimestampRequest.parse(question)
            changed = TimestampRequest(asked.digest_algorithm, asked.imprint, None, 8, True)
            return service.answer(changed.der, at=SEEN)

        with pytest.raises(NotForSignature):
            ask_timestamp(b"x", authority.digest, other_nonce, nonce=7)

    def test_refusal_is_that_of_a_service(self) -> None:
        refusal = w.sequence(w.sequence(w.integer(2)))
        assert TimestampAnswer.parse(refusal).timestamp is None
        for answer in (refusal, b"<html>"):
            with pytest.raises(ServiceRefused):
                ask_timestamp(b"x", oids.SHA256, lambda _, answer=answer: answer, nonce=1)

    def test_granted_answer_without_a_token_is_unreadable(self) -> None:
        with pytest.raises(Unreadable):
            TimestampAnswer.parse(w.sequence(w.sequence(w.integer(0))))


class TestStatus:
    def test_status_when_asked_for_then_is_about_this_certificate(self, authority: Authority, doctor: Issued) -> None:
        service = OcspService.create(authority, at=NOW - YEAR / 2)
        revoked = {doctor.certificate.serial_number: Revocation(SEEN, 4)}
        issuer = authority.issuing.certificate
        answer = ask_status(doctor.certificate, issuer, partial(service.answer, revoked=revoked, at=NOW))
        answer.must_be_from(issuer, authority.trust)
        assert answer.statuses[0].revoked_since == SEEN

    def test_answer_about_another_certificate_is_refused(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        service = OcspService.create(authority, at=NOW - YEAR / 2)
        other = service.state([authority.issuing.certificate], {}, at=NOW)
        with pytest.raises(NotForSignature):
            ask_status(doctor.certificate, authority.issuing.certificate, lambda _: other)

    def test_refusal_and_unknown_certificate_are_those_of_a_service(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        unknown = partial(OcspService.create(authority, at=NOW - YEAR / 2).answer, revoked={}, at=NOW, is_known=False)
        for send in (unknown, lambda _: w.sequence(w.enumerated(6)), lambda _: b"<html>"):
            with pytest.raises(ServiceRefused):
                ask_status(doctor.certificate, authority.issuing.certificate, send)

    def test_question_when_written_then_reads_back(self, authority: Authority, doctor: Issued) -> None:
        issuer = authority.issuing.certificate
        found = OcspRequest.parse(requests.ocsp_request(doctor.certificate, issuer))
        assert [question.fits(doctor.certificate, issuer) for question in found.questions] == [True]
        assert (found.is_signed, found.nonce) == (False, None)
