"""The public services: OCSP, timestamps, lists, files; with our own reader for every family, bounded and clear."""

import base64
import random
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.signature import (
    Certificate,
    OcspAnswer,
    RevocationList,
    Revoked,
    Timestamp,
    TrustList,
    algorithms,
    der,
    hashes,
    oids,
)
from esoz.signature import der_writer as w
from esoz.signature.trust import read_certificates
from esoz.trust_centre import Centre, Family

from .conftest import NOW, Operator, certificate

OCSP, TSP = "/services/ocsp/", "/services/tsp/"
NONCE = w.octet_string(bytes(range(16)))


def asks(issuer: Certificate, *serials: int, digest: str = oids.SHA1, nonce: bytes = b"") -> bytes:
    """OCSPRequest."""
    named = [
        w.octet_string(hashes.digest(digest, data, issuer.public_key.sbox))
        for data in (issuer.subject.raw, issuer.public_bits)
    ]
    questions = [w.sequence(w.sequence(algorithms.identifier(digest), *named, w.integer(serial))) for serial in serials]
    extension = w.sequence(w.oid(oids.OCSP_NONCE), w.octet_string(nonce))
    extensions = w.explicit(2, w.sequence(extension)) if nonce else b""
    return w.sequence(w.sequence(w.sequence(*questions), extensions))


async def ask(operator: Operator, body: bytes, type: str = "application/ocsp-request") -> httpx.Response:
    return await operator.http.post(OCSP, content=body, headers={"Content-Type": type})


def refused(answer: httpx.Response) -> int:
    """OCSPResponseStatus of an answer without an answer."""
    assert answer.headers["content-type"] == "application/ocsp-response"
    return der.read(answer.content).only().content[0]


class TestOCSP:
    @pytest.mark.parametrize("digest", [oids.SHA1, oids.SHA256, oids.GOST_34311, oids.KUPYNA_256])
    async def test_good_then_said_so_by_the_appointed_service(
        self, operator: Operator, trust: TrustList, family: str, digest: str
    ) -> None:
        made = certificate(await operator.issue(family))
        issuer = trust.chain(made)[1]
        answer = await ask(operator, asks(issuer, made.serial_number, digest=digest))
        parsed = OcspAnswer.parse(answer.content)
        parsed.must_be_from(issuer, trust)
        parsed.must_confirm(made, issuer, at=NOW)
        assert parsed.statuses[0].next_update == NOW + timedelta(seconds=60)
        assert answer.headers["cache-control"] == "no-store"

    async def test_revoked_then_since_when_and_why(self, operator: Operator, trust: TrustList, family: str) -> None:
        data = await operator.issue(family)
        await operator.revoke(data["id"], "key_compromise")
        made = certificate(data)
        issuer = trust.chain(made)[1]
        parsed = OcspAnswer.parse((await ask(operator, asks(issuer, made.serial_number))).content)
        assert (parsed.statuses[0].revoked_since, parsed.statuses[0].reason) == (NOW, 1)
        with pytest.raises(Revoked):
            parsed.must_confirm(made, issuer, at=NOW)

    async def test_never_issued_then_unknown(self, operator: Operator, centre: Centre) -> None:
        parsed = OcspAnswer.parse((await ask(operator, asks(centre.houses[Family.GOST].issuer, 12345))).content)
        assert not parsed.statuses[0].is_known

    async def test_other_family_in_the_same_request_then_unknown(self, operator: Operator, centre: Centre) -> None:
        gost, ecdsa = centre.houses[Family.GOST].issuer, certificate(await operator.issue("ecdsa"))
        mixed = asks(gost, ecdsa.serial_number)
        parsed = OcspAnswer.parse((await ask(operator, mixed)).content)
        assert not parsed.statuses[0].is_known

    @pytest.mark.parametrize("kind", ["application/tsp-request", "Application/Timestamp-Query; charset=x"])
    async def test_type_that_other_clients_send_is_taken(self, operator: Operator, kind: str) -> None:
        answer = await stamp(operator, wants(oids.SHA256, b"text"), kind=kind)
        assert Timestamp.read(der.read(answer.content).children[1]).moment == NOW

    async def test_nonce_is_echoed(self, operator: Operator, trust: TrustList) -> None:
        made = certificate(await operator.issue())
        body = asks(trust.chain(made)[1], made.serial_number, nonce=NONCE)
        answer = await ask(operator, body)
        assert w.sequence(w.oid(oids.OCSP_NONCE), w.octet_string(NONCE)) in OcspAnswer.parse(answer.content).signed

    async def test_get_then_the_same_and_may_be_kept(self, operator: Operator, trust: TrustList) -> None:
        made = certificate(await operator.issue())
        issuer = trust.chain(made)[1]
        encoded = quote(base64.b64encode(asks(issuer, made.serial_number)), safe="")
        answer = await operator.http.get(OCSP + encoded)
        OcspAnswer.parse(answer.content).must_confirm(made, issuer, at=NOW)
        assert answer.headers["cache-control"] == "public, no-transform, max-age=60"

    async def test_of_an_unknown_authority_then_unauthorized(self, operator: Operator) -> None:
        key = random.Random(1).randbytes(20)
        named = w.sequence(algorithms.identifier(oids.SHA1), w.octet_string(key), w.octet_string(key), w.integer(1))
        assert refused(await ask(operator, w.sequence(w.sequence(w.sequence(w.sequence(named)))))) == 6

    @pytest.mark.parametrize("body", [b"", b"nonsense", w.sequence(), w.sequence(w.sequence(w.sequence()))])
    async def test_unreadable_then_malformed(self, operator: Operator, body: bytes) -> None:
        assert refused(await ask(operator, body)) == 1
        assert refused(await operator.http.get(OCSP + (quote(base64.b64encode(body), safe="") or "*"))) == 1

    async def test_too_many_questions_or_a_long_nonce_then_malformed(self, operator: Operator, centre: Centre) -> None:
        issuer = centre.houses[Family.ECDSA].issuer
        assert refused(await ask(operator, asks(issuer, *range(1, 34)))) == 1
        assert refused(await ask(operator, asks(issuer, 1, nonce=bytes(200)))) == 1
        assert OcspAnswer.parse((await ask(operator, asks(issuer, *range(1, 33)))).content).statuses

    async def test_wrong_type_size_and_method_then_http_says_so(self, operator: Operator) -> None:
        assert (await ask(operator, b"x", "text/plain")).status_code == 415
        assert (await ask(operator, bytes(17_000))).status_code == 413
        refusal = await operator.http.put(OCSP, content=b"")
        assert (refusal.status_code, refusal.headers["allow"]) == (405, "GET, POST")

    async def test_database_away_then_try_later(self, operator: Operator, centre: Centre, monkeypatch: Any) -> None:
        def away() -> None:
            raise OSError

        monkeypatch.setattr(operator.app.database, "connection", away)
        assert refused(await ask(operator, asks(centre.houses[Family.GOST].issuer, 1))) == 3
        assert (await operator.http.get("/crl/ecdsa.crl")).status_code == 503


def wants(digest: str, message: bytes, *more: bytes, version: int = 1) -> bytes:
    """TimeStampReq."""
    imprint = w.sequence(algorithms.identifier(digest), w.octet_string(hashes.digest(digest, message)))
    return w.sequence(w.integer(version), imprint, *more)


async def stamp(
    operator: Operator, body: bytes, path: str = TSP, *, kind: str = "application/timestamp-query"
) -> httpx.Response:
    return await operator.http.post(path, content=body, headers={"Content-Type": kind})


def fault(answer: httpx.Response) -> int:
    """The number of the bit in PKIFailureInfo."""
    status, failure = der.read(answer.content).only().children
    assert status.integer() == 2
    bits = failure.bits()
    return next(place for place in range(len(bits) * 8) if bits[place // 8] << place % 8 & 0x80)


class TestTimestamps:
    @pytest.mark.parametrize(
        ("digest", "expected"),
        [(oids.GOST_34311, "dstu-gost"), (oids.KUPYNA_512, "dstu-kupyna"), (oids.SHA384, "ecdsa")],
    )
    async def test_hash_chooses_the_family(
        self, operator: Operator, centre: Centre, trust: TrustList, digest: str, expected: str
    ) -> None:
        answer = await stamp(operator, wants(digest, b"text", w.boolean(True)))
        status, token = der.read(answer.content).children
        found = Timestamp.read(token)
        service = found.token.certificates[0]
        found.must_cover(b"text", service.public_key.sbox)
        found.must_be_from(service)
        assert trust.chain(service)[1] == centre.houses[Family(expected)].issuer
        assert (status.only().integer(), found.moment) == (0, NOW)

    async def test_family_in_the_path_then_that_one_signs(self, operator: Operator, centre: Centre) -> None:
        answer = await stamp(operator, wants(oids.SHA256, b"text"), f"{TSP}dstu-kupyna/")
        found = Timestamp.read(der.read(answer.content).children[1])
        assert found.token.certificates == ()
        found.must_be_from(centre.houses[Family.KUPYNA].tsp.certificate)

    @pytest.mark.parametrize("kind", ["application/tsp-request", "Application/Timestamp-Query; charset=x"])
    async def test_type_that_other_clients_send_is_taken(self, operator: Operator, kind: str) -> None:
        answer = await stamp(operator, wants(oids.SHA256, b"text"), kind=kind)
        assert Timestamp.read(der.read(answer.content).children[1]).moment == NOW

    async def test_nonce_is_echoed_and_numbers_differ(self, operator: Operator) -> None:
        body = wants(oids.SHA256, b"text", w.integer(987654321))
        tokens = [Timestamp.read(der.read((await stamp(operator, body)).content).children[1]) for _ in range(2)]
        assert all(w.integer(987654321) in (token.token.content or b"") for token in tokens)
        assert tokens[0].serial_number != tokens[1].serial_number

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            (b"nonsense", 5),
            (wants(oids.SHA1, b"text"), 0),
            (wants(oids.SHA256, b"text", version=2), 2),
            (wants(oids.SHA256, b"text", w.oid("1.2.3")), 15),
            (wants(oids.SHA256, b"text", w.explicit(0, w.sequence())), 16),
            (w.sequence(w.integer(1), w.sequence(algorithms.identifier(oids.SHA256), w.octet_string(b"x"))), 5),
            (wants(oids.SHA256, b"text", w.integer(1 << 600)), 2),
        ],
    )
    async def test_what_is_not_granted_then_says_why(self, operator: Operator, body: bytes, expected: int) -> None:
        answer = await stamp(operator, body)
        assert answer.headers["content-type"] == "application/timestamp-reply"
        assert fault(answer) == expected

    async def test_wrong_type_size_method_and_family_then_http_says_so(self, operator: Operator) -> None:
        assert (await operator.http.post(TSP, content=b"x")).status_code == 415
        assert (await stamp(operator, bytes(17_000))).status_code == 413
        assert (await operator.http.get(TSP)).status_code == 405
        assert (await stamp(operator, b"x", f"{TSP}rsa/")).status_code == 404


class TestFiles:
    async def test_bundle_has_all_authorities_and_services(self, operator: Operator, centre: Centre) -> None:
        answer = await operator.http.get("/ca/CACertificates.p7b")
        found = set(read_certificates(answer.content))
        assert answer.headers["content-type"] == "application/x-pkcs7-certificates"
        assert found == {part.certificate for house in centre.houses.values() for part in house.parts.values()}

    async def test_each_certificate_alone(self, operator: Operator, centre: Centre, family: str) -> None:
        for role, part in centre.houses[Family(family)].parts.items():
            answer = await operator.http.get(f"/ca/{family}-{role}.cer")
            assert answer.content == part.certificate.der

    async def test_folder_of_downloads_is_a_trust_list(self, operator: Operator, family: str, tmp_path: Path) -> None:
        (tmp_path / f"{family}.p7b").write_bytes((await operator.http.get(f"/ca/{family}.p7b")).content)
        trust = TrustList.from_folder(tmp_path)
        assert len(trust.chain(certificate(await operator.issue(family)))) == 3

    async def test_configuration_names_issuers_and_services(self, operator: Operator) -> None:
        rows = (await operator.http.get("/CAs.json")).json()
        assert len(rows) == 3
        assert rows[0]["issuerCNs"] == ["Навчальний надавач довірчих послуг ЕСОЗ"]
        assert (rows[0]["ocspAccessPointAddress"], rows[0]["ocspAccessPointPort"]) == ("ca.test/services/ocsp/", "8450")

    async def test_list_of_the_root_is_that_of_its_day_and_named_in_the_certificate_below(
        self, operator: Operator, clock: FixedClock, centre: Centre, family: str
    ) -> None:
        path = f"/crl/{family}-root.crl"
        root, issuing = centre.houses[Family(family)].authority.certificates
        data = (await operator.http.get(path)).content
        found = RevocationList.parse(data)
        found.must_be_signed_by(root)
        assert found.speaks_of(issuing) and found.is_current(clock.now()) and not found.entries
        assert issuing.list_urls == (f"http://ca.test:8450{path}",)
        assert (await operator.http.get(path)).content == data
        clock.forward(timedelta(days=1))
        assert RevocationList.parse((await operator.http.get(path)).content).number == found.number + 1

    @pytest.mark.parametrize(
        "path",
        ["/crl/rsa.crl", "/crl/ecdsa", "/crl/ecdsa-delta-root.crl", "/ca/other.cer", "/certificates/00", "/services/x"],
    )
    async def test_what_is_not_there_then_404(self, operator: Operator, path: str) -> None:
        assert (await operator.http.get(path)).status_code == 404

    @pytest.mark.parametrize("path", ["/crl/ecdsa.crl", "/ca/ecdsa-root.cer", "/certificates/00"])
    async def test_other_methods_then_405(self, operator: Operator, path: str) -> None:
        assert (await operator.http.delete(path)).status_code == 405

    async def test_health_and_metrics(self, operator: Operator, clock: FixedClock) -> None:
        assert (await operator.http.get("/health/ready")).text == "ready"
        await operator.http.get("/crl/ecdsa.crl")
        assert 'operation="trust_centre crl"' in (await operator.http.get("/metrics")).text
