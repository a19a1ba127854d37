"""What a new user does wrong and what the command says: other files, absent ones, odd moments, files in files."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from esoz.signature import der_writer as w
from esoz.signature import oids, sign, write_pkcs12
from esoz.signature.command_line import messages
from esoz.signature.command_line.files import armored
from esoz.signature.signing import signed_attributes, signed_data, signer_info
from esoz.signature.trust import read_certificates

from ..centre import NOW, centre, doctor_of
from ..services import TimestampService
from ..test_foreign_key_files import two_passwords
from .conftest import AT, CONTENT, PASSWORD, Run

EMPTY = {"valid": False, "level": None, "signers": [], "content_sha256": None}


def other_files() -> dict[str, bytes]:
    """Files that are no signatures, by what they are."""
    authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
    attributes = signed_attributes(b"x", doctor.key, doctor.certificate, at=NOW, digest=oids.SHA256, kind=oids.EDRPOU)
    info = signer_info(doctor.key, doctor.certificate, attributes, oids.SHA256)
    return {
        "certificate": armored("CERTIFICATE", doctor.certificate.der),
        "certificates": signed_data(oids.DATA, None, doctor.chain, [], oids.SHA256),
        "PKCS#12": write_pkcs12(doctor.key, doctor.chain, PASSWORD),
        "PKCS#8": armored("PRIVATE KEY", doctor.key.pkcs8),
        "public key": doctor.key.spki,
        "timestamp token": TimestampService.create(authority, at=NOW).stamp(b"x", at=NOW),
        "signature of another kind": signed_data(oids.EDRPOU, b"x", [doctor.certificate], [info], oids.SHA256),
        "encrypted message": w.sequence(w.oid(oids.ENVELOPED_DATA), w.explicit(0, w.sequence())),
        "compressed data": w.sequence(w.oid(oids.COMPRESSED_DATA), w.explicit(0, w.sequence())),
        "PDF": b"%PDF-1.7\n",
        "ZIP or ASiC": b"PK\x03\x04\x14\0",
        "XML": b"\xef\xbb\xbf<?xml version='1.0'?><a/>",
        "JSON": CONTENT,
        "empty": b"",
    }


class TestOtherFiles:
    @pytest.mark.parametrize("lang", ["uk", "en"])
    def test_file_that_is_no_signature_is_called_by_its_name(self, run: Run, folder: Path, lang: str) -> None:
        for kind, data in other_files().items():
            (folder / "file").write_bytes(data)
            status, told, errors = run("verify", folder / "file", "--json", "--lang", lang)
            assert (status, json.loads(told)) == (2, EMPTY), kind
            assert messages.kind(kind, lang) in errors and len(errors.splitlines()) == 1

    @pytest.mark.parametrize("data", [b"\x30\x82\x04", b"\0" * 500, bytes(range(256)), b"\x30" * 3000, b"a" * 100])
    def test_garbage_is_refused_in_words(self, run: Run, folder: Path, data: bytes) -> None:
        (folder / "file").write_bytes(data)
        for command in ("verify", "inspect"):
            status, _, errors = run(command, folder / "file")
            assert status == 2
            assert errors.startswith(("Файл пошкоджений", "Це не електронний підпис"))

    def test_every_kind_has_a_name(self) -> None:
        assert set(other_files()) <= set(messages.KINDS)
        assert all(messages.KINDS.values())


class TestAbsent:
    def test_every_absent_file_is_named(self, run: Run, folder: Path) -> None:
        right = {"--trust": folder / "trust", "--at": AT}
        for option in ("--content", "--trust", "--revocations"):
            given = [str(part) for pair in (right | {option: folder / "none"}).items() for part in pair]
            status, told, errors = run("verify", folder / "apart.p7s", *given, "--json")
            assert (status, json.loads(told), errors) == (2, EMPTY, f"Такого файла немає: {folder / 'none'}\n"), option

    def test_folder_in_place_of_a_file_is_named(self, run: Run, folder: Path) -> None:
        for command in ("verify", "inspect"):
            status, told, errors = run(command, folder, "--json")
            assert (status, errors) == (2, f"Це тека, а не файл: {folder}\n")
            assert json.loads(told)

    def test_damaged_file_among_several_is_named(self, run: Run, folder: Path) -> None:
        (folder / "broken").write_bytes(b"\x30\x03")
        (folder / "trust" / "broken.cer").write_bytes(b"\x30\x03")
        _, _, errors = run("verify", folder / "document.p7s", "--trust", folder / "trust")
        assert errors.startswith(f"{folder / 'trust'}: ")
        (folder / "trust" / "broken.cer").unlink()
        rest = ("--trust", folder / "trust", "--revocations", folder / "broken")
        assert run("verify", folder / "document.p7s", *rest)[2].startswith(f"{folder / 'broken'}: ")
        key = ("--key", folder / "broken", "--password", "x")
        assert run("sign", folder / "document.json", *key)[2].startswith(f"{folder / 'broken'}: ")

    def test_inspect_says_why_in_json(self, run: Run, folder: Path) -> None:
        (folder / "file").write_bytes(b"\x30\x03")
        told = json.loads(run("inspect", folder / "file", "--json")[1])
        assert told["kind"] is None and "пошкоджений" in told["reason"]


class TestMoments:
    @pytest.mark.parametrize(
        "text", ["2026-11-22T12:00Z", "2026-11-22", "22.11.2026", "22.11.2026 12:00", "2026-11-22 14:00+02:00"]
    )
    def test_moment_is_read_as_people_write_it(self, run: Run, folder: Path, text: str) -> None:
        assert run("verify", folder / "document.p7s", "--trust", folder / "trust", "--at", text)[0] == 0

    def test_what_is_no_moment_has_status_2(self, folder: Path, run: Run) -> None:
        for text in ("yesterday", "2026-13-01", "31.02.2026"):
            with pytest.raises(SystemExit) as end:
                run("verify", folder / "document.p7s", "--at", text)
            assert end.value.code == 2


class TestInside:
    def wrapped(self, folder: Path, *, times: int) -> Path:
        doctor = doctor_of("ecdsa")
        data = (folder / "document.p7s").read_bytes()
        for _ in range(times):
            data = sign(data, doctor.key, doctor.certificate, at=NOW)
        (folder / "outer.p7s").write_bytes(data)
        return folder / "outer.p7s"

    def test_signed_files_inside_are_verified_when_asked_to(self, run: Run, folder: Path) -> None:
        rest = (self.wrapped(folder, times=2), "--trust", folder / "trust", "--at", AT)
        status, told, _ = run("verify", *rest, "--nested")
        assert (status, told.count("Рівень: BES"), messages.say("nested", "uk") in told) == (0, 3, False)
        told = json.loads(run("verify", *rest, "--nested", "--json")[1])
        assert (told["valid"], len(told["signers"])) == (True, 3)
        assert len(json.loads(run("verify", *rest, "--json")[1])["signers"]) == 1

    def test_wrong_signature_inside_has_status_1_when_asked_to(self, run: Run, folder: Path) -> None:
        data = bytearray((folder / "document.p7s").read_bytes())
        data[-1] ^= 1
        (folder / "document.p7s").write_bytes(data)
        rest = (self.wrapped(folder, times=1), "--trust", folder / "trust", "--at", AT)
        assert run("verify", *rest)[0] == 0
        assert run("verify", *rest, "--nested")[0] == 1


class TestKeys:
    def test_wrong_password_and_password_of_the_key_are_told_apart(self, run: Run, folder: Path) -> None:
        (folder / "key.jks").write_bytes(two_passwords(PASSWORD, "Ключ1"))
        key = ("sign", folder / "document.json", "--key", folder / "key.jks", "--output", folder / "new")
        status, _, errors = run(*key, "--password", "інший")
        assert (status, "Неправильний пароль" in errors) == (1, True)
        status, _, errors = run(*key, "--password", PASSWORD)
        assert (status, "інший пароль" in errors) == (1, True)
        (folder / "own").write_text("Ключ1")
        assert run(*key, "--password", PASSWORD, "--key-password-file", folder / "own")[0] == 0

    def test_file_that_is_no_key_file_is_called_by_its_name(self, run: Run, folder: Path) -> None:
        for kind in ("certificate", "certificates", "PDF"):
            (folder / "key").write_bytes(other_files()[kind])
            status, _, errors = run("sign", folder / "document.json", "--key", folder / "key", "--password", "x")
            expected = 1 if kind == "certificate" else 2
            assert (status, errors.startswith(str(folder / "key"))) == (expected, True)
            assert ("немає особистого ключа" if expected == 1 else messages.KINDS[kind]) in errors

    def test_service_without_an_address_and_absent_document_are_told(self, run: Run, folder: Path) -> None:
        key = ("--key", folder / "key.jks", "--password-file", folder / "password")
        status, _, errors = run("sign", folder / "document.json", *key, "--level", "T")
        assert (status, "--tsp" in errors) == (1, True)
        apart = folder / "apart.p7s"
        for command in (("sign", apart, "--add", *key), ("convert", apart, "--to", "content")):
            status, _, errors = run(*command)
            assert (status, "окремо від документа" in errors) == (1, True)

    def test_locked_keys_are_counted(self, run: Run, folder: Path) -> None:
        (folder / "key.jks").write_bytes(two_passwords(PASSWORD, PASSWORD, "Ключ1"))
        told = json.loads(run("inspect", folder / "key.jks", "--password", PASSWORD, "--json")[1])
        assert (len(told["keys"]), told["locked_keys"]) == (1, 1)


def test_reader_that_stops_reading_is_left_in_peace(folder: Path) -> None:
    command = [sys.executable, "-m", "esoz.signature", "inspect", str(folder / "document.p7s")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
        done.stdout.close()
        assert done.stderr.read() == b""
    assert done.returncode == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_message_of_openssl_verifies_with_the_document_beside_its_signature(run: Run, folder: Path) -> None:
    doctor = doctor_of("ecdsa")
    (folder / "key.pem").write_bytes(
        armored("PRIVATE KEY", doctor.key.pkcs8) + armored("CERTIFICATE", doctor.certificate.der)
    )
    rest = ("--trust", folder / "trust", "--at", "2027-06-01", "--json")
    made = ("openssl", "cms", "-sign", "-cades", "-in", "document.json", "-signer", "key.pem", "-out", "m.eml")
    for options in ((), ("-binary",), ("-nodetach",)):
        subprocess.run([*made, *options], cwd=folder, capture_output=True, check=True)
        status, told, _ = run("verify", folder / "m.eml", *rest)
        assert (status, json.loads(told)["level"]) == (0, "BES")
        changed = (folder / "m.eml").read_bytes().replace("документ".encode(), "чужинець".encode())
        (folder / "m.eml").write_bytes(changed)
        assert run("verify", folder / "m.eml", *rest)[0] == (0 if options == ("-nodetach",) else 1)


def test_bundle_of_certificates_in_pem_is_read_whole() -> None:
    chain = doctor_of("ecdsa").chain
    parts = [armored("CERTIFICATE", found.der) for found in chain]
    trusted = armored("TRUSTED CERTIFICATE", chain[0].der + w.sequence(w.utf8("x")))
    assert read_certificates(b"text\n" + b"text\n".join(parts)) == list(chain)
    assert read_certificates(trusted) == [chain[0]]
    assert read_certificates(armored("PKCS7", signed_data(oids.DATA, None, chain, [], oids.SHA256)) + parts[0])
