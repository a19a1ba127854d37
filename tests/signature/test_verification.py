"""What is accepted, what is refused and by which error, for all three schemes."""

from base64 import encodebytes
from datetime import timedelta

import pytest

from esoz.signature import (
    Authority,
    Certificate,
    Expired,
    Issued,
    NoCertificate,
    NotAdvanced,
    NotForSignature,
    NotForSigning,
    NotYetValid,
    SignatureError,
    Subject,
    TrustList,
    Unreadable,
    Untrusted,
    WrongContent,
    WrongSignature,
    algorithms,
    cms,
    oids,
    sign,
    verify,
)
from esoz.signature import der_writer as w
from esoz.signature.signing import signed_attributes, signed_data, signer_info

from .centre import DOCTOR, NOW, YEAR, doctor_of

CONTENT = '{"id": "7b8d", "name": "Направлення"}'.encode()


class TestSigned:
    def test_attached_when_right_then_gives_document_and_signer(self, authority: Authority, doctor: Issued) -> None:
        signed_at = NOW - timedelta(hours=1)
        result = verify(sign(CONTENT, doctor.key, doctor.certificate, at=signed_at), authority.trust, at=NOW)
        (signer,) = result.signers
        assert result.content == CONTENT
        assert signer.identity.drfo == DOCTOR.drfo
        assert (signer.signed_at, signer.proven_at) == (signed_at, None)
        assert signer.chain == doctor.chain

    def test_detached_when_document_is_given_then_verifies(self, authority: Authority, doctor: Issued) -> None:
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW, detached=True)
        assert verify(data, authority.trust, at=NOW, content=CONTENT).content == CONTENT
        assert CONTENT not in data

    def test_detached_when_document_is_missing_or_another_then_is_refused(
        self, authority: Authority, doctor: Issued
    ) -> None:
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW, detached=True)
        with pytest.raises(NotForSignature):
            verify(data, authority.trust, at=NOW)
        with pytest.raises(WrongContent):
            verify(data, authority.trust, at=NOW, content=CONTENT + b" ")

    def test_attached_when_another_document_is_given_then_is_refused(
        self, authority: Authority, doctor: Issued
    ) -> None:
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW)
        with pytest.raises(NotForSignature):
            verify(data, authority.trust, at=NOW, content=b"other")

    def test_pem_when_given_then_verifies(self, authority: Authority, doctor: Issued) -> None:
        body = encodebytes(sign(CONTENT, doctor.key, doctor.certificate, at=NOW))
        armored = b"-----BEGIN CMS-----\n" + body + b"-----END CMS-----\n"
        assert verify(armored, authority.trust, at=NOW).content == CONTENT

    def test_signing_twice_gives_the_same_bytes(self, doctor: Issued) -> None:
        first, second = (sign(CONTENT, doctor.key, doctor.certificate, at=NOW) for _ in range(2))
        assert first == second

    def test_signing_with_another_certificate_is_refused(self, authority: Authority, doctor: Issued) -> None:
        with pytest.raises(NoCertificate):
            sign(CONTENT, doctor.key, authority.issuing.certificate, at=NOW)

    def test_empty_document_when_signed_then_verifies(self, authority: Authority, doctor: Issued) -> None:
        assert verify(sign(b"", doctor.key, doctor.certificate, at=NOW), authority.trust, at=NOW).content == b""


class TestTime:
    def test_before_the_certificate_begins_is_not_yet_valid(self, authority: Authority, doctor: Issued) -> None:
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW)
        with pytest.raises(NotYetValid):
            verify(data, authority.trust, at=doctor.certificate.not_before - timedelta(seconds=1))
        verify(data, authority.trust, at=doctor.certificate.not_before)

    def test_after_the_certificate_ended_is_expired(self, authority: Authority, doctor: Issued) -> None:
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW)
        verify(data, authority.trust, at=doctor.certificate.not_after)
        with pytest.raises(Expired):
            verify(data, authority.trust, at=doctor.certificate.not_after + timedelta(seconds=1))

    def test_when_an_authority_has_ended_is_expired(self, authority: Authority) -> None:
        issued = authority.issue(DOCTOR, valid_from=NOW, valid_to=NOW + 30 * YEAR)
        data = sign(CONTENT, issued.key, issued.certificate, at=NOW)
        with pytest.raises(Expired):
            verify(data, authority.trust, at=NOW + 12 * YEAR)


class TestTrust:
    def test_signer_of_another_centre_is_untrusted(self, doctor: Issued) -> None:
        stranger = Authority.create("Інший центр", scheme="ecdsa", random=bytes_of_one, at=NOW - YEAR)
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW)
        with pytest.raises(Untrusted):
            verify(data, stranger.trust, at=NOW)

    def test_centre_with_the_same_name_is_untrusted(self, authority: Authority, doctor: Issued) -> None:
        """A namesake with other keys: the chain needs signatures, not names."""
        name = authority.root.certificate.subject.get(oids.ORGANIZATION) or ""
        namesake = Authority.create(name, scheme=authority.scheme, random=bytes_of_one, at=NOW - YEAR)
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW, chain=doctor.chain)
        with pytest.raises(Untrusted):
            verify(data, namesake.trust, at=NOW)

    def test_only_the_root_listed_and_authority_carried_along_is_trusted(
        self, authority: Authority, doctor: Issued
    ) -> None:
        roots = TrustList([authority.root.certificate])
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW, chain=doctor.chain[1:2])
        assert len(verify(data, roots, at=NOW).signers[0].chain) == 3
        with pytest.raises(Untrusted):
            verify(sign(CONTENT, doctor.key, doctor.certificate, at=NOW), roots, at=NOW)

    def test_root_carried_along_but_not_listed_is_untrusted(self, doctor: Issued) -> None:
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW, chain=doctor.chain)
        with pytest.raises(Untrusted):
            verify(data, TrustList([]), at=NOW)

    def test_certificate_issued_by_a_person_is_untrusted(self, authority: Authority, doctor: Issued) -> None:
        """A doctor's key signs a certificate for somebody else: the doctor is no authority."""
        forged = issued_by(doctor, authority)
        data = sign(CONTENT, forged.key, forged.certificate, at=NOW, chain=[doctor.certificate])
        with pytest.raises(Untrusted):
            verify(data, authority.trust, at=NOW)
        with pytest.raises(Untrusted):
            verify(data, TrustList([*authority.certificates, doctor.certificate]), at=NOW)

    def test_listed_signer_without_its_authority_is_trusted(self, doctor: Issued) -> None:
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW)
        assert verify(data, TrustList([doctor.certificate]), at=NOW).signers[0].chain == (doctor.certificate,)

    def test_certificate_of_an_authority_may_not_sign_documents(self, authority: Authority) -> None:
        issuing = authority.issuing
        data = sign(CONTENT, issuing.key, issuing.certificate, at=NOW)
        with pytest.raises(NotForSigning):
            verify(data, authority.trust, at=NOW)

    def test_second_verification_does_not_repeat_the_chain(
        self, authority: Authority, doctor: Issued, monkeypatch
    ) -> None:
        trust = authority.trust
        data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW)
        verify(data, trust, at=NOW)
        monkeypatch.setattr(Certificate, "must_be_signed_by", refuse)
        verify(data, trust, at=NOW)


class TestParallel:
    def test_two_signers_when_both_are_right_then_both_are_given(self, authority: Authority, doctor: Issued) -> None:
        head = authority.issue(Subject("Українка", "Леся", "1111111111"), valid_from=NOW - YEAR, valid_to=NOW + YEAR)
        result = verify(together(CONTENT, doctor, head), authority.trust, at=NOW)
        assert [signer.identity.drfo for signer in result.signers].count("1111111111") == 1
        assert len(result.signers) == 2

    def test_two_signers_when_one_signed_another_document_then_all_is_refused(
        self, authority: Authority, doctor: Issued
    ) -> None:
        head = authority.issue(Subject("Українка", "Леся", "1111111111"), valid_from=NOW - YEAR, valid_to=NOW + YEAR)
        infos = [info_of(CONTENT, doctor), info_of(b"other", head)]
        data = signed_data(oids.DATA, CONTENT, [doctor.certificate, head.certificate], infos, authority.digest)
        with pytest.raises(WrongContent):
            verify(data, authority.trust, at=NOW)


class TestForged:
    """Containers that are well-formed and signed, but must not be believed."""

    def test_without_signed_attributes_is_refused(self, authority: Authority, doctor: Issued) -> None:
        digest = authority.digest
        signature = doctor.key.sign(digest, CONTENT)
        identifier = w.sequence(doctor.certificate.issuer.raw, w.integer(doctor.certificate.serial_number))
        info = w.sequence(
            w.integer(1),
            identifier,
            algorithms.identifier(digest),
            doctor.key.signature_algorithm(digest),
            w.octet_string(signature),
        )
        with pytest.raises(NotAdvanced):
            verify(signed_data(oids.DATA, CONTENT, [doctor.certificate], [info], digest), authority.trust, at=NOW)

    def test_with_another_certificate_named_is_refused(self, authority: Authority, doctor: Issued) -> None:
        other = authority.issue(DOCTOR, valid_from=NOW - YEAR, valid_to=NOW + YEAR, key=doctor.key)
        digest = authority.digest
        attributes = signed_attributes(CONTENT, doctor.key, other.certificate, at=NOW, digest=digest)
        info = signer_info(doctor.key, doctor.certificate, attributes, digest)
        with pytest.raises(WrongSignature):
            verify(signed_data(oids.DATA, CONTENT, [doctor.certificate], [info], digest), authority.trust, at=NOW)

    def test_without_message_digest_is_refused(self, authority: Authority, doctor: Issued) -> None:
        attributes = signed_attributes(CONTENT, doctor.key, doctor.certificate, at=NOW, digest=authority.digest)
        del attributes[1]
        with pytest.raises(Unreadable):
            verify(packed(doctor, attributes, authority), authority.trust, at=NOW)

    def test_with_message_digest_twice_is_refused(self, authority: Authority, doctor: Issued) -> None:
        attributes = signed_attributes(CONTENT, doctor.key, doctor.certificate, at=NOW, digest=authority.digest)
        attributes.append(attributes[1])
        with pytest.raises(Unreadable):
            verify(packed(doctor, attributes, authority), authority.trust, at=NOW)

    def test_of_another_content_type_is_refused(self, authority: Authority, doctor: Issued) -> None:
        attributes = signed_attributes(
            CONTENT, doctor.key, doctor.certificate, at=NOW, digest=authority.digest, kind=oids.TST_INFO
        )
        info = signer_info(doctor.key, doctor.certificate, attributes, authority.digest)
        for kind in (oids.TST_INFO, oids.DATA):
            with pytest.raises(Unreadable):
                data = signed_data(kind, CONTENT, [doctor.certificate], [info], authority.digest)
                verify(data, authority.trust, at=NOW)

    def test_without_signers_is_refused(self, authority: Authority, doctor: Issued) -> None:
        data = signed_data(oids.DATA, CONTENT, [doctor.certificate], [], authority.digest)
        with pytest.raises(Unreadable):
            verify(data, authority.trust, at=NOW)

    def test_with_hundreds_of_signatures_is_refused_at_once(self, authority: Authority, doctor: Issued) -> None:
        infos = [info_of(CONTENT, doctor)[:-1] + bytes((i,)) for i in range(65)]
        with pytest.raises(Unreadable):
            data = signed_data(oids.DATA, CONTENT, [doctor.certificate], infos, authority.digest)
            verify(data, authority.trust, at=NOW)

    def test_without_the_certificate_is_refused_unless_it_is_listed(self, authority: Authority, doctor: Issued) -> None:
        data = signed_data(oids.DATA, CONTENT, [], [info_of(CONTENT, doctor)], authority.digest)
        with pytest.raises(NoCertificate):
            verify(data, authority.trust, at=NOW)
        verify(data, TrustList([*authority.certificates, doctor.certificate]), at=NOW)


def test_hash_of_the_signature_follows_the_algorithm_and_not_the_key() -> None:
    """Kupyna certificates keep the GOST-named key: only the signature algorithm tells them apart."""
    used = {}
    for scheme in ("dstu-gost", "dstu-kupyna"):
        doctor = doctor_of(scheme)
        data = cms.read(sign(CONTENT, doctor.key, doctor.certificate, at=NOW))
        used[scheme] = (data.signers[0].digest_algorithm, data.signers[0].signature_algorithm)
        assert w.oid(oids.DSTU_4145) in doctor.certificate.spki
    assert used == {
        "dstu-gost": (oids.GOST_34311, oids.DSTU_4145),
        "dstu-kupyna": (oids.KUPYNA_256, oids.DSTU_4145_KUPYNA_256),
    }


def test_every_error_speaks_ukrainian_and_has_its_own_code() -> None:
    kinds = [SignatureError, *SignatureError.__subclasses__(), *WrongContent.__subclasses__()]
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind("detail").message.endswith(".")
        assert not kind("detail").message.isascii()
        assert str(kind("detail")) == "detail"


def bytes_of_one(size: int) -> bytes:
    return b"\1" * size


def refuse(*_: object) -> None:
    raise AssertionError("the chain was verified again")


def info_of(content: bytes, issued: Issued) -> bytes:
    digest = algorithms.hash_of(issued.certificate.signature_algorithm)
    attributes = signed_attributes(content, issued.key, issued.certificate, at=NOW, digest=digest)
    return signer_info(issued.key, issued.certificate, attributes, digest)


def packed(issued: Issued, attributes: list[bytes], authority: Authority) -> bytes:
    info = signer_info(issued.key, issued.certificate, attributes, authority.digest)
    return signed_data(oids.DATA, CONTENT, [issued.certificate], [info], authority.digest)


def together(content: bytes, *people: Issued) -> bytes:
    digest = algorithms.hash_of(people[0].certificate.signature_algorithm)
    certificates = [person.certificate for person in people]
    return signed_data(oids.DATA, content, certificates, [info_of(content, person) for person in people], digest)


def issued_by(person: Issued, authority: Authority) -> Issued:
    """A certificate that a person, not an authority, signed."""
    false_centre = Authority(authority.scheme, bytes_of_one, authority.root, person)
    return false_centre.issue(Subject("Нечуй", "Іван", "3333333333"), valid_from=NOW - YEAR, valid_to=NOW + YEAR)
