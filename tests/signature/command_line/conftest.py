"""A folder with documents, signatures, keys and a trust list, and the command itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from esoz.signature import (
    sign,
    write_jks,
)
from esoz.signature.command_line import main

from ..centre import NOW, centre, doctor_of

CONTENT = '{"документ": 1}'.encode()
AT = NOW.isoformat()
PASSWORD = "таємниця"
FIELDS = [
    "valid",
    "common_name",
    "surname",
    "given_name",
    "drfo",
    "edrpou",
    "signed_at",
    "certificate_valid",
    "chain",
    "reasons",
]

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
