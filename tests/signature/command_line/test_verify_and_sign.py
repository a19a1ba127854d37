"""Verify and sign: exit statuses, sentences in two languages, JSON of the published shape, services of a provider."""

import hashlib
import io
import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from esoz.__main__ import _parser
from esoz.signature import (
    Authority,
    NoService,
    Revocation,
    SignatureError,
    cms,
    oids,
    requests,
    revocation_list,
    sign,
    verify,
    write_pkcs8,
)
from esoz.signature import der_writer as w
from esoz.signature.command_line import messages
from esoz.signature.command_line.files import armored

from ..centre import NOW, YEAR, centre, doctor_of
from ..services import OcspService, TimestampService
from .conftest import AT, CONTENT, FIELDS, PASSWORD, Run


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
        assert signer["reasons"] == [messages.say("no_trust", "uk")]

    def test_certificates_inside_are_believed_only_when_asked_to(self, run: Run, folder: Path) -> None:
        status, told, _ = run("verify", folder / "document.p7s", "--trust-embedded", "--at", AT)
        assert status == 0
        assert messages.say("embedded_trust", "uk") in told

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
        assert messages.say("revocation_known", "uk") in told

    @pytest.mark.parametrize("data", [b"", b"not a signature", b"\x30\x80" * 40, w.sequence(w.integer(1))])
    def test_unreadable_file_has_status_2_and_json_all_the_same(self, run: Run, folder: Path, data: bytes) -> None:
        (folder / "broken").write_bytes(data)
        status, told, errors = run("verify", folder / "broken", "--json", "--trust", folder / "trust")
        assert status == 2
        assert json.loads(told) == {"valid": False, "level": None, "signers": [], "content_sha256": None}
        assert ("пошкоджений" if data else "порожній") in errors

    def test_missing_file_has_status_2(self, run: Run, folder: Path) -> None:
        for arguments in ([folder / "none"], [folder / "document.p7s", "--trust", folder / "none"]):
            status, _, errors = run("verify", *arguments, "--lang", "en")
            assert (status, errors) == (2, f"No such file: {folder / 'none'}\n")

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
        assert messages.say("nested", "uk") in told


# MR-14
class TestSign:
    def signed(self, run: Run, folder: Path, *options: object, at: str = AT) -> bytes:
        output = folder / "new.p7s"
        key = ("--key", folder / "key.jks", "--password-file", folder / "password", "--at", at)
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
        add = ("--add", "--content", folder / "document.json")
        both = self.signed(run, folder, folder / "apart.p7s", *add, at=(NOW + timedelta(minutes=1)).isoformat())
        assert len(verify(both, trust, at=NOW, content=CONTENT).signers) == 2
        (folder / "both.p7s").write_bytes(both)
        countered = self.signed(run, folder, folder / "both.p7s", "--counter")
        signers = verify(countered, trust, at=NOW, content=CONTENT).signers
        assert [len(signer.counter_signers) for signer in signers] == [1, 1]

    def test_levels_when_services_answer_then_are_reached(self, run: Run, folder: Path) -> None:
        authority = centre("ecdsa")
        with provider(authority) as url:
            services = ("--tsp", f"{url}tsp", "--ocsp", f"{url}ocsp")
            for level in ("BES", "T", "XL", "A"):
                data = self.signed(run, folder, folder / "document.json", "--level", level, *services)
                (folder / "level.p7s").write_bytes(data)
                rest = ("--trust", folder / "trust", "--at", AT, "--json")
                _, told, _ = run("verify", folder / "level.p7s", *rest)
                assert (json.loads(told)["valid"], json.loads(told)["level"]) == (True, level)

    def test_timestamp_over_the_document_is_there_from_level_t_on_unless_turned_off(
        self, run: Run, folder: Path
    ) -> None:
        def has_one(*options: str) -> bool:
            data = self.signed(run, folder, folder / "document.json", *options, "--tsp", f"{url}tsp")
            return bool(cms.read(data).signers[0].signed.all(oids.CONTENT_TIMESTAMP))

        with provider(centre("ecdsa")) as url:
            assert has_one("--level", "T")
            assert not has_one("--level", "T", "--no-content-timestamp")
            assert has_one("--content-timestamp")
            assert not has_one()
            apart = ("--add", "--content", str(folder / "document.json"))
            added = self.signed(run, folder, folder / "apart.p7s", *apart, "--level", "T", "--tsp", f"{url}tsp")
            assert sum(bool(info.signed.all(oids.CONTENT_TIMESTAMP)) for info in cms.read(added).signers) == 1

    @pytest.mark.parametrize("about", ["authority", "service"])
    def test_certificate_that_ocsp_cannot_tell_of_is_looked_up_in_a_list(
        self, run: Run, folder: Path, about: str
    ) -> None:
        """OCSP refuses another authority and does not know services; the list of the issuer is named beside."""
        authority = centre("ecdsa")
        with provider(authority, silent_about=about) as url:
            services = ("--tsp", f"{url}tsp", "--ocsp", f"{url}ocsp", "--crl", f"{url}crl")
            data = self.signed(run, folder, folder / "document.json", "--level", "XL", *services)
        assert verify(data, authority.trust, at=NOW).signers[0].level == "XL"

    def test_service_that_cannot_tell_is_named(self, run: Run, folder: Path) -> None:
        key = ("--key", folder / "key.jks", "--password-file", folder / "password", "--at", AT)
        with provider(centre("ecdsa"), silent_about="authority") as url:
            services = ("--level", "XL", "--tsp", f"{url}tsp", "--ocsp", f"{url}ocsp")
            status, _, errors = run("sign", folder / "document.json", *key, *services)
        assert (status, f"{url}ocsp: Служба надавача відмовила" in errors) == (1, True)

    def test_service_that_does_not_answer_has_status_1(self, run: Run, folder: Path) -> None:
        key = ("--key", folder / "key.jks", "--password-file", folder / "password")
        for url in ("http://127.0.0.1:9/tsp", "file:///etc/hostname"):
            status, _, errors = run("sign", folder / "document.json", *key, "--level", "T", "--tsp", url)
            assert (status, "Служба надавача" in errors) == (1, True)

    def test_archive_of_several_files_is_made_and_verified(self, run: Run, folder: Path) -> None:
        (folder / "second.txt").write_bytes(b"second")
        with provider(centre("ecdsa")) as url:
            level = ("--level", "A", "--tsp", f"{url}tsp", "--ocsp", f"{url}ocsp")
            data = self.signed(run, folder, folder / "document.json", "--asic", folder / "second.txt", *level)
        (folder / "both.asice").write_bytes(data)
        assert set(verify(data, centre("ecdsa").trust, at=NOW).files) == {"document.json", "second.txt"}
        _, told, _ = run("verify", folder / "both.asice", "--trust", folder / "trust", "--at", AT, "--json")
        assert (json.loads(told)["valid"], json.loads(told)["level"]) == (True, "A")
        status, told, _ = run("inspect", folder / "both.asice", "--json")
        assert (status, json.loads(told)["kind"]) == (0, "signature")

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
        assert messages.reason(kind("detail 2026-01-02"), "en").isascii()
        assert messages.reason(kind("detail 2026-01-02"), "uk").endswith("(2026-01-02)")


@contextmanager
def provider(authority: Authority, silent_about: str = "") -> Iterator[str]:
    """Timestamps, OCSP and lists over HTTP; the root has a service of its own for the authority below it.

    OCSP may refuse to speak of the authority, or not know the timestamp service.
    """
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
                if is_root and silent_about == "authority":
                    answer = w.sequence(w.enumerated(6))
                elif silent_about == "service" and asked.fits(
                    stamping.service.certificate, authority.issuing.certificate
                ):
                    answer = answering[is_root].answer(question, {}, at=NOW, is_known=False)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            above = root if silent_about == "authority" else authority
            self.send_response(200)
            self.end_headers()
            self.wfile.write(revocation_list(above, {}, at=NOW, next_update=NOW + YEAR, number=1))

        def log_message(self, *_: object) -> None:
            """Nothing: the output of the command is what is tested."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
