"""Key files of other people's software: openssl with every option, Java, npm pkijs, Bouncy Castle, RFC 9579."""

import shutil
import subprocess
from base64 import encodebytes
from collections.abc import Iterator
from pathlib import Path
from struct import pack

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from esoz.signature import (
    Certificate,
    NoKey,
    Unreadable,
    UnsupportedKeyFile,
    WrongKeyPassword,
    WrongPassword,
    der,
    oids,
    open_key_file,
    verify,
    write_jks,
    write_pkcs12,
)
from esoz.signature import der_writer as w
from esoz.signature.algorithms import identifier
from esoz.signature.containers import jks, passwords
from esoz.signature.containers.passwords import Work, spellings
from esoz.signature.keys import read_public_key
from esoz.signature.trust import TrustList

from .centre import centre, doctor_of

FOREIGN = Path(__file__).with_name("foreign")
PASSWORD = "Пароль-1"
OLD = ("-provider", "legacy", "-provider", "default")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A key with its certificate in PEM, as openssl takes them."""
    place, doctor = tmp_path_factory.mktemp("keys"), doctor_of("ecdsa")
    (place / "key.pem").write_bytes(armored("PRIVATE KEY", doctor.key.pkcs8))
    (place / "cert.pem").write_bytes(armored("CERTIFICATE", doctor.certificate.der))
    yield place


def armored(label: str, content: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n".encode() + encodebytes(content) + f"-----END {label}-----\n".encode()


def openssl(folder: Path, *arguments: str) -> bytes:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def must_open(data: bytes, password: str = PASSWORD) -> None:
    """It is our key; another password is told to be wrong."""
    opened = open_key_file(data, password)
    assert opened.entries[0].key.public_bits == doctor_of("ecdsa").key.public_bits
    with pytest.raises(WrongPassword):
        open_key_file(data, "інший")


@needs_openssl
class TestOpenssl:
    def pkcs12(self, folder: Path, *options: str, password: str = PASSWORD) -> bytes:
        given = ("-in", "cert.pem", "-inkey", "key.pem", "-passout", f"pass:{password}")
        return openssl(folder, "pkcs12", "-export", *given, *options)

    @pytest.mark.parametrize(
        "cipher",
        [
            "AES-128-CBC",
            "AES-192-CBC",
            "AES-256-CBC",
            "DES-EDE3-CBC",
            "CAMELLIA-256-CBC",
            "PBE-SHA1-3DES",
            "PBE-SHA1-2DES",
            "PBE-SHA1-RC2-40",
            "PBE-SHA1-RC2-128",
            "PBE-SHA1-RC4-40",
            "PBE-SHA1-RC4-128",
            "NONE",
        ],
    )
    def test_pkcs12_of_every_cipher_opens(self, folder: Path, cipher: str) -> None:
        must_open(self.pkcs12(folder, "-legacy", "-keypbe", cipher, "-certpbe", cipher))

    @pytest.mark.parametrize("mac", ["md5", "sha1", "sha224", "sha384", "sha512", "sha512-256", "sha3-256"])
    def test_pkcs12_with_every_authentication_code_opens(self, folder: Path, mac: str) -> None:
        must_open(self.pkcs12(folder, "-macalg", mac))

    @pytest.mark.parametrize("options", [("-nomac",), ("-noiter", "-nomaciter"), ("-iter", "100000"), ("-keysig",)])
    def test_pkcs12_of_other_settings_opens(self, folder: Path, options: tuple[str, ...]) -> None:
        must_open(self.pkcs12(folder, *options))

    def test_pkcs12_with_an_empty_password_opens(self, folder: Path) -> None:
        for options in ((), ("-legacy",)):
            must_open(self.pkcs12(folder, *options, password=""), "")

    def test_pkcs12_without_certificates_or_without_keys_says_so(self, folder: Path) -> None:
        (entry,) = open_key_file(self.pkcs12(folder, "-nocerts"), PASSWORD).entries
        assert entry.certificate is None
        with pytest.raises(NoKey):
            open_key_file(self.pkcs12(folder, "-nokeys"), PASSWORD)

    def test_pkcs12_in_text_opens(self, folder: Path) -> None:
        data = self.pkcs12(folder)
        for text in (encodebytes(data), armored("PKCS12", data), data + b"\r\n", b"\xef\xbb\xbf" + encodebytes(data)):
            must_open(text)

    @pytest.mark.parametrize("cipher", ["aes128", "aes192", "aes256", "des3", "camellia192"])
    def test_pkcs8_of_every_cipher_opens(self, folder: Path, cipher: str) -> None:
        must_open(self.pkcs8(folder, "-v2", cipher))

    @pytest.mark.parametrize("prf", ["MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA512-224", "SHA512-256"])
    def test_pkcs8_with_every_function_of_derivation_opens(self, folder: Path, prf: str) -> None:
        must_open(self.pkcs8(folder, "-v2", "aes256", "-v2prf", f"hmacWith{prf}"))

    @pytest.mark.parametrize("options", [(), ("-v2", "aes128"), ("-scrypt_N", "1024", "-scrypt_r", "4")])
    def test_pkcs8_with_scrypt_opens(self, folder: Path, options: tuple[str, ...]) -> None:
        must_open(self.pkcs8(folder, "-scrypt", *options))

    @pytest.mark.parametrize(
        "scheme",
        [
            "PBE-MD5-DES",
            "PBE-SHA1-DES",
            "PBE-MD5-RC2-64",
            "PBE-SHA1-RC2-64",
            "PBE-SHA1-RC4-128",
            "PBE-SHA1-RC4-40",
            "PBE-SHA1-3DES",
            "PBE-SHA1-2DES",
            "PBE-SHA1-RC2-128",
            "PBE-SHA1-RC2-40",
        ],
    )
    def test_pkcs8_of_before_pbes2_opens(self, folder: Path, scheme: str) -> None:
        must_open(self.pkcs8(folder, "-v1", scheme, *OLD))

    def test_pkcs8_with_an_unknown_cipher_says_so(self, folder: Path) -> None:
        with pytest.raises(UnsupportedKeyFile, match="cipher"):
            open_key_file(self.pkcs8(folder, "-v2", "aria256"), PASSWORD)

    def pkcs8(self, folder: Path, *options: str) -> bytes:
        return openssl(folder, "pkcs8", "-topk8", "-in", "key.pem", "-passout", f"pass:{PASSWORD}", *options)

    @pytest.mark.parametrize("cipher", ["aes128", "aes192", "aes256", "des3", "des", "camellia128"])
    def test_key_encrypted_by_the_headers_of_pem_opens(self, folder: Path, cipher: str) -> None:
        must_open(openssl(folder, "ec", "-in", "key.pem", f"-{cipher}", "-passout", f"pass:{PASSWORD}", *OLD))

    def test_pem_of_everything_opens(self, folder: Path) -> None:
        parameters = openssl(folder, "ecparam", "-name", "prime256v1")
        bundle = openssl(folder, "crl2pkcs7", "-nocrl", "-certfile", "cert.pem")
        for data in (parameters + self.pkcs8(folder) + bundle, (bundle + self.pkcs8(folder)).replace(b"\n", b"\r\n")):
            must_open(data)
            assert open_key_file(data, PASSWORD).signing[1] == doctor_of("ecdsa").certificate


class TestOthers:
    @pytest.mark.parametrize(
        ("name", "password", "certificates"),
        [("rfc9579-a1.p12", "1234", 1), ("java.jceks", "Secret1", 1), ("pkijs.p12", "Secret1", 1)],
    )
    def test_file_opens_with_its_password_alone(self, name: str, password: str, certificates: int) -> None:
        data = (FOREIGN / name).read_bytes()
        (entry,) = open_key_file(data, password).entries
        assert len([entry.certificate, *entry.chain]) == certificates
        with pytest.raises(WrongPassword):
            open_key_file(data, "інший")

    def test_key_and_certificate_of_bouncy_castle_are_read(self) -> None:
        """Their numbers are written from the big end, the secret in an ECPrivateKey."""
        key, public, certificate, signature = (
            (FOREIGN / f"bouncy-castle-dstu.{suffix}").read_bytes() for suffix in ("p8", "spki", "cer", "p7s")
        )
        (entry,) = open_key_file(key, "").entries
        assert entry.key.public == read_public_key(der.read(public))
        own = Certificate.parse(certificate)
        own.must_be_signed_by(own)
        assert verify(signature, TrustList([own]), at=own.not_before).content == "привіт".encode()


class TestPasswords:
    def test_password_that_old_programs_spelt_in_their_own_way_opens(self) -> None:
        """openssl of before 1.1 widened every byte of UTF-8 by itself; `cryptography` widens letters, as is due."""
        for written in (PASSWORD, PASSWORD.encode().decode("latin-1")):
            must_open(old_pkcs12(written))

    def test_key_of_a_store_with_a_password_of_its_own_opens_with_both(self) -> None:
        data = two_passwords("Сховище1", "Ключ1")
        with pytest.raises(WrongKeyPassword):
            open_key_file(data, "Сховище1")
        with pytest.raises(WrongPassword, match="seal"):
            open_key_file(data, "Ключ1")
        (entry,) = open_key_file(data, "Сховище1", "Ключ1").entries
        assert entry.certificate == doctor_of("ecdsa").certificate

    def test_store_with_one_locked_key_gives_the_others(self) -> None:
        data = two_passwords("Сховище1", "Ключ1", "Сховище1")
        opened = open_key_file(data, "Сховище1")
        assert (len(opened.entries), opened.locked) == (1, 1)

    def test_store_of_certificates_alone_has_no_key(self) -> None:
        der_form = doctor_of("ecdsa").certificate.der
        entry = pack(">I", 2) + pack(">H", 2) + b"ca" + bytes(8) + pack(">H", 5) + b"X.509" + pack(">I", len(der_form))
        with pytest.raises(NoKey):
            open_key_file(store("Сховище1", [entry + der_form]), "Сховище1")

    def test_entry_that_is_neither_key_nor_certificate_says_so(self) -> None:
        data = store("Сховище1", [pack(">I", 3) + pack(">H", 1) + b"x" + bytes(8)])
        with pytest.raises(UnsupportedKeyFile, match="neither"):
            open_key_file(data, "Сховище1")


class TestHostileWork:
    def test_work_of_all_parts_together_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        doctor = doctor_of("ecdsa")
        data = write_pkcs12(doctor.key, doctor.chain, PASSWORD)
        open_key_file(data, PASSWORD)
        # 10,000 for the authentication code, 100,000 for the cipher.
        monkeypatch.setattr(passwords, "MOST_WORK", 109_999)
        with pytest.raises(UnsupportedKeyFile, match="100000 rounds"):
            open_key_file(data, PASSWORD)

    @pytest.mark.parametrize(
        ("derivation", "parameters"),
        [
            (oids.PBKDF2, w.sequence(w.octet_string(b"salt"), w.integer(1 << 40))),
            (oids.PBKDF2, w.sequence(w.octet_string(b"salt"), w.integer(2_000_000), identifier(oids.HMAC_GOST_34311))),
            (oids.PBKDF2, w.sequence(w.octet_string(b"salt"), w.integer(0))),
            (oids.SCRYPT, w.sequence(w.octet_string(b"salt"), w.integer(1 << 30), w.integer(8), w.integer(1))),
            (oids.SCRYPT, w.sequence(w.octet_string(b"salt"), w.integer(1 << 14), w.integer(8), w.integer(1 << 20))),
            (oids.SCRYPT, w.sequence(w.octet_string(b"salt"), w.integer(1000), w.integer(8), w.integer(1))),
        ],
    )
    def test_derivation_beyond_all_bounds_is_refused_at_once(self, derivation: str, parameters: bytes) -> None:
        with pytest.raises(UnsupportedKeyFile):
            open_key_file(locked(identifier(derivation, parameters)), PASSWORD)

    def test_pkcs12_derivation_beyond_all_bounds_is_refused_at_once(self) -> None:
        scheme = identifier(oids.PKCS12_PBE_3DES, w.sequence(w.octet_string(b"salt"), w.integer(1 << 30)))
        with pytest.raises(UnsupportedKeyFile):
            open_key_file(w.sequence(scheme, w.octet_string(bytes(16))), PASSWORD)

    def test_thousands_of_keys_and_giant_files_are_refused(self) -> None:
        keys = armored("PRIVATE KEY", doctor_of("ecdsa").key.pkcs8) * 1000
        with pytest.raises(UnsupportedKeyFile):
            open_key_file(keys, "")
        with pytest.raises(UnsupportedKeyFile, match="bytes"):
            open_key_file(bytes(2_000_000), "")

    def test_broken_settings_are_unreadable(self) -> None:
        for parameters in (w.sequence(), w.sequence(w.octet_string(b"")), w.null()):
            with pytest.raises((Unreadable, UnsupportedKeyFile)):
                open_key_file(locked(identifier(oids.PBKDF2, parameters)), PASSWORD)


def old_pkcs12(password: str) -> bytes:
    """PKCS#12 with triple DES."""
    doctor = doctor_of("ecdsa")
    scheme = serialization.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1000).hmac_hash(hashes.SHA1())
    cipher = scheme.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).build(password.encode())
    return pkcs12.serialize_key_and_certificates(b"key", doctor.key.key, None, None, cipher)


def locked(derivation: bytes) -> bytes:
    """EncryptedPrivateKeyInfo with PBES2 and AES."""
    scheme = identifier(oids.AES_256_CBC, w.octet_string(bytes(16)))
    return w.sequence(identifier(oids.PBES2, w.sequence(derivation, scheme)), w.octet_string(bytes(32)))


def store(password: str, entries: list[bytes]) -> bytes:
    """A Java key store around encoded entries."""
    body = b"\xfe\xed\xfe\xed" + pack(">II", 2, len(entries)) + b"".join(entries)
    return body + jks._seal(body, next(spellings(password, Work())))


def two_passwords(password: str, *of_keys: str) -> bytes:
    """A Java key store whose keys have passwords of their own."""
    doctor = doctor_of("ecdsa")
    entries = [
        # A store with one key, without its header and seal, is an entry.
        write_jks(doctor.key, doctor.chain, own, alias=f"key{number}")[12:-20]
        for number, own in enumerate(of_keys)
    ]
    return store(password, entries)


def test_certificates_of_our_centre_are_not_taken_for_keys() -> None:
    with pytest.raises(NoKey):
        open_key_file(b"".join(armored("CERTIFICATE", c.der) for c in centre("ecdsa").certificates), "")
