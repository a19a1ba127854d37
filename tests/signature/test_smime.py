"""S/MIME messages of openssl, and messages that are broken."""

import shutil
import subprocess
from pathlib import Path

import pytest

from esoz.signature import (
    NotASignature,
    Unreadable,
    WrongContent,
    examine,
    oids,
    open_signature,
    sign,
    unwrapped,
    verify,
    write_pkcs8,
)
from esoz.signature.command_line.files import armored

from .centre import NOW, centre, doctor_of

CONTENT = "перший рядок\nдругий рядок\n".encode()
HEADERS = b'MIME-Version: 1.0\nContent-Type: multipart/signed; protocol=x;\n boundary="b"\n\n'

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def message(folder: Path, *options: str) -> bytes:
    """What openssl makes of the document with the doctor's key."""
    doctor = doctor_of("ecdsa")
    (folder / "content").write_bytes(CONTENT)
    (folder / "cert.pem").write_bytes(armored("CERTIFICATE", doctor.certificate.der))
    (folder / "key.pem").write_bytes(armored("ENCRYPTED PRIVATE KEY", write_pkcs8(doctor.key, "p")))
    key = ("-signer", "cert.pem", "-inkey", "key.pem", "-passin", "pass:p") if "-sign" in options else ("cert.pem",)
    done = subprocess.run(
        ["openssl", "cms", "-in", "content", *options, "-outform", "SMIME", *key],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@needs_openssl
class TestOpenssl:
    @pytest.mark.parametrize("options", [(), ("-binary",), ("-text",), ("-crlfeol",)])
    def test_document_beside_its_signature_is_found_in_the_form_that_was_signed(
        self, tmp_path: Path, options: tuple[str, ...]
    ) -> None:
        opened = open_signature(message(tmp_path, "-sign", "-cades", *options))
        trust, at = centre("ecdsa").trust, NOW
        reports = [examine(opened.signature, trust, at=at, content=content) for content in opened.contents]
        (right,) = [report for report in reports if not any(isinstance(r, WrongContent) for r in reasons(report))]
        assert right.content.replace(b"\r\n", b"\n").endswith(CONTENT)

    def test_document_inside_its_signature_is_found(self, tmp_path: Path) -> None:
        opened = open_signature(message(tmp_path, "-sign", "-cades", "-nodetach", "-binary"))
        assert opened.contents == ()
        assert examine(opened.signature, centre("ecdsa").trust, at=NOW).content == CONTENT

    def test_encrypted_message_is_no_signature(self, tmp_path: Path) -> None:
        data = unwrapped(message(tmp_path, "-encrypt"))
        with pytest.raises(NotASignature, match=oids.ENVELOPED_DATA):
            verify(data, centre("ecdsa").trust, at=NOW)


def reasons(report) -> list[Exception]:
    return [reason for finding in report.findings for reason in finding.reasons]


class TestForms:
    def made(self) -> bytes:
        doctor = doctor_of("ecdsa")
        return sign(CONTENT.replace(b"\n", b"\r\n"), doctor.key, doctor.certificate, at=NOW, detached=True)

    def parts(self, signature: bytes, encoding: bytes = b"base64") -> bytes:
        head = b"Content-Type: application/pkcs7-signature\nContent-Transfer-Encoding: " + encoding + b"\n\n"
        return HEADERS + b"--b\n" + CONTENT + b"\n--b\n" + head + signature + b"\n--b--\n"

    @pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
    def test_message_with_any_line_ends_verifies(self, line_end: bytes) -> None:
        body = armored("X", self.made()).split(b"-----")[2].strip()
        opened = open_signature(self.parts(body).replace(b"\n", line_end))
        assert opened.signature == self.made()
        assert verify(opened.signature, centre("ecdsa").trust, at=NOW, content=opened.contents[0]).signers

    def test_binary_part_is_read(self) -> None:
        assert unwrapped(self.parts(self.made(), b"binary")) == self.made()

    @pytest.mark.parametrize(
        "data",
        [
            HEADERS.replace(b"boundary", b"border"),
            HEADERS + b"--b\nonly one part",
            HEADERS + b"--b\nx\n--b\nContent-Type: application/pkcs7-signature\n\nA\n--b--\n",
        ],
    )
    def test_broken_message_is_unreadable(self, data: bytes) -> None:
        with pytest.raises(Unreadable):
            open_signature(data)

    def test_letter_that_quotes_a_signature_is_none(self) -> None:
        quoted = b"Subject: x\n\nContent-Type: application/pkcs7-mime\n\n"
        with pytest.raises(Unreadable):
            verify(open_signature(quoted).signature, centre("ecdsa").trust, at=NOW)
