"""Inspect and convert: every kind of file, told and rewritten."""

import json
from base64 import b64encode
from pathlib import Path

import pytest

from esoz.signature import (
    Authority,
    Issued,
    Revocation,
    TimestampRequest,
    oids,
    open_key_file,
    requests,
    revocation_list,
    sign,
    write_jks,
    write_pkcs8,
    write_pkcs12,
)
from esoz.signature import der_writer as w
from esoz.signature.authority import service_name
from esoz.signature.command_line import messages
from esoz.signature.command_line.files import armored
from esoz.signature.signing import signed_data

from ..centre import NOW, YEAR, centre, doctor_of
from ..services import OcspService, TimestampService
from ..test_key_files import iit_container
from ..test_requests import certificate_request
from .conftest import CONTENT, PASSWORD, Run


def kinds(authority: Authority, doctor: Issued) -> dict[str, bytes]:
    """One file of each kind, by what `inspect` calls it."""
    issuer = authority.issuing.certificate
    stamping = TimestampService.create(authority, at=NOW - YEAR / 2)
    question = TimestampRequest(authority.digest, bytes(32), None, 5, True).der
    dates = {"at": NOW, "next_update": NOW + YEAR, "number": 2}
    revoked = {5: Revocation(NOW, 1)}
    return {
        "certificate": doctor.certificate.der,
        "signature": sign(CONTENT, doctor.key, doctor.certificate, at=NOW),
        "certificates": signed_data(oids.DATA, None, doctor.chain, [], authority.digest),
        "timestamp token": stamping.stamp(b"x", at=NOW),
        "timestamp answer": stamping.answer(question, at=NOW),
        "timestamp request": question,
        "revocation list": revocation_list(authority, revoked, **dates),
        "delta revocation list": revocation_list(authority, revoked, base=1, **dates),
        "OCSP answer": OcspService.create(authority, at=NOW - YEAR / 2).state([doctor.certificate], {}, at=NOW),
        "OCSP request": requests.ocsp_request(doctor.certificate, issuer),
        "certificate request": certificate_request(doctor.key, authority.digest, service_name("А", "Б")),
        "PKCS#12": write_pkcs12(doctor.key, doctor.chain, PASSWORD),
        "JKS": write_jks(doctor.key, doctor.chain, PASSWORD),
        "PKCS#8": doctor.key.pkcs8,
        "encrypted PKCS#8": write_pkcs8(doctor.key, PASSWORD),
    }


class TestInspect:
    @pytest.mark.parametrize("scheme", ["ecdsa", "dstu-kupyna"])
    def test_every_kind_in_der_and_pem_is_told(self, run: Run, folder: Path, scheme: str) -> None:
        for kind, data in kinds(centre(scheme), doctor_of(scheme)).items():
            forms = [data] if kind == "JKS" else [data, armored("ANYTHING", data), b64encode(data)]
            for number, form in enumerate(forms):
                (folder / "file").write_bytes(form)
                status, told, errors = run("inspect", folder / "file", "--json")
                assert (status, errors, json.loads(told)["kind"]) == (0, "", kind), (kind, number)
            for lang in ("uk", "en"):
                status, told, _ = run("inspect", folder / "file", "--lang", lang)
                assert (status, messages.kind(kind, lang) in told) == (0, True)

    def test_certificate_tells_whose_it_is(self, run: Run, folder: Path) -> None:
        (folder / "file").write_bytes(doctor_of("dstu-gost").certificate.der)
        told = json.loads(run("inspect", folder / "file", "--json")[1])
        expected = {
            "drfo": "2222222222",
            "unzr": "19631127-00001",
            "person": "natural",
            "is_qualified": True,
            "is_seal": False,
            "key": "DSTU 4145, m=257",
        }
        assert {name: told[name] for name in expected} == expected

    def test_key_file_opens_only_with_its_password(self, run: Run, folder: Path) -> None:
        told = json.loads(run("inspect", folder / "key.jks", "--json")[1])
        assert told["note"] == "locked"
        rest = ("inspect", folder / "key.jks", "--password-file", folder / "password", "--json")
        (entry,) = json.loads(run(*rest)[1])["keys"]
        assert (entry["certificate"]["drfo"], len(entry["chain"])) == ("2222222222", 2)
        assert json.loads(run("inspect", folder / "key.jks", "--password", PASSWORD, "--json")[1])["keys"] == [entry]
        (folder / "password").write_text("інший")
        assert run(*rest)[0] == 1

    def test_iit_container_behind_a_prefix_is_told(self, run: Run, folder: Path) -> None:
        (folder / "Key-6.dat").write_bytes(b"\x51" + bytes(5) + iit_container(doctor_of("dstu-gost").key.pkcs8, "x"))
        assert json.loads(run("inspect", folder / "Key-6.dat", "--json")[1])["kind"] == "IIT key container"

    def test_pem_with_several_pieces_is_told_whole(self, run: Run, folder: Path) -> None:
        doctor = doctor_of("ecdsa")
        pieces = [armored("PRIVATE KEY", doctor.key.pkcs8), *(armored("CERTIFICATE", c.der) for c in doctor.chain)]
        (folder / "file").write_bytes(b"Bag Attributes\n" + b"\n".join(pieces))
        told = json.loads(run("inspect", folder / "file", "--json")[1])
        assert [block["kind"] for block in told["blocks"]] == ["PKCS#8", *["certificate"] * 3]

    def test_secret_numbers_are_never_told(self, run: Run, folder: Path) -> None:
        doctor = doctor_of("dstu-gost")
        (folder / "file").write_bytes(doctor.key.pkcs8)
        secret = doctor.key.secret
        told = "".join(run("inspect", folder / "file", *options)[1] for options in ((), ("--json",)))
        assert str(secret) not in told
        assert secret.to_bytes(32, "little").hex() not in told

    def test_any_structure_is_dumped_byte_by_byte(self, run: Run, folder: Path) -> None:
        (folder / "file").write_bytes(w.sequence(w.integer(5), w.octet_string(w.sequence(w.utf8("ї")))))
        status, told, _ = run("inspect", folder / "file", "--asn1")
        assert status == 0
        assert [line.split()[0] for line in told.splitlines()] == ["0", "2", "5", "7", "9"]
        assert run("inspect", folder / "file")[0] == 2

    def test_every_field_has_a_name_in_both_languages(self) -> None:
        assert all(len(pair) == 2 and all(pair) for pair in messages.LABELS.values())


class TestConvert:
    def convert(self, run: Run, source: Path, form: str, *options: object) -> bytes:
        target = source.parent / "converted"
        status, _, errors = run("convert", source, "--to", form, "--output", target, *options)
        assert (status, errors) == (0, "")
        return target.read_bytes()

    @pytest.mark.parametrize("form", ["pkcs12", "jks", "pem"])
    def test_key_file_with_two_keys_when_converted_then_holds_both(self, run: Run, folder: Path, form: str) -> None:
        signing, other = doctor_of("dstu-gost"), doctor_of("ecdsa")
        pem = [armored("PRIVATE KEY", issued.key.pkcs8) for issued in (signing, other)]
        pem += [armored("CERTIFICATE", c.der) for issued in (signing, other) for c in issued.chain]
        (folder / "two.jks").write_bytes(b"".join(pem))
        if form == "pem":
            data = self.convert(run, folder / "two.jks", "jks", "--password-file", folder / "password")
            (folder / "two.jks").write_bytes(data)
        data = self.convert(run, folder / "two.jks", form, "--password-file", folder / "password")
        opened = open_key_file(data, PASSWORD)
        assert [entry.key.pkcs8 for entry in opened.entries] == [signing.key.pkcs8, other.key.pkcs8]
        assert [entry.certificate for entry in opened.entries] == [signing.certificate, other.certificate]
        assert (folder / "converted").stat().st_mode & 0o077 == 0

    def test_key_file_when_converted_with_a_new_password_then_opens_with_it(self, run: Run, folder: Path) -> None:
        (folder / "new").write_text("новий")
        passwords = ("--password-file", folder / "password", "--new-password-file", folder / "new")
        for form in ("pkcs12", "pkcs8", "jks"):
            opened = open_key_file(self.convert(run, folder / "key.jks", form, *passwords), "новий")
            assert opened.entries[0].key.public_bits == doctor_of("ecdsa").key.public_bits

    def test_signature_when_converted_there_and_back_then_is_the_same(self, run: Run, folder: Path) -> None:
        data = (folder / "document.p7s").read_bytes()
        (folder / "pem").write_bytes(self.convert(run, folder / "document.p7s", "pem"))
        assert self.convert(run, folder / "pem", "der") == data
        (folder / "apart").write_bytes(self.convert(run, folder / "document.p7s", "detached"))
        assert self.convert(run, folder / "apart", "attached", "--content", folder / "document.json") == data
        assert self.convert(run, folder / "document.p7s", "content") == CONTENT

    def test_what_is_impossible_has_status_1(self, run: Run, folder: Path) -> None:
        assert run("convert", folder / "apart.p7s", "--to", "content")[0] == 1
        assert run("convert", folder / "apart.p7s", "--to", "attached")[0] == 1
        (folder / "list.crl").write_bytes(b"nothing")
        assert run("convert", folder / "list.crl", "--to", "pem")[0] == 2
