"""Every vector of index.json gives its expected result. The files are made by others and stay outside."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esoz.signature import (
    Authority,
    Certificate,
    Dstu4145Key,
    Level,
    OcspAnswer,
    RevocationList,
    SignatureError,
    Timestamp,
    TrustList,
    Unreadable,
    WrongContent,
    WrongSignature,
    accelerated,
    cms,
    der,
    examine,
    hashes,
    open_key_file,
    verify,
)
from esoz.signature.certificate import unarmor
from esoz.signature.signer_info import must_fit, signer_certificate
from esoz.signature.trust import read_certificates

from .centre import NO_VECTORS, NOW, centre, index
from .services import OcspService, TimestampService

Check = Callable[[Path], None]
DIIA, JKURWA, CENTRE = (datetime(*day, 12, tzinfo=UTC) for day in ((2023, 9, 20), (2018, 11, 1), (2026, 11, 22)))
DIIA_CERTIFICATES = "real/uapki/certs"
QUICK_FOX = b"The quick brown fox jumps over the lazy dog"


def trust(*sources: Path) -> TrustList:
    files = [file for source in sources for file in (sorted(source.glob("*.cer")) if source.is_dir() else [source])]
    return TrustList(certificate for file in files for certificate in read_certificates(file.read_bytes()))


def diia(content: str | None = None, *, proven: bool = False, expected: bytes | None = QUICK_FOX) -> Check:
    """Signed with the Diia test key; `content` is the file of a detached document."""

    def check(file: Path) -> None:
        root = file.parents[2] if "uapki" in file.parts else file.parents[1]
        document = None if content is None else (root / content).read_bytes()
        result = verify(file.read_bytes(), trust(root / DIIA_CERTIFICATES), at=DIIA, content=document)
        (signer,) = result.signers
        assert expected is None or result.content == expected
        assert signer.identity.edrpou == "43395033"
        assert len(signer.chain) == 3
        assert (signer.proven_at is not None) == proven

    return check


def diia_hello(content: bytes | None = None) -> Check:
    def check(file: Path) -> None:
        certificates = trust(file.parents[1] / DIIA_CERTIFICATES)
        result = verify(file.read_bytes(), certificates, at=DIIA, content=content)
        assert result.content
        assert result.signers[0].identity.edrpou == "43395033"

    return check


def of_centre(scheme: str, *, proven: bool) -> Check:
    """Signed by a person of a test centre; CAdES-T and above carry timestamps."""

    def check(file: Path) -> None:
        roots = trust(*(file.parent / f"tca-{scheme}-{role}.cer" for role in ("root", "ca", "tsp")))
        (signer,) = verify(file.read_bytes(), roots, at=CENTRE).signers
        assert signer.identity.drfo == "3126509816"
        assert (signer.proven_at is not None) == proven
        assert signer.level == file.stem.rpartition("-")[2]
        # Years later only a timestamp keeps the signature valid; long-term ones prove that it was not revoked then.
        later = examine(file.read_bytes(), roots, at=CENTRE + timedelta(days=3650))
        assert later.is_valid == proven
        assert later.findings[0].signer.is_revocation_known == (signer.level in (Level.XL, Level.A))

    return check


def issued_by(issuer: str) -> Check:
    def check(file: Path) -> None:
        certificate = Certificate.parse(file.read_bytes())
        assert certificate.identity
        certificate.must_be_signed_by(Certificate.parse((file.parent / issuer).read_bytes()))

    return check


def parsed(file: Path) -> None:
    certificate = Certificate.parse(file.read_bytes())
    assert certificate.subject.attributes
    assert certificate.public_key
    assert certificate.identity


def signers(count: int) -> Check:
    """The issuers are not among the vectors, so the signers' own certificates are believed."""

    def check(file: Path) -> None:
        data = file.read_bytes()
        signed = cms.read(data)
        pinned = TrustList(signed.certificates)
        begin = max(certificate.not_before for certificate in pinned.certificates)
        assert len(signed.signers) == count
        if begin < min(certificate.not_after for certificate in pinned.certificates):
            assert len(verify(data, pinned, at=begin + timedelta(days=1)).signers) == count
            return
        # The certificates were never valid all at once; the signatures are still right.
        for info in signed.signers:
            must_fit(
                info,
                signer_certificate(info, signed.certificates),
                hashes.Message(signed.content or b""),
                signed.content_type,
            )

    return check


def self_signed(content: bytes | None = None) -> Check:
    def check(file: Path) -> None:
        result = verify(file.read_bytes(), trust(file.parent / "SELF_SIGNED1.cer"), at=JKURWA, content=content)
        assert result.content == b"123"

    return check


def refused(kind: type[SignatureError], content: str | None = None) -> Check:
    def check(file: Path) -> None:
        root = file.parents[2] if "uapki" in file.parts else file.parents[1]
        document = None if content is None else (root / content).read_bytes()
        with pytest.raises(kind):
            verify(file.read_bytes(), trust(root / DIIA_CERTIFICATES), at=DIIA, content=document)

    return check


def not_signed(file: Path) -> None:
    with pytest.raises(Unreadable):
        verify(file.read_bytes(), TrustList([]), at=DIIA)


def key_file(password: str, count: int, certificates: str | None = None) -> Check:
    def check(file: Path) -> None:
        opened = open_key_file(file.read_bytes(), password)
        assert len(opened.entries) == count
        if certificates:
            found = trust(file.parents[2] / certificates)
            key, certificate = opened.with_certificates(found.certificates).signing
            assert certificate.identity.is_seal
            assert key.public_bits == certificate.public_bits

    return check


def slow_key_file(password: str, count: int, certificates: str | None = None) -> Check:
    """10,000 rounds of HMAC-GOST for each key: many seconds in pure Python."""

    def check(file: Path) -> None:
        if not accelerated:
            pytest.skip("without the C accelerator this key file takes many seconds to open")
        key_file(password, count, certificates)(file)

    return check


def revocations(issuer: str, *, delta: bool) -> Check:
    def check(file: Path) -> None:
        found = RevocationList.parse(file.read_bytes())
        found.must_be_signed_by(Certificate.parse((file.parent / issuer).read_bytes()))
        assert found.is_delta == delta

    return check


def raw_key(certificate: str) -> Check:
    def check(file: Path) -> None:
        owner = Certificate.parse((file.parent / certificate).read_bytes())
        secret = int.from_bytes(file.read_bytes(), "little")
        assert Dstu4145Key(owner.public_key.curve, secret).public_bits == owner.public_bits

    return check


def revoked_by_ocsp(file: Path) -> None:
    answer = OcspAnswer.parse(file.read_bytes())
    responder = answer.certificates[0]
    responder.public_key.verify(answer.signature_algorithm, None, answer.signed, answer.signature)
    assert [status.revoked_since is not None for status in answer.statuses] == [True]


def own_centre() -> Authority:
    return centre("dstu-gost")


def timestamp_request(file: Path) -> None:
    """Our service answers a request made by others and repeats their imprint."""
    request = file.read_bytes()
    response = der.read(TimestampService.create(own_centre(), at=NOW).answer(request, at=NOW))
    token = Timestamp.read(response.children[1])
    assert token.imprint in request
    assert token.moment == NOW


def ocsp_request(file: Path) -> None:
    """Our service answers a request made by others about the very certificates it names."""
    request = file.read_bytes()
    answer = OcspAnswer.parse(OcspService.create(own_centre(), at=NOW).answer(request, {}, at=NOW))
    assert answer.statuses
    assert all(status.identifier.key_digest in request for status in answer.statuses)


def private_key(file: Path) -> None:
    assert open_key_file(file.read_bytes(), "").entries


def refused_private_key(file: Path) -> None:
    """The secret number of this test key is above the order of its curve."""
    with pytest.raises(Unreadable):
        open_key_file(file.read_bytes(), "")


def bundle(file: Path) -> None:
    assert len(read_certificates(file.read_bytes())) == 4


def elsewhere(file: Path) -> None:
    """Content of a detached signature, or a message that is no signature: used by other entries or only readable."""
    assert file.read_bytes()


def checks() -> dict[str, Check]:
    table: dict[str, Check] = {
        "real/uapki/v1.p7s": diia(),
        "real/uapki/v2.p7s": diia(proven=True),
        "real/uapki/v3.p7s": diia(),
        "real/uapki/v4.p7s": diia("real/uapki/v4.content"),
        "real/uapki/v4.content": elsewhere,
        "real/uapki/v5.p7s": refused(WrongContent, "real/uapki/v5.content"),
        "real/uapki/v5.content": elsewhere,
        "real/keys/test-diia.p12": slow_key_file("testpassword", 2, DIIA_CERTIFICATES),
        "real/keys/pkcs12_by_iit.pfx": slow_key_file("123456", 2),
        "real/keys/test-rsa.jks": key_file("testpassword", 1),
        "real/ca-certs/CAO-2026.cer": issued_by("CAO-2026.cer"),
        "generated/jkurwa-det.json": elsewhere,
        "generated/jkurwa-det.p7s": diia("generated/jkurwa-det.json", expected=None),
        "generated/chromium-bes.p7s": diia_hello(),
        "generated/jkurwa-bes.p7s": diia_hello(),
        "generated/uapki-bes-det.p7s": diia_hello(b"hello"),
        "negative/content-changed.p7s": refused(WrongContent),
        "negative/signature-bit.p7s": refused(WrongSignature),
        "negative/signing-time-changed.p7s": refused(WrongSignature),
        "negative/truncated.p7s": refused(Unreadable),
        "negative/r-zero.p7s": refused(WrongSignature),
        "negative/s-too-big.p7s": refused(WrongSignature),
    }
    table |= {f"generated/uapki-bes-{kind}.p7s": diia_hello() for kind in ("gost", "k256pb", "k384", "k512")}
    return table | _diia_certificates() | _centres() | _jkurwa() | _cryptonite()


def _diia_certificates() -> dict[str, Check]:
    root, authority = (
        f"{name}.cer"
        for name in ("CAO-05E19E2CD92EA2990100000001000000C1000000", "diia-CA-05E19E2CD92EA2990100000001000000E1000000")
    )
    issuers = {
        root: root,
        authority: root,
        "diia-2023-tsp-05E19E2CD92EA29902000000010000004A010000.cer": root,
        "diia-ocsp-3ED5083160DBC59B0200000001000000202B0F00.cer": authority,
        "diia-test-kep-7775604.cer": authority,
        "diia-test-sign-7775603.cer": authority,
    }
    crl = "BED5083160DBC59BCDDF707C10293F58BB6ED263C6EA5893D3781B61F493BE57-delta-0ABEA7.crl"
    table = {f"{DIIA_CERTIFICATES}/{file}": issued_by(issuer) for file, issuer in issuers.items()}
    return table | {f"real/uapki/{crl}": revocations(f"certs/{authority}", delta=True)}


def _centres() -> dict[str, Check]:
    table: dict[str, Check] = {}
    for scheme in ("gost", "kupyna"):
        levels = {"BES": False, "T": True, "XL": True, "A": True}
        for level, proven in levels.items():
            table[f"generated/tca-{scheme}-CAdES-{level}.p7s"] = of_centre(scheme, proven=proven)
        for role, issuer in {"root": "root", "ca": "root", "ocsp": "ca", "tsp": "ca", "signer": "ca"}.items():
            table[f"generated/tca-{scheme}-{role}.cer"] = issued_by(f"tca-{scheme}-{issuer}.cer")
    return table


def _jkurwa() -> dict[str, Check]:
    table: dict[str, Check] = {
        "CA-Justice-ECDSA-261217.cer": parsed,
        "CA-Justice-ECDSA-261217.pem": parsed,
        "CA-Justice.cer": issued_by("CZOROOT.cer"),
        "CAList.cer": bundle,
        "CZOROOT.cer": issued_by("CZOROOT.cer"),
        "SFS_1.cer": parsed,
        "KeyE54B.cer": refused_private_key,
        "STORE_A040.dat": slow_key_file("password", 1),
        "STORE_A040.pem": slow_key_file("password", 1),
        "message.p7": self_signed(),
        "message.transport": self_signed(),
        "message_detached.p7": self_signed(b"123"),
    }
    table |= dict.fromkeys(("Key40A0.cer", "Key40A0.pem", "Key6929.cer", "PRIV1.cer"), private_key)
    table |= dict.fromkeys(("clear_message.transport", "enc_message.p7", "enc_message.transport"), not_signed)
    for name in ("SELF_SIGNED1", *(f"SELF_SIGNED_ENC{tail}" for tail in ("1", "_40A0", "_6929", "_E54B"))):
        table[f"{name}.cer"] = issued_by(f"{name}.cer")
    return {f"real/jkurwa/{name}": check for name, check in table.items()}


def _cryptonite() -> dict[str, Check]:
    table: dict[str, Check] = {
        "test_cms.p7s": signers(1),
        "cms_sign_3sign_1.dat": signers(1),
        "cms_sign_3sign.pdf": signers(3),
        "cms_sign_cms1_ecdsa.dat": signers(1),
        "cms_sign_cms2_ecdsa.dat": signers(1),
        "cms_sign_cms_ecdsa_2sdata.dat": signers(2),
        "CZO-Full.crl": revocations("../jkurwa/CZOROOT.cer", delta=False),
        "CZO-Delta.crl": revocations("../jkurwa/CZOROOT.cer", delta=True),
        "ocsp_resp_for_revoked_cert.dat": revoked_by_ocsp,
        "ocsp.cer": parsed,
        "tsp_request.dat": timestamp_request,
        "oscp_request_with_sign.dat": ocsp_request,
        "pki257/delta.crl": revocations("root_certificate.cer", delta=True),
        "pki257/full.crl": revocations("root_certificate.cer", delta=False),
        "pki257/ocsp_request.der": ocsp_request,
        "pki257/tsp_request.der": timestamp_request,
    }
    for name in ("root", "ocsp", "userfiz", "userur"):
        table[f"pki257/{name}_certificate.cer"] = issued_by("root_certificate.cer")
        table[f"pki257/{name}_private_key_ba.dat"] = raw_key(f"{name}_certificate.cer")
    return {f"real/cryptonite/{name}": check for name, check in table.items()}


ENTRIES = index()


@pytest.mark.skipif(not ENTRIES, reason=NO_VECTORS)
@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["file"] for entry in ENTRIES])
def test_vector_gives_its_expected_result(entry: dict[str, str], vectors: Path) -> None:
    file = vectors / entry["file"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"]
    checks()[entry["file"]](file)


def test_pem_and_der_of_one_certificate_are_equal(vectors: Path) -> None:
    name = vectors / "real/jkurwa/CA-Justice-ECDSA-261217"
    pem, plain = (name.with_suffix(suffix).read_bytes() for suffix in (".pem", ".cer"))
    assert unarmor(pem) == plain
