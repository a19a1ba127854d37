"""openssl and this library read each other's signatures, certificates, timestamps and requests."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from esoz.signature import (
    CertificateRequest,
    Level,
    OcspRequest,
    SignatureError,
    TimestampAnswer,
    TimestampRequest,
    TrustList,
    Unsupported,
    WrongContent,
    WrongSignature,
    add_signature,
    countersign,
    examine,
    ocsp,
    open_key_file,
    requests,
    sign,
    verify,
    write_pkcs8,
)
from esoz.signature.command_line.files import armored

from .centre import NOW, centre, doctor_of
from .openssl import CONTENT, certificate, needs_openssl, now, openssl

pytestmark = needs_openssl


def signed(folder: Path, *options: str) -> bytes:
    chosen = ("-cades", "-binary", "-outform", "DER", *options)
    return openssl("cms", "-sign", "-in", "content", "-signer", "cert.pem", "-inkey", "key.pem", *chosen, folder=folder)


class TestOpensslSigns:
    @pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
    @pytest.mark.parametrize("options", [("-nodetach",), ("-nodetach", "-keyid"), ("-nodetach", "-stream"), ()])
    def test_cades_when_read_then_is_valid(self, person: Path, digest: str, options: tuple[str, ...]) -> None:
        data = signed(person, "-md", digest, *options)
        trust = TrustList([certificate(person)])
        given = None if "-nodetach" in options else CONTENT
        report = examine(data, trust, at=now(), content=given)
        assert (report.is_valid, report.level) == (True, Level.BES)
        assert report.findings[0].signer.identity.drfo == "4444444444"
        with pytest.raises(SignatureError):
            verify(data, trust, at=now(), content=CONTENT + b"!")

    def test_plain_cms_when_read_then_is_valid_and_no_cades(self, person: Path) -> None:
        data = openssl(
            "cms",
            "-sign",
            "-in",
            "content",
            "-signer",
            "cert.pem",
            "-inkey",
            "key.pem",
            "-binary",
            "-outform",
            "PEM",
            "-nodetach",
            folder=person,
        )
        report = examine(data, TrustList([certificate(person)]), at=now())
        assert (report.is_valid, report.level) == (True, Level.CMS)

    def test_sha1_when_read_then_is_unsupported(self, person: Path) -> None:
        with pytest.raises(Unsupported, match="SHA-1"):
            verify(signed(person, "-md", "sha1", "-nodetach"), TrustList([certificate(person)]), at=now())

    def test_without_certificate_when_it_is_listed_then_is_valid(self, person: Path) -> None:
        assert verify(signed(person, "-nocerts", "-nodetach"), TrustList([certificate(person)]), at=now()).signers

    def test_pss_when_read_then_is_valid(self, person: Path) -> None:
        if "rsa" not in person.name:
            pytest.skip("PSS is of RSA")
        for salt in ("digest", "20", "max"):
            options = ("-keyopt", "rsa_padding_mode:pss", "-keyopt", f"rsa_pss_saltlen:{salt}", "-nodetach")
            assert verify(signed(person, *options), TrustList([certificate(person)]), at=now()).content == CONTENT

    def test_small_rsa_key_when_read_then_is_unsupported(self, tmp_path: Path) -> None:
        openssl(
            "req",
            "-x509",
            "-nodes",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
            "-newkey",
            "rsa:1024",
            "-subj",
            "/CN=x",
            folder=tmp_path,
        )
        (tmp_path / "content").write_bytes(CONTENT)
        with pytest.raises(Unsupported):
            verify(signed(tmp_path, "-nodetach"), TrustList([certificate(tmp_path)]), at=now())


class TestOpensslVerifies:
    def check(self, folder: Path, data: bytes, *options: str) -> bytes:
        (folder / "ours.p7s").write_bytes(data)
        return openssl(
            "cms",
            "-verify",
            "-in",
            "ours.p7s",
            "-inform",
            "DER",
            "-CAfile",
            "cert.pem",
            "-binary",
            "-purpose",
            "any",
            *options,
            folder=folder,
        )

    def key(self, folder: Path):
        return open_key_file((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes(), "").signing

    def test_attached_and_detached_when_made_by_us_then_are_valid(self, person: Path) -> None:
        key, own = self.key(person)
        assert self.check(person, sign(CONTENT, key, own, at=now()), "-cades") == CONTENT
        detached = sign(CONTENT, key, own, at=now(), detached=True)
        assert self.check(person, detached, "-cades", "-content", "content") == CONTENT

    def test_parallel_and_counter_signatures_when_added_by_us_then_are_valid(self, person: Path) -> None:
        key, own = self.key(person)
        data = countersign(add_signature(signed(person, "-nodetach"), key, own, at=now()), key, own, at=now())
        assert self.check(person, data) == CONTENT
        report = examine(data, TrustList([own]), at=now())
        assert report.is_valid
        assert [len(finding.signer.counter_signers) for finding in report.findings] == [1, 1]

    def test_certificate_of_our_centre_when_verified_then_is_right(self, tmp_path: Path) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        for name, found in (
            ("root", authority.root.certificate),
            ("issuing", authority.issuing.certificate),
            ("doctor", doctor.certificate),
        ):
            (tmp_path / f"{name}.pem").write_bytes(armored("CERTIFICATE", found.der))
        moment = int(NOW.timestamp())
        assert b"OK" in openssl(
            "verify",
            "-attime",
            moment,
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            "doctor.pem",
            folder=tmp_path,
        )


class TestQuestions:
    def test_certificate_request_when_made_by_openssl_then_is_read_and_checked(self, person: Path) -> None:
        data = openssl(
            "req",
            "-new",
            "-key",
            "key.pem",
            "-subj",
            "/CN=a/O=b",
            "-addext",
            "keyUsage=digitalSignature",
            "-outform",
            "DER",
            folder=person,
        )
        found = CertificateRequest.parse(data)
        found.must_be_signed()
        assert found.subject.get("2.5.4.10") == "b"
        assert [extension.oid for extension in found.extensions] == ["2.5.29.15"]
        changed = data[:-1] + bytes((data[-1] ^ 1,))
        with pytest.raises(WrongSignature):
            CertificateRequest.parse(changed).must_be_signed()

    def test_timestamp_request_and_answer_when_made_by_openssl_then_are_read(self, tmp_path: Path) -> None:
        (tmp_path / "content").write_bytes(CONTENT)
        data = openssl("ts", "-query", "-data", "content", "-sha256", "-cert", folder=tmp_path)
        found = TimestampRequest.parse(data)
        assert found.wants_certificate
        assert TimestampRequest.parse(found.der) == found
        (tmp_path / "tsa.cnf").write_text(TSA)
        openssl(
            "req",
            "-x509",
            "-nodes",
            "-newkey",
            "rsa:2048",
            "-keyout",
            "tsa.key",
            "-out",
            "tsa.pem",
            "-subj",
            "/CN=tsa",
            "-config",
            "tsa.cnf",
            "-extensions",
            "extensions",
            folder=tmp_path,
        )
        (tmp_path / "serial").write_text("01")

        def send(question: bytes) -> bytes:
            (tmp_path / "question").write_bytes(question)
            openssl(
                "ts",
                "-reply",
                "-queryfile",
                "question",
                "-config",
                "tsa.cnf",
                "-signer",
                "tsa.pem",
                "-inkey",
                "tsa.key",
                "-out",
                "answer",
                folder=tmp_path,
            )
            return (tmp_path / "answer").read_bytes()

        answer = TimestampAnswer.parse(send(data))
        assert answer.timestamp.nonce == found.nonce
        service = answer.timestamp.token.certificates[0]
        answer.timestamp.must_be_from(service)
        answer.timestamp.must_cover(CONTENT, b"")
        with pytest.raises(WrongContent):
            answer.timestamp.must_cover(CONTENT + b"!", b"")
        assert requests.ask_timestamp(CONTENT, "2.16.840.1.101.3.4.2.1", send, nonce=5)

    def test_ocsp_request_and_answer_when_made_by_openssl_then_are_read(self, tmp_path: Path) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        issuer = authority.issuing.certificate
        for name, found in (("issuer", issuer), ("doctor", doctor.certificate)):
            (tmp_path / f"{name}.pem").write_bytes(armored("CERTIFICATE", found.der))
        (tmp_path / "issuer.key").write_bytes(write_pkcs8(authority.issuing.key, "p"))
        openssl("pkcs8", "-inform", "DER", "-in", "issuer.key", "-passin", "pass:p", "-out", "key.pem", folder=tmp_path)
        openssl("ocsp", "-issuer", "issuer.pem", "-cert", "doctor.pem", "-reqout", "question", folder=tmp_path)
        asked = OcspRequest.parse((tmp_path / "question").read_bytes())
        assert asked.questions[0].fits(doctor.certificate, issuer)
        assert asked.nonce
        serial = f"{doctor.certificate.serial_number:X}"
        (tmp_path / "index.txt").write_text(f"R\t301231000000Z\t260101000000Z\t{serial}\tunknown\t/CN=x\n")

        def send(question: bytes) -> bytes:
            (tmp_path / "question").write_bytes(question)
            openssl(
                "ocsp",
                "-index",
                "index.txt",
                "-CA",
                "issuer.pem",
                "-rsigner",
                "issuer.pem",
                "-rkey",
                "key.pem",
                "-reqin",
                "question",
                "-respout",
                "answer",
                folder=tmp_path,
            )
            return (tmp_path / "answer").read_bytes()

        answer = requests.ask_status(doctor.certificate, issuer, send)
        assert isinstance(answer, ocsp.OcspAnswer)
        assert answer.responder(issuer, authority.trust) == issuer
        assert answer.statuses[0].revoked_since == datetime(2026, 1, 1, tzinfo=UTC)


TSA = """
[req]
distinguished_name = name
[name]
[extensions]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[tsa]
default_tsa = service
[service]
serial = serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
accuracy = secs:1
ordering = yes
ess_cert_id_alg = sha256
tsa_name = yes
"""
