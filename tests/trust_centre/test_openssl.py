"""What openssl, which knows nothing of us, says of the ECDSA family: certificates, OCSP, timestamps, lists, PKCS#12."""

import base64
import shutil
import subprocess
from pathlib import Path

import pytest

from esoz.trust_centre import Centre, Family

from .conftest import DOCTOR, NOW, Operator, as_pem, certificate

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
AT = str(int(NOW.timestamp()) + 5)


def openssl(folder: Path, *arguments: str, fails: bool = False) -> str:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
    said = done.stdout.decode() + done.stderr.decode()
    assert (done.returncode != 0) == fails, said
    return said


@pytest.fixture
def folder(tmp_path: Path, centre: Centre) -> Path:
    """The authorities of the family as PEM files."""
    authority = centre.houses[Family.ECDSA].authority
    (tmp_path / "root.pem").write_text(as_pem(authority.root.certificate))
    (tmp_path / "issuing.pem").write_text(as_pem(authority.issuing.certificate))
    return tmp_path


CHAIN = ("-CAfile", "root.pem", "-untrusted", "issuing.pem", "-attime", AT)


class TestOpenSSL:
    async def test_certificate_verifies_and_its_key_file_opens(self, operator: Operator, folder: Path) -> None:
        data = await operator.issue(password="secret")
        (folder / "my.pem").write_text(as_pem(certificate(data)))
        (folder / "key.p12").write_bytes(base64.b64decode(data["key_file"]["content"]))
        assert "my.pem: OK" in openssl(folder, "verify", *CHAIN, "my.pem")
        text = openssl(folder, "x509", "-in", "my.pem", "-noout", "-text")
        assert "OCSP - URI:http://ca.test:8450/services/ocsp/" in text
        assert "URI:http://ca.test:8450/crl/ecdsa-delta.crl" in text
        assert "BEGIN PRIVATE KEY" in openssl(folder, "pkcs12", "-in", "key.p12", "-passin", "pass:secret", "-nodes")

    @pytest.mark.parametrize("hashed", ["-sha1", "-sha256"])
    async def test_ocsp_good_then_revoked(self, operator: Operator, folder: Path, hashed: str) -> None:
        data = await operator.issue()
        (folder / "my.pem").write_text(as_pem(certificate(data)))
        asked = ("-issuer", "issuing.pem", hashed, "-cert", "my.pem")
        openssl(folder, "ocsp", *asked, "-reqout", "request.der")
        for expected in ("my.pem: good", "my.pem: revoked"):
            headers = {"Content-Type": "application/ocsp-request"}
            body = (folder / "request.der").read_bytes()
            answer = await operator.http.post("/services/ocsp/", content=body, headers=headers)
            (folder / "answer.der").write_bytes(answer.content)
            checked = ("-no_nonce", "-reqin", "request.der", "-respin", "answer.der", "-CAfile", "root.pem")
            said = openssl(
                folder,
                "ocsp",
                *asked,
                *checked,
                "-verify_other",
                "issuing.pem",
                "-attime",
                AT,
                "-validity_period",
                "2000000000",
            )
            assert "Response verify OK" in said and expected in said
            await operator.revoke(data["id"])

    async def test_timestamp_verifies(self, operator: Operator, folder: Path) -> None:
        (folder / "text").write_bytes(b"text")
        openssl(folder, "ts", "-query", "-data", "text", "-sha512", "-cert", "-out", "request.tsq")
        headers = {"Content-Type": "application/timestamp-query"}
        body = (folder / "request.tsq").read_bytes()
        answer = await operator.http.post("/services/tsp/", content=body, headers=headers)
        (folder / "answer.tsr").write_bytes(answer.content)
        said = openssl(folder, "ts", "-verify", "-queryfile", "request.tsq", "-in", "answer.tsr", *CHAIN)
        assert "Verification: OK" in said
        (folder / "text").write_bytes(b"other")
        openssl(folder, "ts", "-verify", "-data", "text", "-in", "answer.tsr", *CHAIN, fails=True)

    async def test_lists_verify_and_name_the_revoked_one(self, operator: Operator, folder: Path) -> None:
        data = await operator.issue()
        (folder / "my.pem").write_text(as_pem(certificate(data)))
        await operator.revoke(data["id"])
        for name in ("ecdsa", "ecdsa-delta"):
            (folder / f"{name}.crl").write_bytes((await operator.http.get(f"/crl/{name}.crl")).content)
            openssl(folder, "crl", "-inform", "DER", "-in", f"{name}.crl", "-out", f"{name}.pem")
            said = openssl(folder, "crl", "-in", f"{name}.pem", "-CAfile", "issuing.pem", "-noout", "-text")
            assert "verify OK" in said and data["serial_number"].upper() in said.replace(":", "")
        said = openssl(folder, "verify", *CHAIN, "-crl_check", "-CRLfile", "ecdsa.pem", "my.pem", fails=True)
        assert "certificate revoked" in said

    async def test_whole_chain_is_checked_by_lists(self, operator: Operator, folder: Path) -> None:
        (folder / "my.pem").write_text(as_pem(certificate(await operator.issue())))
        asked, told = ("verify", *CHAIN, "-crl_check_all", "-CRLfile", "lists.pem", "my.pem"), ""
        for name, fails in (("ecdsa", True), ("ecdsa-root", False)):
            (folder / "list.crl").write_bytes((await operator.http.get(f"/crl/{name}.crl")).content)
            told += openssl(folder, "crl", "-inform", "DER", "-in", "list.crl")
            (folder / "lists.pem").write_text(told)
            said = openssl(folder, *asked, fails=fails)
            assert ("unable to get certificate CRL" if fails else "my.pem: OK") in said

    async def test_request_made_by_openssl_is_certified(self, operator: Operator, folder: Path) -> None:
        openssl(
            folder,
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=x",
            "-keyout",
            "key.pem",
            "-out",
            "request.pem",
        )
        body = {"family": "ecdsa", "identity": DOCTOR, "request": (folder / "request.pem").read_text()}
        made = certificate((await operator.post("/api/enrolments", body)).json()["data"])
        (folder / "my.pem").write_text(as_pem(made))
        (folder / "text").write_bytes(b"text")
        signing = ("-signer", "my.pem", "-inkey", "key.pem", "-outform", "DER", "-out", "text.p7s", "-md", "sha256")
        content = ("-nodetach", "-certfile", "issuing.pem", "-in", "text")
        openssl(folder, "cms", "-sign", "-cades", "-binary", *content, *signing)
        assert "text" in openssl(
            folder,
            "cms",
            "-verify",
            "-inform",
            "DER",
            "-in",
            "text.p7s",
            "-purpose",
            "any",
            "-CAfile",
            "root.pem",
            "-attime",
            AT,
        )

    async def test_bundle_is_read(self, operator: Operator, folder: Path) -> None:
        (folder / "all.p7b").write_bytes((await operator.http.get("/ca/CACertificates.p7b")).content)
        said = openssl(folder, "pkcs7", "-inform", "DER", "-in", "all.p7b", "-print_certs")
        assert said.count("BEGIN CERTIFICATE") == 12
