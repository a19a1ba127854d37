"""Detached signatures become attached ones and stay valid; files come as DER, PEM and base64."""

import base64

import pytest

from esoz.signature import (
    Authority,
    Issued,
    NotForSignature,
    TrustList,
    Unreadable,
    WrongContent,
    algorithms,
    attach,
    hashes,
    is_detached,
    sign,
    sign_digest,
    unwrapped,
    verify,
)

from .centre import NOW

DOCUMENT = '{"пацієнт": "Лисенко"}'.encode()


def detached(doctor: Issued) -> bytes:
    return sign(DOCUMENT, doctor.key, doctor.certificate, at=NOW, detached=True)


class TestAttach:
    def test_detached_then_it_is_valid_with_its_document(self, authority: Authority, doctor: Issued) -> None:
        signed = detached(doctor)
        assert is_detached(signed)
        whole = attach(signed, DOCUMENT)
        assert not is_detached(whole)
        found = verify(whole, TrustList(authority.certificates), at=NOW)
        assert found.content == DOCUMENT
        assert found.signers[0].identity.drfo == "2222222222"

    def test_attached_already_then_nothing_changes(self, doctor: Issued) -> None:
        whole = sign(DOCUMENT, doctor.key, doctor.certificate, at=NOW)
        again = attach(whole, DOCUMENT)
        assert again == whole

    def test_with_another_document_then_the_check_refuses(self, authority: Authority, doctor: Issued) -> None:
        whole = attach(detached(doctor), b"another")
        with pytest.raises(WrongContent):
            verify(whole, TrustList(authority.certificates), at=NOW)

    def test_over_another_attached_document_then_refused(self, doctor: Issued) -> None:
        with pytest.raises(NotForSignature):
            attach(sign(DOCUMENT, doctor.key, doctor.certificate, at=NOW), b"another")

    def test_of_something_else_then_unreadable(self) -> None:
        with pytest.raises(Unreadable):
            attach(b"%PDF-1.7 no signature", DOCUMENT)


class TestUnwrapped:
    def test_of_each_form_then_the_same_bytes(self, doctor: Issued) -> None:
        der = sign(DOCUMENT, doctor.key, doctor.certificate, at=NOW)
        text = base64.encodebytes(der)
        pem = b"-----BEGIN PKCS7-----\n" + text + b"-----END PKCS7-----\n"
        forms = (der, base64.b64encode(der), text, b"\xef\xbb\xbf" + text, pem, b"\r\n" + pem)
        assert {unwrapped(form) for form in forms} == {der}

    def test_of_broken_base64_then_left_to_be_refused(self) -> None:
        assert unwrapped(b"MIIB!") == b"MIIB!"


class TestSignDigest:
    def test_then_valid_with_the_document_attached(self, authority: Authority, doctor: Issued) -> None:
        digest = hashes.digest(algorithms.hash_of(doctor.certificate.signature_algorithm), DOCUMENT)
        signed = sign_digest(digest, doctor.key, doctor.certificate, at=NOW)
        assert is_detached(signed)
        assert verify(attach(signed, DOCUMENT), TrustList(authority.certificates), at=NOW).content == DOCUMENT

    def test_of_another_length_then_refused(self, doctor: Issued) -> None:
        with pytest.raises(NotForSignature):
            sign_digest(b"short", doctor.key, doctor.certificate, at=NOW)
