"""Revocation lists and OCSP answers: who said it, about whom, since when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from esoz.signature import (
    Authority,
    Issued,
    NoCertificate,
    NotForSigning,
    OcspAnswer,
    Revocation,
    RevocationList,
    Revoked,
    TrustList,
    Unreadable,
    Unsupported,
    Untrusted,
    WrongSignature,
    der,
    examine,
    oids,
    revocation_list,
    sign,
    verify,
)
from esoz.signature import der_writer as w
from esoz.signature.authority import extension

from .centre import NOW, YEAR, centre, doctor_of
from .services import OcspService

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
REMOVED = 8


def listed(authority: Authority, revoked: dict[int, Revocation], number: int = 1, base: int | None = None):
    data = revocation_list(authority, revoked, at=NOW - DAY, next_update=NOW + WEEK, number=number, base=base)
    return RevocationList.parse(data)


class TestList:
    def test_signer_when_not_listed_then_verifies(self, authority: Authority, doctor: Issued) -> None:
        other = listed(authority, {doctor.certificate.serial_number + 1: Revocation(NOW - DAY, 1)})
        data = sign(b"x", doctor.key, doctor.certificate, at=NOW)
        assert verify(data, authority.trust, at=NOW, revocations=other).signers

    def test_signer_when_revoked_then_is_refused_from_that_moment_on(
        self, authority: Authority, doctor: Issued
    ) -> None:
        found = listed(authority, {doctor.certificate.serial_number: Revocation(NOW, 1)})
        data = sign(b"x", doctor.key, doctor.certificate, at=NOW)
        with pytest.raises(Revoked):
            verify(data, authority.trust, at=NOW, revocations=found)
        assert verify(data, authority.trust, at=NOW - timedelta(seconds=1), revocations=[found]).signers

    def test_list_when_not_signed_by_the_issuer_then_spoils_the_verification(
        self, authority: Authority, doctor: Issued
    ) -> None:
        forged = replace(listed(authority, {}), entries={1: Revocation(NOW, None)}, signed=b"\x30\0")
        data = sign(b"x", doctor.key, doctor.certificate, at=NOW)
        with pytest.raises(WrongSignature):
            verify(data, authority.trust, at=NOW, revocations=forged)

    def test_list_of_another_issuer_says_nothing(self, authority: Authority, doctor: Issued) -> None:
        stranger = Authority.create("Інший", scheme="ecdsa", random=lambda size: b"\2" * size, at=NOW - YEAR)
        other = listed(stranger, {doctor.certificate.serial_number: Revocation(NOW - DAY, 1)})
        data = sign(b"x", doctor.key, doctor.certificate, at=NOW)
        assert verify(data, authority.trust, at=NOW, revocations=other).signers
        with pytest.raises(WrongSignature):
            other.must_be_signed_by(authority.issuing.certificate)

    def test_list_is_current_between_its_two_moments(self) -> None:
        found = listed(centre("ecdsa"), {})
        moments = (NOW - 2 * DAY, NOW, NOW + WEEK + DAY)
        assert [found.is_current(moment) for moment in moments] == [False, True, False]

    def test_delta_when_added_then_revokes_and_releases(self) -> None:
        authority = centre("ecdsa")
        full = listed(authority, {1: Revocation(NOW, 6), 2: Revocation(NOW, 1)}, number=4)
        delta = listed(authority, {1: Revocation(NOW, REMOVED), 3: Revocation(NOW, 1)}, number=5, base=4)
        assert (full.is_delta, delta.is_delta) == (False, True)
        assert set(full.with_delta(delta).entries) == {2, 3}

    def test_delta_when_the_full_list_is_too_old_then_is_refused(self) -> None:
        authority = centre("ecdsa")
        with pytest.raises(Unreadable):
            listed(authority, {}, number=3).with_delta(listed(authority, {}, number=5, base=4))
        with pytest.raises(Unreadable):
            listed(authority, {}, number=3).with_delta(listed(authority, {}, number=4))

    def test_list_of_another_key_of_the_same_centre_says_nothing(self) -> None:
        """A centre that changed its key signs lists for each key; the list names the key."""
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        found = listed(authority, {doctor.certificate.serial_number: Revocation(NOW - DAY, 1)})
        data = sign(b"x", doctor.key, doctor.certificate, at=NOW)
        other_key = replace(found, key_identifier=bytes(20))
        assert verify(data, authority.trust, at=NOW, revocations=other_key).signers
        same_key = replace(found, key_identifier=authority.issuing.certificate.key_identifier)
        with pytest.raises(Revoked):
            verify(data, authority.trust, at=NOW, revocations=same_key)

    @pytest.mark.parametrize(
        ("field", "whole"),
        [(w.implicit(1, b"\xff"), True), (w.implicit(4, b"\xff"), False), (w.implicit(3, b"\0\xff"), False)],
    )
    def test_list_of_a_part_is_refused(self, field: bytes, whole: bool) -> None:
        authority = centre("ecdsa")
        point = extension(oids.ISSUING_DISTRIBUTION_POINT, w.sequence(field), critical=True)
        body, algorithm, signature = der.read(
            revocation_list(authority, {}, at=NOW, next_update=NOW + YEAR, number=1)
        ).children
        kept = [node.raw for node in body.children if node.context != 0]
        data = w.sequence(w.sequence(*kept, w.explicit(0, w.sequence(point))), algorithm.raw, signature.raw)
        if whole:
            assert RevocationList.parse(data).entries == {}
        else:
            with pytest.raises(Unsupported):
                RevocationList.parse(data)

    def test_answers_and_lists_together_when_one_revokes_then_is_refused(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        service = OcspService.create(authority, at=NOW - YEAR / 2)
        good = OcspAnswer.parse(service.state([doctor.certificate], {}, at=NOW))
        revoking = listed(authority, {doctor.certificate.serial_number: Revocation(NOW - DAY, 1)})
        data = sign(b"x", doctor.key, doctor.certificate, at=NOW)
        assert examine(data, authority.trust, at=NOW, revocations=good).findings[0].signer.is_revocation_known
        with pytest.raises(Revoked):
            verify(data, authority.trust, at=NOW, revocations=[good, revoking])


class TestOcsp:
    def answer(self, authority: Authority, doctor: Issued, revoked: dict[int, Revocation]) -> OcspAnswer:
        service = OcspService.create(authority, at=NOW - YEAR / 2)
        return OcspAnswer.parse(service.state([doctor.certificate], revoked, at=NOW))

    def test_good_certificate_is_confirmed(self, authority: Authority, doctor: Issued) -> None:
        answer = self.answer(authority, doctor, {})
        answer.must_be_from(authority.issuing.certificate, authority.trust)
        answer.must_confirm(doctor.certificate, authority.issuing.certificate, at=NOW)

    def test_revoked_certificate_is_refused(self, authority: Authority, doctor: Issued) -> None:
        answer = self.answer(authority, doctor, {doctor.certificate.serial_number: Revocation(NOW - DAY, 1)})
        with pytest.raises(Revoked):
            answer.must_confirm(doctor.certificate, authority.issuing.certificate, at=NOW)

    def test_certificate_that_was_not_asked_about_is_not_confirmed(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        answer = self.answer(authority, doctor, {})
        with pytest.raises(NoCertificate):
            answer.must_confirm(authority.issuing.certificate, authority.issuing.certificate, at=NOW)
        with pytest.raises(NoCertificate):
            answer.must_confirm(doctor.certificate, authority.issuing.certificate, at=NOW - DAY)

    def test_answer_signed_by_a_doctor_is_refused(self) -> None:
        """The doctor's certificate is of the right authority, but not for OCSP."""
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        answer = OcspAnswer.parse(OcspService(authority, doctor).state([doctor.certificate], {}, at=NOW))
        with pytest.raises(NotForSigning):
            answer.must_be_from(authority.issuing.certificate, authority.trust)

    def test_answer_of_a_service_of_another_authority_is_refused(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        stranger = Authority.create("Інший", scheme="ecdsa", random=lambda size: b"\3" * size, at=NOW - YEAR)
        answer = self.answer(stranger, doctor, {})
        both = TrustList([*authority.certificates, *stranger.certificates])
        with pytest.raises(Untrusted):
            answer.must_be_from(authority.issuing.certificate, both)

    def test_error_and_malformed_request_are_unreadable(self) -> None:
        service = OcspService.create(centre("ecdsa"), at=NOW - YEAR / 2)
        for data in (w.sequence(w.enumerated(3)), service.answer(b"?", {}, at=NOW)):
            with pytest.raises(Unreadable):
                OcspAnswer.parse(data)
