"""OpenSSL and we: each accepts the CMS that the other signed with ECDSA, until a byte is changed."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key

from esoz.signature import SignatureError, sign, verify

from ..signature.centre import NOW, centre, doctor_of

OPENSSL = shutil.which("openssl")
CONTENT = b'{"a": 1}'
AT = str(int(NOW.timestamp()))

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not here: apt-get install openssl")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The doctor's key and certificate and those of the centre, as OpenSSL reads them."""
    doctor, authority = doctor_of("ecdsa"), centre("ecdsa")
    key = load_der_private_key(doctor.key.pkcs8, None)
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "content").write_bytes(CONTENT)
    for name, certificate in (("doctor", doctor.certificate), *zip(("a", "b"), authority.certificates, strict=True)):
        (tmp_path / f"{name}.der").write_bytes(certificate.der)
        assert run(tmp_path, "x509", "-inform", "DER", "-in", f"{name}.der", "-out", f"{name}.pem")
    (tmp_path / "trust.pem").write_bytes((tmp_path / "a.pem").read_bytes() + (tmp_path / "b.pem").read_bytes())
    return tmp_path


def run(folder: Path, *words: str) -> bool:
    assert OPENSSL is not None
    return subprocess.run([OPENSSL, *words], cwd=folder, capture_output=True, check=False).returncode == 0


def test_our_document_is_right_for_openssl_until_changed(folder: Path) -> None:
    doctor = doctor_of("ecdsa")
    data = sign(CONTENT, doctor.key, doctor.certificate, at=NOW)
    check = (
        "cms",
        "-verify",
        "-inform",
        "DER",
        "-in",
        "signed",
        "-CAfile",
        "trust.pem",
        "-purpose",
        "any",
        "-attime",
        AT,
        "-binary",
        "-out",
        "found",
    )
    (folder / "signed").write_bytes(data)
    assert run(folder, *check)
    assert (folder / "found").read_bytes() == CONTENT
    (folder / "signed").write_bytes(data.replace(CONTENT, CONTENT.replace(b"1", b"2")))
    assert not run(folder, *check)


def test_document_of_openssl_is_right_for_us_until_changed(folder: Path) -> None:
    made = run(
        folder,
        "cms",
        "-sign",
        "-in",
        "content",
        "-signer",
        "doctor.pem",
        "-inkey",
        "key.pem",
        "-nodetach",
        "-binary",
        "-md",
        "sha256",
        "-nosmimecap",
        "-outform",
        "DER",
        "-out",
        "signed",
    )
    assert made
    data = (folder / "signed").read_bytes()
    assert verify(data, centre("ecdsa").trust, at=NOW).content == CONTENT
    with pytest.raises(SignatureError):
        verify(data.replace(CONTENT, CONTENT.replace(b"1", b"2")), centre("ecdsa").trust, at=NOW)
