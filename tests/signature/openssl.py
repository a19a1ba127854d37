"""openssl as the other side: how it is run, and what it made."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esoz.signature import Certificate

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

CONTENT = '{"документ": 1}\r\nдругий рядок\n'.encode()
KINDS = {"rsa": ["-newkey", "rsa:2048"], "ecdsa": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]}


def openssl(*arguments: object, folder: Path) -> bytes:
    """Run openssl in a folder; a failure is an error with its words."""
    done = subprocess.run(["openssl", *map(str, arguments)], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def certificate(folder: Path) -> Certificate:
    return Certificate.parse((folder / "cert.pem").read_bytes())


def now() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)
