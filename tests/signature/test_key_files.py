"""Key files: every format we write opens again, with the right key, certificate and chain."""

from base64 import encodebytes
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from esoz.signature import (
    Authority,
    EcdsaKey,
    Issued,
    KeyFile,
    NoCertificate,
    NotForSigning,
    Subject,
    Unreadable,
    Unsupported,
    WrongPassword,
    accelerated,
    der,
    oids,
    open_key_file,
    sign,
    verify,
    write_jks,
    write_pkcs8,
    write_pkcs12,
)
from esoz.signature import der_writer as w
from esoz.signature.authority import Profile, service_name
from esoz.signature.certificate import KeyUsage
from esoz.signature.containers import encryption, iit
from esoz.signature.gost28147 import cipher

from .centre import NOW, YEAR, centre, doctor_of

PASSWORD = "Пароль-1"


@pytest.fixture
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """10,000 rounds of GOST take seconds; the formats do not care."""
    monkeypatch.setattr(encryption, "_WRITTEN_GOST_ROUNDS", 20)
    monkeypatch.setattr("esoz.signature.containers.pkcs12._MAC_ROUNDS", 20)
    monkeypatch.setattr(iit, "_PASSES", 20)


def must_sign(opened: KeyFile, issued: Issued, authority: Authority) -> None:
    """The key that came out signs what verifies."""
    key, certificate = opened.signing
    assert certificate == issued.certificate
    verify(sign(b"x", key, certificate, at=NOW), authority.trust, at=NOW)


class TestRoundTrip:
    @pytest.mark.parametrize("write", [write_jks, write_pkcs12])
    def test_store_when_written_then_opens_with_key_certificate_and_chain(
        self, write: Callable[..., bytes], authority: Authority, doctor: Issued
    ) -> None:
        opened = open_key_file(write(doctor.key, doctor.chain, PASSWORD), PASSWORD)
        assert [entry.chain for entry in opened.entries] == [doctor.chain[1:]]
        must_sign(opened, doctor, authority)

    def test_gost_pkcs12_when_written_then_opens(self, authority: Authority, doctor: Issued, few_rounds: None) -> None:
        data = write_pkcs12(doctor.key, doctor.chain, PASSWORD, gost=True)
        assert w.oid(oids.GOST_28147_CFB) in data
        must_sign(open_key_file(data, PASSWORD), doctor, authority)
        with pytest.raises(WrongPassword):
            open_key_file(data, PASSWORD + "!")

    @pytest.mark.parametrize("gost", [False, True])
    def test_pkcs8_when_written_then_opens_and_takes_its_certificate_from_elsewhere(
        self, gost: bool, authority: Authority, doctor: Issued, few_rounds: None
    ) -> None:
        opened = open_key_file(write_pkcs8(doctor.key, PASSWORD, gost=gost), PASSWORD)
        with pytest.raises(NoCertificate):
            _ = opened.signing
        must_sign(opened.with_certificates(doctor.chain), doctor, authority)

    @pytest.mark.parametrize("gost", [False, True])
    def test_pkcs8_when_the_password_is_wrong_then_says_so(self, gost: bool, few_rounds: None) -> None:
        data = write_pkcs8(doctor_of("dstu-gost").key, PASSWORD, gost=gost)
        with pytest.raises(WrongPassword):
            open_key_file(data, "інший")

    def test_plain_key_when_opened_then_needs_no_password(self, authority: Authority, doctor: Issued) -> None:
        must_sign(open_key_file(doctor.key.pkcs8, "").with_certificates([doctor.certificate]), doctor, authority)

    def test_pem_with_key_and_certificate_when_opened_then_signs(self, authority: Authority, doctor: Issued) -> None:
        data = armored("ENCRYPTED PRIVATE KEY", write_pkcs8(doctor.key, PASSWORD))
        data += armored("CERTIFICATE", doctor.certificate.der)
        must_sign(open_key_file(data, PASSWORD), doctor, authority)


class TestOldInternational:
    """PKCS#12 with 3DES, written by `cryptography`, as foreign programs still do."""

    def test_store_when_opened_then_signs(self) -> None:
        doctor = doctor_of("ecdsa")
        opened = open_key_file(self.store(doctor), PASSWORD)
        must_sign(opened, doctor, centre("ecdsa"))

    def test_store_when_the_password_is_wrong_then_says_so(self) -> None:
        with pytest.raises(WrongPassword):
            open_key_file(self.store(doctor_of("ecdsa")), "інший")

    def store(self, doctor: Issued) -> bytes:
        assert isinstance(doctor.key, EcdsaKey)
        scheme = serialization.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1000)
        scheme = scheme.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1())
        chain = [x509.load_der_x509_certificate(certificate.der) for certificate in doctor.chain]
        encryption = scheme.build(PASSWORD.encode())
        return pkcs12.serialize_key_and_certificates(b"key", doctor.key.key, chain[0], chain[1:], encryption)


class TestIit:
    """The old container, put together here by its description; the key derivation has a known answer."""

    def test_key_derivation_equals_known(self) -> None:
        """From an implementation whose result opens a real Key-6.dat."""
        if not accelerated:
            pytest.skip("without the C accelerator 10,000 passes of the hash take seconds")
        known = "a3ed3df12520d1f23c9387097e9b5520567fe3a9467b0706c582553dfe3da2b4"
        assert iit.derive(b"tectfom").hex() == known

    def test_container_when_opened_then_gives_the_key(self, few_rounds: None) -> None:
        doctor = doctor_of("dstu-gost")
        opened = open_key_file(iit_container(doctor.key.pkcs8, PASSWORD), PASSWORD)
        must_sign(opened.with_certificates([doctor.certificate]), doctor, centre("dstu-gost"))

    def test_container_behind_a_prefix_of_privatbank_when_opened_then_gives_the_key(self, few_rounds: None) -> None:
        key = doctor_of("dstu-gost").key
        assert open_key_file(b"\x51" + bytes(5) + iit_container(key.pkcs8, PASSWORD), PASSWORD).entries[0].key == key

    def test_container_when_the_password_is_in_the_windows_code_page_then_opens(self, few_rounds: None) -> None:
        key = doctor_of("dstu-gost").key
        assert open_key_file(iit_container(key.pkcs8, PASSWORD, "cp1251"), PASSWORD).entries[0].key == key

    def test_container_when_the_password_is_wrong_then_says_so(self, few_rounds: None) -> None:
        with pytest.raises(WrongPassword):
            open_key_file(iit_container(doctor_of("dstu-gost").key.pkcs8, PASSWORD), "інший")


class TestRefused:
    def test_key_for_encryption_alone_is_not_for_signing(self) -> None:
        authority = centre("ecdsa")
        profile = Profile(frozenset({KeyUsage.KEY_AGREEMENT}))
        issued = authority.certify(service_name("А", "Б"), profile, validity=(NOW, NOW + YEAR))
        opened = open_key_file(write_jks(issued.key, issued.chain, PASSWORD), PASSWORD)
        with pytest.raises(NotForSigning):
            _ = opened.signing

    def test_file_of_certificates_alone_has_no_key(self) -> None:
        with pytest.raises(NoCertificate):
            open_key_file(armored("CERTIFICATE", doctor_of("ecdsa").certificate.der), PASSWORD)

    def test_millions_of_rounds_are_refused_at_once(self) -> None:
        parameters = w.sequence(w.octet_string(bytes(8)), w.integer(1 << 40))
        scheme = w.sequence(w.sequence(w.oid(oids.PBKDF2), parameters), w.sequence(w.oid(oids.AES_256_CBC), w.null()))
        data = w.sequence(w.sequence(w.oid(oids.PBES2), scheme), w.octet_string(bytes(16)))
        with pytest.raises((Unsupported, Unreadable)):
            open_key_file(data, PASSWORD)

    def test_certificate_of_another_key_is_not_written(self) -> None:
        with pytest.raises(NoCertificate):
            write_jks(doctor_of("dstu-gost").key, doctor_of("ecdsa").chain, PASSWORD)

    def test_signing_certificate_is_chosen_when_both_keys_are_inside(self) -> None:
        authority = centre("ecdsa")
        person = Subject("Українка", "Леся", "1111111111")
        signing = authority.issue(person, valid_from=NOW - YEAR, valid_to=NOW + YEAR)
        profile = Profile(frozenset({KeyUsage.KEY_AGREEMENT}))
        agreement = authority.certify(service_name("А", "Б"), profile, validity=(NOW, NOW + YEAR))
        data = b"".join(armored("PRIVATE KEY", issued.key.pkcs8) for issued in (agreement, signing))
        opened = open_key_file(data, "").with_certificates([agreement.certificate, signing.certificate])
        assert opened.signing[1] == signing.certificate


def armored(label: str, content: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n".encode() + encodebytes(content) + f"-----END {label}-----\n".encode()


def iit_container(key: bytes, password: str, encoding: str = "utf-8") -> bytes:
    """What IIT programs wrote before 2016."""
    secret = iit.derive(password.encode(encoding))
    pad = bytes(-len(key) % 8)
    encrypted = cipher().encrypt_ecb(secret, key + pad)
    mac = cipher().mac(secret, key + pad)
    body, tail = encrypted[: len(key)], encrypted[len(key) :]
    settings = w.sequence(w.octet_string(mac), w.octet_string(tail))
    data = w.sequence(w.sequence(w.oid(oids.IIT_CONTAINER), settings), w.octet_string(body))
    assert iit.is_container(der.read(data))
    return data
