"""Certificates, trust lists and the trust centre itself."""

import gc
import random
import tracemalloc
from base64 import encodebytes
from pathlib import Path

import pytest

from esoz.signature import (
    Authority,
    Certificate,
    Identity,
    Issued,
    KeyUsage,
    Subject,
    TrustList,
    Unreadable,
    Unsupported,
    der,
    oids,
    sign,
    verify,
)
from esoz.signature import der_writer as w
from esoz.signature.authority import Profile, extension
from esoz.signature.certificate import Name, readable
from esoz.signature.signing import signed_data

from .centre import NOW, YEAR, centre, doctor_of


def test_large_certificates_of_a_stranger_when_read_then_they_are_not_kept(doctor: Issued) -> None:
    """Anybody may send containers; what is remembered of them has a bound in bytes."""
    readable([der.read(doctor.certificate.der)])
    tracemalloc.start()
    try:
        for number in range(50):
            padding = extension(f"1.2.3.{number}", bytes(200_000))
            [found] = readable([der.read(with_extension(doctor.certificate, padding).der)])
            assert len(found.der) > 200_000
        del found, padding
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000
    [again] = readable([der.read(doctor.certificate.der)])
    assert again is readable([der.read(doctor.certificate.der)])[0], "a usual one is remembered"


class TestIdentity:
    def test_of_a_doctor_has_every_code(self, doctor: Issued) -> None:
        assert doctor.certificate.identity == Identity(
            common_name="Кобилянська Ольга Юліанівна",
            surname="Кобилянська",
            given_name="Ольга Юліанівна",
            organization="Амбулаторія",
            country="UA",
            drfo="2222222222",
            edrpou="22222222",
            unzr="19631127-00001",
        )

    def test_of_a_seal_has_no_person(self, authority: Authority) -> None:
        clinic = Subject(organization="Амбулаторія", edrpou="22222222", is_seal=True)
        identity = authority.issue(clinic, valid_from=NOW, valid_to=NOW + YEAR).certificate.identity
        assert (identity.is_seal, identity.edrpou, identity.drfo) == (True, "22222222", None)
        assert (identity.common_name, identity.surname) == ("Амбулаторія", None)

    @pytest.mark.parametrize("number", ["ТТ123456", "123456789"])
    def test_of_a_person_without_tax_number_has_the_passport_in_its_place(self, number: str) -> None:
        """Those who refused a tax number for their faith have the number of the passport there."""
        person = Subject("Сковорода", "Григорій", None, organization=None)
        issued = centre("ecdsa").issue(person, valid_from=NOW, valid_to=NOW + YEAR)
        assert issued.certificate.identity.drfo is None
        value = w.sequence(w.sequence(w.oid(oids.DRFO), w.set_of(w.utf8(f" {number} "))))
        certificate = with_extension(issued.certificate, extension(oids.SUBJECT_DIRECTORY_ATTRIBUTES, value))
        assert certificate.identity.drfo == number


class TestCertificate:
    def test_of_a_doctor_may_sign_and_may_not_issue(self, doctor: Issued) -> None:
        assert doctor.certificate.key_usage == {KeyUsage.DIGITAL_SIGNATURE, KeyUsage.NON_REPUDIATION}
        assert doctor.certificate.may_sign
        assert not doctor.certificate.is_authority

    def test_serial_number_begins_with_the_key_of_the_issuer(self, authority: Authority, doctor: Issued) -> None:
        serial = doctor.certificate.serial_number.to_bytes(20, "big")
        identifier = authority.issuing.certificate.key_identifier or b""
        assert serial[1:8] == identifier[1:8]
        assert doctor.certificate.authority_key_identifier == identifier

    def test_equal_bytes_are_equal_certificates(self, doctor: Issued) -> None:
        again = Certificate.parse(doctor.certificate.der)
        assert again == doctor.certificate
        assert len({again, doctor.certificate}) == 1
        assert again != centre("ecdsa").root.certificate

    def test_malformed_key_identifier_counts_as_absent(self) -> None:
        certificate = doctor_of("ecdsa").certificate
        broken = with_extension(certificate, extension(oids.AUTHORITY_KEY_IDENTIFIER, b"\1\2\3"))
        assert broken.authority_key_identifier is None

    def test_extension_given_twice_is_unreadable(self) -> None:
        certificate = doctor_of("ecdsa").certificate
        raw = extension(oids.KEY_USAGE, w.bit_string(b"\xc0", 6))
        with pytest.raises(Unreadable):
            with_extensions(certificate, [raw, raw])

    @pytest.mark.parametrize(
        ("bits", "uses"),
        [
            (b"\xc0", {KeyUsage.DIGITAL_SIGNATURE, KeyUsage.NON_REPUDIATION}),
            (b"\0\0\0\x06", {KeyUsage.KEY_CERT_SIGN, KeyUsage.CRL_SIGN}),
            (b"\x08\x80", {KeyUsage.KEY_AGREEMENT, KeyUsage.DECIPHER_ONLY}),
        ],
    )
    def test_key_usage_in_every_form_that_was_seen_is_read(self, bits: bytes, uses: set[KeyUsage]) -> None:
        certificate = with_extension(doctor_of("ecdsa").certificate, extension(oids.KEY_USAGE, w.bit_string(bits)))
        assert certificate.key_usage == uses

    def test_name_with_other_string_types_and_spaces_is_the_same_name(self) -> None:
        def name(value: bytes) -> Name:
            return Name.read(der.read(w.sequence(w.set_of(w.sequence(w.oid(oids.COMMON_NAME), value)))))

        assert name(w.utf8("Center  A")).attributes == name(w.printable("Center A")).attributes


class TestStatements:
    def test_doctor_has_a_qualified_certificate_and_a_service_has_not(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        assert doctor.certificate.is_qualified
        assert not doctor.certificate.is_on_device
        assert not authority.issuing.certificate.is_qualified

    def test_european_statements_are_read_too(self) -> None:
        kinds = w.sequence(w.oid(oids.QC_TYPE), w.sequence(w.oid(oids.QC_TYPE_SEAL)))
        value = w.sequence(w.sequence(w.oid(oids.QC_COMPLIANCE)), w.sequence(w.oid(oids.QC_DEVICE)), kinds)
        found = with_extension(doctor_of("ecdsa").certificate, extension(oids.QC_STATEMENTS, value))
        assert (found.is_qualified, found.is_on_device, found.identity.is_seal) == (True, True, True)
        assert found.identity.is_legal

    def test_person_is_natural_and_an_organisation_is_legal(self) -> None:
        authority = centre("ecdsa")
        clinic = Subject(organization="Амбулаторія", edrpou="22222222", is_seal=True)
        issued = authority.issue(clinic, valid_from=NOW, valid_to=NOW + YEAR)
        assert issued.certificate.identity.is_legal
        assert not doctor_of("ecdsa").certificate.identity.is_legal

    def test_addresses_of_services_are_read_and_broken_ones_count_as_absent(self) -> None:
        certificate = doctor_of("ecdsa").certificate
        address = w.implicit(6, b"http://ocsp.example")
        access = w.sequence(w.sequence(w.oid(oids.ACCESS_OCSP), address))
        points = w.sequence(w.sequence(w.explicit(0, w.explicit(0, w.implicit(6, b"http://crl.example")))))
        found = with_extensions(
            certificate,
            [extension(oids.AUTHORITY_INFORMATION_ACCESS, access), extension(oids.CRL_DISTRIBUTION_POINTS, points)],
        )
        assert found.urls(oids.ACCESS_OCSP) == ("http://ocsp.example",)
        assert found.urls(oids.ACCESS_TIMESTAMPS) == ()
        assert found.list_urls == ("http://crl.example",)
        broken = with_extension(certificate, extension(oids.AUTHORITY_INFORMATION_ACCESS, b"\x30\x05\1"))
        assert broken.urls(oids.ACCESS_OCSP) == ()

    def test_critical_condition_that_nobody_checks_ends_the_chain(self) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        constraints = extension("2.5.29.30", w.sequence(), critical=True)
        found = with_extension(doctor.certificate, constraints)
        with pytest.raises(Unsupported, match=r"2\.5\.29\.30"):
            authority.trust.chain(found)


class TestRenewal:
    def test_of_two_certificates_of_one_key_the_one_valid_at_the_moment_is_taken(self) -> None:
        """An authority whose certificate ended gets another one for the same name and key."""
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        old = authority.issuing
        above = Authority(authority.scheme, random.Random(3).randbytes, authority.root, authority.root)
        profile = Profile(frozenset({KeyUsage.KEY_CERT_SIGN}), is_authority=True)
        ended = above.certify(
            old.certificate.subject.raw, profile, validity=(NOW - 5 * YEAR, NOW - 4 * YEAR), key=old.key
        )
        for order in ([ended.certificate, old.certificate], [old.certificate, ended.certificate]):
            trust = TrustList([authority.root.certificate, *order])
            data = sign(b"x", doctor.key, doctor.certificate, at=NOW)
            assert verify(data, trust, at=NOW).signers[0].chain[1] == old.certificate


class TestTrustList:
    def test_one_file_with_a_bundle_is_a_trust_list_too(self, tmp_path: Path) -> None:
        authority = centre("ecdsa")
        bundle = signed_data(oids.DATA, None, authority.certificates, [], authority.digest)
        (tmp_path / "CACertificates.p7b").write_bytes(bundle)
        assert set(TrustList.from_folder(tmp_path / "CACertificates.p7b").certificates) == set(authority.certificates)

    def test_folder_with_all_kinds_of_files_is_read_whole(self, tmp_path: Path) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        root, issuing = authority.certificates
        (tmp_path / "a.cer").write_bytes(root.der)
        pem = b"-----BEGIN CERTIFICATE-----\n" + encodebytes(issuing.der) + b"-----END CERTIFICATE-----\n"
        (tmp_path / "b.PEM").write_bytes(pem)
        bundle = signed_data(oids.DATA, None, [doctor.certificate, root], [], authority.digest)
        (tmp_path / "CACertificates.p7b").write_bytes(bundle)
        (tmp_path / "readme.txt").write_text("no certificate")
        assert set(TrustList.from_folder(tmp_path).certificates) == {root, issuing, doctor.certificate}

    def test_folder_with_a_broken_file_is_refused_with_its_name(self, tmp_path: Path) -> None:
        (tmp_path / "broken.cer").write_bytes(b"not a certificate")
        with pytest.raises(Unreadable, match=r"broken\.cer"):
            TrustList.from_folder(tmp_path)


class TestAuthority:
    def test_made_from_the_same_bytes_is_the_same(self, authority: Authority) -> None:
        again = Authority.create(
            "Випробувальний центр", scheme=authority.scheme, random=random.Random(7).randbytes, at=NOW - YEAR
        )
        assert again.certificates == authority.certificates

    def test_saved_and_loaded_issues_what_the_first_one_trusts(self, authority: Authority, tmp_path: Path) -> None:
        authority.save(tmp_path / "centre")
        loaded = Authority.load(tmp_path / "centre", random=random.Random(8).randbytes)
        issued = loaded.issue(Subject("Франко", "Іван", "4444444444"), valid_from=NOW, valid_to=NOW + YEAR)
        data = sign(b"x", issued.key, issued.certificate, at=NOW)
        assert verify(data, authority.trust, at=NOW).signers[0].identity.surname == "Франко"
        assert {file.stat().st_mode & 0o077 for file in (tmp_path / "centre").glob("*.key")} == {0}

    def test_key_of_one_person_may_get_another_certificate(self, authority: Authority, doctor: Issued) -> None:
        again = authority.issue(Subject("Франко", "Іван"), valid_from=NOW, valid_to=NOW + YEAR, key=doctor.key)
        assert again.certificate.public_bits == doctor.certificate.public_bits
        assert again.certificate.serial_number != doctor.certificate.serial_number

    def test_of_an_unknown_scheme_is_refused(self) -> None:
        with pytest.raises(Unsupported):
            Authority.create("А", scheme="gost-2012", random=random.Random(1).randbytes, at=NOW)


def with_extension(certificate: Certificate, raw: bytes) -> Certificate:
    return with_extensions(certificate, [raw])


def with_extensions(certificate: Certificate, raw: list[bytes]) -> Certificate:
    """The certificate with other extensions; its signature no longer fits, which parsing does not care about."""
    body, algorithm, signature = der.read(certificate.der).children
    kept = [node.raw for node in body.children if node.context != 3]
    changed = w.sequence(*kept, w.explicit(3, w.sequence(*raw)))
    return Certificate.parse(w.sequence(changed, algorithm.raw, signature.raw))
