"""openssl and this library open each other's key files."""

from pathlib import Path

import pytest

from esoz.signature import TrustList, WrongPassword, open_key_file, sign, verify, write_pkcs8, write_pkcs12

from .centre import doctor_of
from .openssl import certificate, needs_openssl, now, openssl

pytestmark = needs_openssl

PASSWORD = "таємниця"


class TestKeyFiles:
    @pytest.mark.parametrize(
        "options",
        [
            (),
            ("-legacy",),
            ("-legacy", "-certpbe", "PBE-SHA1-RC2-40"),
            ("-keypbe", "AES-128-CBC", "-certpbe", "AES-256-CBC", "-macalg", "sha512"),
        ],
    )
    def test_pkcs12_when_made_by_openssl_then_opens(self, person: Path, options: tuple[str, ...]) -> None:
        openssl(
            "pkcs12",
            "-export",
            "-in",
            "cert.pem",
            "-inkey",
            "key.pem",
            "-out",
            "key.p12",
            "-passout",
            f"pass:{PASSWORD}",
            *options,
            folder=person,
        )
        data = (person / "key.p12").read_bytes()
        key, own = open_key_file(data, PASSWORD).signing
        assert own == certificate(person)
        assert verify(sign(b"x", key, own, at=now()), TrustList([own]), at=now()).signers
        with pytest.raises(WrongPassword):
            open_key_file(data, "інший")

    @pytest.mark.parametrize("cipher", ["-v2 aes256", "-v2 aes128", "-v2 des3", "-v1 PBE-SHA1-3DES"])
    def test_pkcs8_when_made_by_openssl_then_opens(self, person: Path, cipher: str) -> None:
        data = openssl(
            "pkcs8", "-topk8", "-in", "key.pem", *cipher.split(), "-passout", f"pass:{PASSWORD}", folder=person
        )
        opened = open_key_file(data, PASSWORD).with_certificates([certificate(person)])
        assert opened.signing[1] == certificate(person)
        with pytest.raises(WrongPassword):
            open_key_file(data, "інший")

    @pytest.mark.parametrize("options", [(), ("-aes128", "-passout", "pass:word")])
    def test_key_of_the_old_form_when_made_by_openssl_then_opens(self, person: Path, options: tuple[str, ...]) -> None:
        kind = ("rsa", "-traditional") if "rsa" in person.name else ("ec",)
        data = openssl(*kind, "-in", "key.pem", *options, folder=person)
        assert open_key_file(data, "word").entries[0].key.public_bits == certificate(person).public_bits
        if options:
            with pytest.raises(WrongPassword):
                open_key_file(data, "other")

    def test_key_files_when_made_by_us_then_open_in_openssl(self, tmp_path: Path) -> None:
        doctor = doctor_of("ecdsa")
        (tmp_path / "key.p12").write_bytes(write_pkcs12(doctor.key, doctor.chain, PASSWORD))
        (tmp_path / "key.p8").write_bytes(write_pkcs8(doctor.key, PASSWORD))
        told = openssl("pkcs12", "-in", "key.p12", "-passin", f"pass:{PASSWORD}", "-nodes", folder=tmp_path)
        assert told.count(b"BEGIN CERTIFICATE") == len(doctor.chain)
        assert open_key_file(told, "").signing[1] == doctor.certificate
        assert b"PRIVATE KEY" in openssl(
            "pkcs8", "-in", "key.p8", "-inform", "DER", "-passin", f"pass:{PASSWORD}", folder=tmp_path
        )
