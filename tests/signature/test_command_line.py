"""The command line: exit statuses, sentences in two languages, JSON of the published shape, every kind of file."""

import hashlib
import io
import json
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from esoz.__main__ import _parser
from esoz.signature import (
    Authority,
    Issued,
    OcspService,
    Revocation,
    SignatureError,
    TimestampRequest,
    TimestampService,
    oids,
    open_key_file,
    requests,
    revocation_list,
    sign,
    verify,
    write_jks,
    write_pkcs8,
    write_pkcs12,
)
from esoz.signature import der_writer as w
from esoz.signature.authority import service_name
from esoz.signature.command_line import main, words
from esoz.signature.command_line.files import armored
from esoz.signature.command_line.network import NoService
from esoz.signature.signing import signed_data

from .centre import NOW, YEAR, centre, doctor_of
from .test_key_files import iit_container
from .test_requests import certificate_request

CONTENT = '{"документ": 1}'.encode()
AT = NOW.isoformat()
PASSWORD = "таємниця"
FIELDS = ["valid", "common_name", "surname", "given_name", "drfo", "edrpou", "signed_at", "certificate_valid", "chain",
          "reasons"]  # fmt: skip

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        told = capsysbinary.readouterr()
        return status, told.out.decode(errors="replace"), told.err.decode()

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document, its signatures, a key file, the trust list."""
    authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
    (tmp_path / "document.json").write_bytes(CONTENT)
    (tmp_path / "document.p7s").write_bytes(sign(CONTENT, doctor.key, doctor.certificate, at=NOW))
    (tmp_path / "apart.p7s").write_bytes(sign(CONTENT, doctor.key, doctor.certificate, at=NOW, detached=True))
    (tmp_path / "key.jks").write_bytes(write_jks(doctor.key, doctor.chain, PASSWORD))
    (tmp_path / "password").write_text(PASSWORD + "\n")
    (tmp_path / "trust").mkdir()
    for number, certificate in enumerate(authority.certificates):
        (tmp_path / "trust" / f"{number}.cer").write_bytes(certificate.der)
    return tmp_path


class TestVerify:
    def verdict(self, run: Run, *arguments: object) -> tuple[int, dict]:
        status, told, _ = run("verify", *arguments, "--json")
        return status, json.loads(told)

    def test_valid_signature_has_status_0_and_the_published_shape(self, run: Run, folder: Path) -> None:
        status, told = self.verdict(run, folder / "document.p7s", "--trust", folder / "trust", "--at", AT)
        assert status == 0
        assert list(told) == ["valid", "level", "signers", "content_sha256"]
        assert (told["valid"], told["level"]) == (True, "BES")
        assert told["content_sha256"] == hashlib.sha256(CONTENT).hexdigest()
        (signer,) = told["signers"]
        assert list(signer) == FIELDS
        assert signer | {"chain": []} == {
            "valid": True,
            "common_name": "Кобилянська Ольга Юліанівна",
            "surname": "Кобилянська",
            "given_name": "Ольга Юліанівна",
            "drfo": "2222222222",
            "edrpou": "22222222",
            "signed_at": "2026-11-22T12:00:00Z",
            "certificate_valid": True,
            "chain": [],
            "reasons": [],
        }
        assert signer["chain"][-1] == "Випробувальний центр. Кореневий центр"

    def test_detached_signature_when_its_document_is_given_has_status_0(self, run: Run, folder: Path) -> None:
        rest = ("--trust", folder / "trust", "--at", AT)
        given = ("--content", folder / "document.json")
        assert self.verdict(run, folder / "apart.p7s", *given, *rest)[0] == 0
        status, told = self.verdict(run, folder / "apart.p7s", *rest)
        assert (status, told["content_sha256"], told["signers"][0]["certificate_valid"]) == (1, None, True)
        (folder / "document.json").write_bytes(b"other")
        status, told = self.verdict(run, folder / "apart.p7s", *given, *rest)
        assert (status, told["valid"], told["signers"][0]["certificate_valid"]) == (1, False, True)
        assert "змінено" in told["signers"][0]["reasons"][0]

    def test_without_a_trust_list_says_so_and_is_not_valid(self, run: Run, folder: Path) -> None:
        status, told = self.verdict(run, folder / "document.p7s", "--at", AT)
        (signer,) = told["signers"]
        assert (status, told["valid"], signer["certificate_valid"], signer["drfo"]) == (1, False, False, "2222222222")
        assert signer["reasons"] == [words.say("no_trust", "uk")]

    def test_certificates_inside_are_believed_only_when_asked_to(self, run: Run, folder: Path) -> None:
        status, told, _ = run("verify", folder / "document.p7s", "--trust-embedded", "--at", AT)
        assert status == 0
        assert words.say("embedded_trust", "uk") in told

    def test_changed_signature_has_status_1_and_english_reasons_when_asked(self, run: Run, folder: Path) -> None:
        data = bytearray((folder / "document.p7s").read_bytes())
        data[-1] ^= 1
        (folder / "document.p7s").write_bytes(data)
        rest = ("--trust", folder / "trust", "--at", AT, "--lang", "en")
        status, told, _ = run("verify", folder / "document.p7s", *rest)
        assert status == 1
        assert "The signature is not valid." in told
        assert "The electronic signature is not valid. (ECDSA)" in told

    def test_moment_and_revocations_decide(self, run: Run, folder: Path) -> None:
        authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
        rest = (folder / "document.p7s", "--trust", folder / "trust")
        status, told = self.verdict(run, *rest, "--at", "2040-01-01")
        assert (status, told["signers"][0]["certificate_valid"]) == (1, False)
        assert "(2027-11-22)" in told["signers"][0]["reasons"][0]
        revoked = {doctor.certificate.serial_number: Revocation(NOW - timedelta(days=1), 1)}
        found = revocation_list(authority, revoked, at=NOW, next_update=NOW + YEAR, number=1)
        (folder / "list.crl").write_bytes(found)
        answer = OcspService.create(authority, at=NOW - YEAR / 2).state([doctor.certificate], {}, at=NOW)
        (folder / "answer").write_bytes(answer)
        assert self.verdict(run, *rest, "--at", AT, "--revocations", folder / "list.crl")[0] == 1
        status, told, _ = run("verify", *rest, "--at", AT, "--revocations", folder / "answer")
        assert status == 0
        assert words.say("revocation_known", "uk") in told

    @pytest.mark.parametrize("data", [b"", b"not a signature", b"\x30\x80" * 40, w.sequence(w.integer(1))])
    def test_unreadable_file_has_status_2_and_json_all_the_same(self, run: Run, folder: Path, data: bytes) -> None:
        (folder / "broken").write_bytes(data)
        status, told, errors = run("verify", folder / "broken", "--json", "--trust", folder / "trust")
        assert status == 2
        assert json.loads(told) == {"valid": False, "level": None, "signers": [], "content_sha256": None}
        assert "пошкоджений" in errors

    def test_missing_file_has_status_2(self, run: Run, folder: Path) -> None:
        for arguments in ([folder / "none"], [folder / "document.p7s", "--trust", folder / "none"]):
            status, _, errors = run("verify", *arguments, "--lang", "en")
            assert (status, "cannot be read" in errors) == (2, True)

    def test_every_wrapping_is_read(self, run: Run, folder: Path) -> None:
        data = (folder / "document.p7s").read_bytes()
        rest = ("--trust", folder / "trust", "--at", AT)
        for wrapped in (armored("PKCS7", data), b"text before\n" + armored("CMS", data), b64encode(data)):
            (folder / "wrapped").write_bytes(wrapped)
            assert run("verify", folder / "wrapped", *rest)[0] == 0

    def test_standard_input_is_read(self, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        source = io.TextIOWrapper(io.BytesIO((folder / "document.p7s").read_bytes()))
        monkeypatch.setattr(sys, "stdin", source)
        assert run("verify", "-", "--trust", folder / "trust", "--at", AT)[0] == 0

    def test_document_that_is_itself_signed_is_noticed(self, run: Run, folder: Path) -> None:
        doctor = doctor_of("ecdsa")
        outer = sign((folder / "document.p7s").read_bytes(), doctor.key, doctor.certificate, at=NOW)
        (folder / "outer.p7s").write_bytes(outer)
        _, told, _ = run("verify", folder / "outer.p7s", "--trust", folder / "trust", "--at", AT)
        assert words.say("nested", "uk") in told


class TestSign:
    def signed(self, run: Run, folder: Path, *options: object) -> bytes:
        output = folder / "new.p7s"
        key = ("--key", folder / "key.jks", "--password-file", folder / "password", "--at", AT)
        status, _, errors = run("sign", *options, *key, "--output", output)
        assert (status, errors) == (0, "")
        return output.read_bytes()

    def test_document_when_signed_then_verifies(self, run: Run, folder: Path) -> None:
        trust = centre("ecdsa").trust
        assert verify(self.signed(run, folder, folder / "document.json"), trust, at=NOW).content == CONTENT
        apart = self.signed(run, folder, folder / "document.json", "--detached", "--pem")
        assert apart.startswith(b"-----BEGIN CMS-----")
        assert verify(apart, trust, at=NOW, content=CONTENT).signers

    def test_signature_when_added_or_counter_signed_then_verifies(self, run: Run, folder: Path) -> None:
        trust = centre("ecdsa").trust
        both = self.signed(run, folder, folder / "apart.p7s", "--add", "--content", folder / "document.json")
        assert len(verify(both, trust, at=NOW, content=CONTENT).signers) == 2
        (folder / "both.p7s").write_bytes(both)
        countered = self.signed(run, folder, folder / "both.p7s", "--counter")
        signers = verify(countered, trust, at=NOW, content=CONTENT).signers
        assert [len(signer.counter_signers) for signer in signers] == [1, 1]

    def test_levels_when_services_answer_then_are_reached(self, run: Run, folder: Path) -> None:
        authority = centre("ecdsa")
        with provider(authority) as url:
            services = ("--tsp", f"{url}tsp", "--ocsp", f"{url}ocsp")
            for level in ("T", "XL"):
                data = self.signed(run, folder, folder / "document.json", "--level", level, *services)
                (folder / "level.p7s").write_bytes(data)
                rest = ("--trust", folder / "trust", "--at", AT, "--json")
                _, told, _ = run("verify", folder / "level.p7s", *rest)
                assert (json.loads(told)["valid"], json.loads(told)["level"]) == (True, level)

    def test_service_that_does_not_answer_has_status_1(self, run: Run, folder: Path) -> None:
        key = ("--key", folder / "key.jks", "--password-file", folder / "password")
        for url in ("http://127.0.0.1:9/tsp", "file:///etc/hostname"):
            status, _, errors = run("sign", folder / "document.json", *key, "--level", "T", "--tsp", url)
            assert (status, "Служба надавача" in errors) == (1, True)

    def test_wrong_password_has_status_1(self, run: Run, folder: Path) -> None:
        (folder / "password").write_text("інший")
        key = ("--key", folder / "key.jks", "--password-file", folder / "password")
        status, _, errors = run("sign", folder / "document.json", *key)
        assert (status, "Неправильний пароль" in errors) == (1, True)

    def test_key_without_certificate_takes_one_from_a_file(self, run: Run, folder: Path) -> None:
        doctor = doctor_of("ecdsa")
        (folder / "key.jks").write_bytes(write_pkcs8(doctor.key, PASSWORD))
        (folder / "doctor.cer").write_bytes(doctor.certificate.der)
        data = self.signed(run, folder, folder / "document.json", "--certificate", folder / "doctor.cer")
        assert verify(data, centre("ecdsa").trust, at=NOW).signers


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
                assert (status, kind in told) == (0, True)

    def test_certificate_tells_whose_it_is(self, run: Run, folder: Path) -> None:
        (folder / "file").write_bytes(doctor_of("dstu-gost").certificate.der)
        told = json.loads(run("inspect", folder / "file", "--json")[1])
        expected = {"drfo": "2222222222", "unzr": "19631127-00001", "person": "natural", "is_qualified": True,
                    "is_seal": False, "key": "DSTU 4145, m=257"}  # fmt: skip
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
        assert all(len(pair) == 2 and all(pair) for pair in words.LABELS.values())


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


def test_commands_stand_in_the_command_line_of_the_system(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = _parser().parse_args(["signature", "verify", str(folder / "document.p7s"), "--at", AT])
    assert chosen.command(chosen, None) == 1
    assert "Кобилянська" in capsys.readouterr().out


def test_every_error_has_its_english_sentence() -> None:
    found = [SignatureError]
    for kind in found:
        found += kind.__subclasses__()
    assert NoService in found
    for kind in found:
        assert words.reason(kind("detail 2026-01-02"), "en").isascii()
        assert words.reason(kind("detail 2026-01-02"), "uk").endswith("(2026-01-02)")


@contextmanager
def provider(authority: Authority) -> Iterator[str]:
    """Timestamps and OCSP over HTTP; the root has a service of its own for the authority below it."""
    root = Authority(authority.scheme, authority._random, authority.root, authority.root)
    stamping = TimestampService.create(authority, at=NOW - YEAR / 2)
    answering = [OcspService.create(above, at=NOW - YEAR / 2) for above in (authority, root)]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/tsp":
                answer = stamping.answer(question, at=NOW)
            else:
                asked = requests.OcspRequest.parse(question).questions[0]
                is_root = asked.fits(authority.issuing.certificate, authority.root.certificate)
                answer = answering[is_root].answer(question, {}, at=NOW)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing: the output of the command is what is tested."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
