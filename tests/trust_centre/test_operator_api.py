"""The operator's API: issue, enrol, find, revoke; each with good and bad input."""

import asyncio
import base64
import random
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from esoz.kernel import audit
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.signature import (
    Dstu4145Key,
    KeyUsage,
    PrivateKey,
    RevocationList,
    TrustList,
    WrongPassword,
    oids,
    open_key_file,
    sign,
    verify,
)
from esoz.signature import der_writer as w
from esoz.signature.authority import signed
from esoz.trust_centre import Centre, Family, password_of
from esoz.trust_centre.app import TrustCentre

from .conftest import DOCTOR, NOW, PASSWORD, SEAL, SETTINGS, Operator, certificate, key_of, refusal


class TestIssue:
    async def test_person_then_key_and_certificate_that_sign(
        self, operator: Operator, trust: TrustList, family: str
    ) -> None:
        data = await operator.issue(family)
        entry = key_of(data)
        document = verify(sign(b"text", entry.key, certificate(data), at=NOW), trust, at=NOW)
        identity = document.signers[0].identity
        assert (identity.drfo, identity.edrpou, identity.unzr, identity.title) == (
            "2222222222",
            "22222222",
            "19631127-00001",
            "лікар",
        )
        assert (data["status"], data["name"]) == ("valid", "Кобилянська Ольга Юліанівна")
        assert not identity.is_seal

    async def test_organisation_then_a_seal(self, operator: Operator, family: str) -> None:
        identity = certificate(await operator.issue(family, identity=SEAL)).identity
        assert identity.is_seal and identity.edrpou == "22222222" and identity.drfo is None

    @pytest.mark.parametrize("form", ["p12", "jks"])
    async def test_file_with_certificates_then_they_are_inside(
        self, operator: Operator, family: str, form: str
    ) -> None:
        data = await operator.issue(family, format=form)
        entry = key_of(data)
        assert entry.certificate == certificate(data)
        assert len(entry.chain) == 2

    async def test_key_6_then_the_certificate_is_found_by_the_key(self, operator: Operator, family: str) -> None:
        data = await operator.issue(family, format="key-6")
        entry = key_of(data)
        assert (entry.certificate, data["key_file"]["name"]) == (None, "Key-6.dat")
        found = await operator.http.get(f"/certificates/{data['key_identifier']}")
        assert found.headers["content-type"] == "application/pkix-cert"
        assert found.content == certificate(data).der
        assert certificate(data).public_bits == entry.key.public_bits

    async def test_addresses_and_statements_are_printed(self, operator: Operator, family: str) -> None:
        made = certificate(await operator.issue(family))
        assert made.urls(oids.ACCESS_OCSP) == ("http://ca.test:8450/services/ocsp/",)
        assert made.urls(oids.ACCESS_TIMESTAMPS) == ("http://ca.test:8450/services/tsp/",)
        assert f"http://ca.test:8450/crl/{family}.crl".encode() in (made.extension(oids.CRL_DISTRIBUTION_POINTS) or b"")
        assert f"/crl/{family}-delta.crl".encode() in (made.extension(oids.FRESHEST_CRL) or b"")
        assert made.is_qualified
        assert made.key_usage == {KeyUsage.DIGITAL_SIGNATURE, KeyUsage.NON_REPUDIATION}

    async def test_term_in_the_past_then_expired(self, operator: Operator) -> None:
        term = {"valid_from": "2026-01-01T00:00:00Z", "valid_to": "2026-02-01T00:00:00Z"}
        assert (await operator.issue(**term))["status"] == "expired"

    @pytest.mark.parametrize(
        ("change", "fields"),
        [
            ({"surname": " "}, ["$.identity.surname"]),
            ({"drfo": "12"}, ["$.identity.drfo"]),
            ({"drfo": "", "edrpou": "1"}, ["$.identity.drfo", "$.identity.edrpou"]),
            ({"unzr": "1985"}, ["$.identity.unzr"]),
            ({"title": "x" * 201}, ["$.identity.title"]),
            ({"is_seal": True}, ["$.identity.is_seal"]),
        ],
    )
    async def test_impossible_identity_then_every_field_is_named(
        self, operator: Operator, change: dict[str, object], fields: list[str]
    ) -> None:
        body = {"family": "ecdsa", "identity": DOCTOR | change, "password": PASSWORD}
        assert refusal(await operator.post("/api/certificates", body)) == (422, "validation_failed", fields)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"family": "rsa"}, "$.family"),
            ({"password": ""}, "$.password"),
            ({"format": "pem"}, "$.format"),
            ({"identity": {"name": "x"}}, "$.identity.name"),
            ({"valid_to": "2026-01-01T00:00:00Z"}, "$.valid_to"),
            ({"valid_to": "2036-01-01T00:00:00Z"}, "$.valid_to"),
            ({"valid_to": "2027-01-01T00:00:00"}, "$.valid_to"),
            ({"valid_from": "yesterday"}, "$.valid_from"),
        ],
    )
    async def test_impossible_request_then_422_names_the_field(
        self, operator: Operator, change: dict[str, object], field: str
    ) -> None:
        body = {"family": "ecdsa", "identity": DOCTOR, "password": PASSWORD} | change
        assert refusal(await operator.post("/api/certificates", body)) == (422, "validation_failed", [field])

    async def test_passport_instead_of_tax_number_then_it_is_in_the_certificate(self, operator: Operator) -> None:
        data = await operator.issue("dstu-gost", identity=DOCTOR | {"drfo": "АБ123456"})
        assert certificate(data).identity.drfo == "АБ123456"

    async def test_without_the_key_then_401_and_nothing_is_made(self, operator: Operator, db: Connection) -> None:
        for headers in ({}, {"X-API-Key": "wrong"}, {"Authorization": "Bearer wrong"}):
            answer = await operator.http.post("/api/certificates", json={}, headers=headers)
            assert refusal(answer)[:2] == (401, "access_denied")
        assert await db.fetchval("select count(*) from certificates") == 0

    async def test_too_large_then_413(self, operator: Operator) -> None:
        answer = await operator.post("/api/certificates", {"identity": "x" * 300_000})
        assert answer.status_code == 413

    async def test_line_in_the_audit_log_has_no_personal_data(self, operator: Operator, db: Connection) -> None:
        data = await operator.issue()
        row = await db.fetchrow("select * from audit_events where event = 'certificate.issued'")
        assert row["resource_id"] == data["id"]
        assert row["facts"] == {"family": "ecdsa", "serial_number": data["serial_number"]}


def pkcs10(key: PrivateKey, digest: str, *, spoil: bool = False) -> bytes:
    """A request for a DSTU key, as Ukrainian programs make it."""
    name = w.sequence(w.set_of(w.sequence(w.oid(oids.COMMON_NAME), w.utf8("хто завгодно"))))
    body = w.sequence(w.integer(0), name, key.spki, w.explicit(0))
    whole = signed(body, key, digest)
    return whole[:-1] + bytes((whole[-1] ^ 1,)) if spoil else whole


def pem_request(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody")])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


DSTU = (("dstu-gost", oids.GOST_34311), ("dstu-kupyna", oids.KUPYNA_256))


class TestEnrol:
    @pytest.mark.parametrize(("family", "digest"), DSTU)
    async def test_dstu_request_then_certificate_of_that_key(
        self, operator: Operator, trust: TrustList, family: str, digest: str
    ) -> None:
        key = Dstu4145Key.generate(random.Random(5).randbytes)
        request = base64.b64encode(pkcs10(key, digest)).decode()
        answer = await operator.post("/api/enrolments", {"family": family, "identity": DOCTOR, "request": request})
        assert answer.status_code == 201, answer.text
        made = certificate(answer.json()["data"])
        assert verify(sign(b"text", key, made, at=NOW), trust, at=NOW).signers[0].identity.drfo == "2222222222"
        assert (made.key_identifier or b"").hex() == key.identifier(digest).hex()

    async def test_ecdsa_request_in_pem_then_certificate(self, operator: Operator) -> None:
        key = ec.generate_private_key(ec.SECP384R1())
        body = {"family": "ecdsa", "identity": DOCTOR, "request": pem_request(key)}
        made = certificate((await operator.post("/api/enrolments", body)).json()["data"])
        assert x509.load_der_x509_certificate(made.der).public_key() == key.public_key()
        assert made.identity.common_name == "Кобилянська Ольга Юліанівна"

    async def test_request_with_a_wrong_signature_then_422(self, operator: Operator) -> None:
        raw = pkcs10(Dstu4145Key.generate(random.Random(5).randbytes), oids.GOST_34311, spoil=True)
        body = {"family": "dstu-gost", "identity": DOCTOR, "request": base64.b64encode(raw).decode()}
        assert refusal(await operator.post("/api/enrolments", body)) == (422, "validation_failed", ["$.request"])

    @pytest.mark.parametrize("request_text", ["", "***", "AAAA", "-----BEGIN CERTIFICATE REQUEST-----\nAA"])
    async def test_not_a_request_then_422(self, operator: Operator, request_text: str) -> None:
        body = {"family": "ecdsa", "identity": DOCTOR, "request": request_text}
        assert refusal(await operator.post("/api/enrolments", body)) == (422, "validation_failed", ["$.request"])

    @pytest.mark.parametrize("family", ["ecdsa", "dstu-kupyna"])
    async def test_key_of_another_family_or_weak_then_422(self, operator: Operator, family: str) -> None:
        small = Dstu4145Key.generate(random.Random(5).randbytes, 0)
        for text in (
            pem_request(rsa.generate_private_key(65537, 2048)),
            pem_request(ec.generate_private_key(ec.SECP224R1())),
            base64.b64encode(pkcs10(small, oids.KUPYNA_256)).decode(),
        ):
            answer = await operator.post("/api/enrolments", {"family": family, "identity": DOCTOR, "request": text})
            assert refusal(answer) == (422, "validation_failed", ["$.request"])


class TestRevoke:
    async def test_valid_then_revoked_and_in_both_lists(self, operator: Operator, family: str) -> None:
        data = await operator.issue(family)
        answer = await operator.revoke(data["id"])
        assert (answer.status_code, answer.json()["data"]["status"]) == (200, "revoked")
        for name in (f"/crl/{family}.crl", f"/crl/{family}-delta.crl"):
            found = RevocationList.parse((await operator.http.get(name)).content)
            entry = found.entries[int(data["serial_number"], 16)]
            assert (entry.since, entry.reason) == (NOW, 1)

    async def test_revoked_then_conflict(self, operator: Operator) -> None:
        data = await operator.issue()
        await operator.revoke(data["id"])
        assert refusal(await operator.revoke(data["id"]))[0] == 409

    async def test_hold_then_restored_and_told_by_the_delta(self, operator: Operator, clock: FixedClock) -> None:
        data = await operator.issue()
        held = await operator.revoke(data["id"], "certificate_hold")
        assert held.json()["data"]["status"] == "suspended"
        clock.forward(timedelta(minutes=5))
        restored = await operator.post(f"/api/certificates/{data['id']}/actions/restore", {})
        assert restored.json()["data"]["status"] == "valid"
        delta = RevocationList.parse((await operator.http.get("/crl/ecdsa-delta.crl")).content)
        full = RevocationList.parse((await operator.http.get("/crl/ecdsa.crl")).content)
        serial = int(data["serial_number"], 16)
        assert delta.entries[serial].reason == 8
        assert serial not in full.entries
        assert serial not in full.with_delta(delta).entries

    async def test_hold_then_revoked_counts_from_the_hold(self, operator: Operator, clock: FixedClock) -> None:
        data = await operator.issue()
        await operator.revoke(data["id"], "certificate_hold")
        clock.forward(timedelta(days=1))
        answer = await operator.revoke(data["id"], "superseded")
        assert answer.json()["data"]["revoked_at"] == "2026-11-22T10:00:00Z"

    async def test_restore_of_a_revoked_one_then_conflict(self, operator: Operator) -> None:
        data = await operator.issue()
        await operator.revoke(data["id"])
        assert (await operator.post(f"/api/certificates/{data['id']}/actions/restore", {})).status_code == 409

    async def test_unknown_or_nonsense_then_404_and_422(self, operator: Operator) -> None:
        nowhere = "00000000-0000-0000-0000-000000000000"
        assert (await operator.revoke(nowhere)).status_code == 404
        assert (await operator.revoke("nonsense")).status_code == 404
        data = await operator.issue()
        assert refusal(await operator.revoke(data["id"], "boredom"))[2] == ["$.reason"]

    async def test_two_at_once_then_one_revokes_and_the_other_is_told(self, fresh_operator: Operator) -> None:
        data = await fresh_operator.issue()
        answers = await asyncio.gather(*(fresh_operator.revoke(data["id"]) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]

    async def test_different_ones_at_once_then_the_last_list_has_all(self, fresh_operator: Operator) -> None:
        made = [await fresh_operator.issue() for _ in range(4)]
        answers = await asyncio.gather(*(fresh_operator.revoke(data["id"]) for data in made))
        assert {answer.status_code for answer in answers} == {200}
        for name in ("/crl/ecdsa.crl", "/crl/ecdsa-delta.crl"):
            found = RevocationList.parse((await fresh_operator.http.get(name)).content)
            assert found.number == 5
            assert set(found.entries) == {int(data["serial_number"], 16) for data in made}


class TestExpire:
    async def test_twin_of_the_same_key_is_over(self, operator: Operator) -> None:
        data = await operator.issue("dstu-gost")
        answer = await operator.post(f"/api/certificates/{data['id']}/actions/expire", {})
        twin = answer.json()["data"]
        assert (answer.status_code, twin["status"], twin["identity"]) == (201, "expired", data["identity"])
        assert certificate(twin).public_bits == certificate(data).public_bits
        assert (await operator.get(f"/api/certificates/{data['id']}")).json()["data"]["status"] == "valid"

    async def test_in_some_seconds_then_valid_until_then(self, operator: Operator, clock: FixedClock) -> None:
        data = await operator.issue()
        answer = await operator.post(f"/api/certificates/{data['id']}/actions/expire", {"seconds": 30})
        twin = answer.json()["data"]
        assert twin["status"] == "valid"
        clock.forward(timedelta(seconds=31))
        assert (await operator.get(f"/api/certificates/{twin['id']}")).json()["data"]["status"] == "expired"

    async def test_negative_seconds_then_422(self, operator: Operator) -> None:
        data = await operator.issue()
        answer = await operator.post(f"/api/certificates/{data['id']}/actions/expire", {"seconds": -1})
        assert refusal(answer)[0] == 422


class TestList:
    async def test_paging_and_search(self, operator: Operator) -> None:
        first = await operator.issue()
        second = await operator.issue("dstu-gost", identity=SEAL)
        await operator.revoke(second["id"])
        whole = (await operator.get("/api/certificates", page_size=1)).json()
        assert (len(whole["data"]), whole["paging"]["total_entries"]) == (1, 2)
        for query, expected in (
            ({"search": "кобилян"}, first),
            ({"search": "2222222222"}, first),
            ({"family": "dstu-gost"}, second),
            ({"status": "revoked"}, second),
            ({"search": second["serial_number"][4:20]}, second),
            ({"status": "valid"}, first),
        ):
            found = (await operator.get("/api/certificates", **query)).json()["data"]
            assert [each["id"] for each in found] == [expected["id"]], query
        assert (await operator.get("/api/certificates", search="100%")).json()["data"] == []

    async def test_unknown_parameter_then_422(self, operator: Operator) -> None:
        assert refusal(await operator.get("/api/certificates", colour="red"))[0] == 422


class TestRestart:
    async def test_opened_again_then_same_authorities_and_states(
        self, fresh_operator: Operator, fresh_database: Database, centre: Centre, clock: FixedClock
    ) -> None:
        data = await fresh_operator.issue()
        await fresh_operator.revoke(data["id"])
        again = TrustCentre(SETTINGS, fresh_database, clock)
        await again.start()
        assert again.centre.certificates == centre.certificates
        other = Operator(again)
        async with other.http:
            assert (await other.get(f"/api/certificates/{data['id']}")).json()["data"]["status"] == "revoked"
            fresh = certificate(await other.issue())
        assert TrustList(centre.certificates).chain(fresh)[1:] == centre.houses[Family.ECDSA].authority.issuing.chain

    async def test_wrong_password_then_it_does_not_open(self, fresh_database: Database, clock: FixedClock) -> None:
        environ = {"ESOZ_SANDBOX": "1", "ESOZ_SECRET": "x" * 32, "ESOZ_TRUST_CENTRE_PASSWORD": "another"}
        with pytest.raises(RuntimeError, match="ESOZ_TRUST_CENTRE_PASSWORD"):
            await TrustCentre(type(SETTINGS)(environ), fresh_database, clock).start()

    async def test_no_secrets_outside_the_sandbox_then_it_does_not_start(self, fresh_database: Database) -> None:
        with pytest.raises(RuntimeError, match="sandbox"):
            TrustCentre(type(SETTINGS)({}), fresh_database, FixedClock(NOW))

    async def test_keys_at_rest_do_not_open_without_the_password(self, db: Connection) -> None:
        files = await db.fetch("select key_file from authorities")
        assert len(files) == 12
        for row in files:
            assert open_key_file(row["key_file"], password_of(SETTINGS)).entries
            with pytest.raises(WrongPassword):
                open_key_file(row["key_file"], "another")

    async def test_audit_chain_holds(self, fresh_operator: Operator, fresh_database: Database) -> None:
        await fresh_operator.revoke((await fresh_operator.issue())["id"])
        await fresh_operator.app.chain()
        async with fresh_database.connection() as db:
            assert await audit.verify_chain(db) == 5


class TestSchedule:
    async def test_lists_near_their_end_then_made_anew(self, operator: Operator, clock: FixedClock) -> None:
        async def number() -> tuple[int | None, int | None]:
            found = RevocationList.parse((await operator.http.get("/crl/ecdsa-delta.crl")).content)
            return found.number, found.base_number

        assert await number() == (1, 1)
        await operator.app.tidy()
        assert await number() == (1, 1)
        clock.forward(timedelta(hours=1))
        await operator.app.tidy()
        assert await number() == (2, 1)
        clock.forward(timedelta(days=1))
        await operator.app.tidy()
        assert await number() == (3, 3)
