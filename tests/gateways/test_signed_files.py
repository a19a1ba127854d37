"""Signature files as people have them: what is taken, and what is said of those that are not."""

import base64
import io
import random
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from esoz.gateways.signed_files import SignedFiles
from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel.errors import Rejected
from esoz.signature import Authority, Issued, Subject, TrustList, asic, is_detached, sign

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DOCUMENTS = [b'{"n": 1}', b'{"n": 2}']


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("Центр", scheme="dstu-gost", random=random.Random(5).randbytes, at=NOW)


@pytest.fixture(scope="module")
def doctor(authority: Authority) -> Issued:
    return authority.issue(Subject("Лисенко", "Марко", drfo="1"), valid_from=NOW, valid_to=NOW + timedelta(days=9))


@pytest.fixture(scope="module")
def files(authority: Authority) -> SignedFiles:
    return SignedFiles(TrustListVerifier(TrustList(authority.certificates)))


def signed(doctor: Issued, content: bytes, *, detached: bool = False) -> bytes:
    return sign(content, doctor.key, doctor.certificate, at=NOW, detached=detached)


def refusal(files: SignedFiles, file: bytes) -> str:
    with pytest.raises(Rejected) as fault:
        files.open(file, DOCUMENTS, at=NOW)
    assert fault.value.invalid[0].entry == "$.signed_file"
    return fault.value.invalid[0].description


class TestOpen:
    @pytest.mark.parametrize("detached", [False, True])
    @pytest.mark.parametrize("encode", [bytes, base64.b64encode, base64.encodebytes], ids=["der", "base64", "lines"])
    def test_in_any_form_then_attached_to_its_document(self, files, doctor, detached, encode) -> None:
        opened = files.open(encode(signed(doctor, DOCUMENTS[1], detached=detached)), DOCUMENTS, at=NOW)
        assert opened.signed.content == DOCUMENTS[1]
        assert not is_detached(opened.document)

    def test_detached_of_another_document_then_told_so(self, files: SignedFiles, doctor: Issued) -> None:
        assert refusal(files, signed(doctor, b"other", detached=True)).startswith("Підписано інший документ")

    def test_the_document_itself_then_told_so(self, files: SignedFiles) -> None:
        assert refusal(files, DOCUMENTS[0]).startswith("Це сам документ")

    def test_asic_with_one_document_then_taken(self, files: SignedFiles, doctor: Issued) -> None:
        signature = signed(doctor, DOCUMENTS[1], detached=True)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("document.json", DOCUMENTS[1])
            archive.writestr("META-INF/signature.p7s", signature)
        assert not is_detached(files.open(buffer.getvalue(), DOCUMENTS, at=NOW).document)

    def test_signature_in_one_piece_with_the_document_then_told_what_to_do(
        self, files: SignedFiles, doctor: Issued
    ) -> None:
        manifest = asic.manifest({"a": DOCUMENTS[0]})
        archive = asic.write({"a": DOCUMENTS[0]}, signed(doctor, manifest, detached=True))
        assert "архіві ASiC" in refusal(files, archive)
        assert "Це файл PDF" in refusal(files, b"%PDF-1.7")

    @pytest.mark.parametrize("file", [b"", b"MIIB", b"0\x80"])
    def test_something_else_then_told_so(self, files: SignedFiles, file: bytes) -> None:
        assert refusal(files, file).startswith("Файл пошкоджений")

    def test_damaged_then_told_so(self, files: SignedFiles, doctor: Issued) -> None:
        file = bytearray(signed(doctor, DOCUMENTS[0]))
        file[-1] ^= 1
        assert "недійсний" in refusal(files, bytes(file))

    def test_of_an_unknown_centre_then_told_so(self, doctor: Issued) -> None:
        strange = SignedFiles(TrustListVerifier(TrustList([])))
        assert "довірчому списку" in refusal(strange, signed(doctor, DOCUMENTS[0]))
