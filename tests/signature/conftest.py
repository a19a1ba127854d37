"""Fixtures of the signature tests."""

from pathlib import Path

import pytest

from esoz.signature import Authority, Issued

from .centre import NO_VECTORS, SCHEMES, centre, doctor_of, vectors_folder
from .openssl import CONTENT, KINDS, openssl


@pytest.fixture(scope="session")
def vectors() -> Path:
    folder = vectors_folder()
    if folder is None:
        pytest.skip(NO_VECTORS)
    return folder


@pytest.fixture(params=SCHEMES)
def authority(request: pytest.FixtureRequest) -> Authority:
    return centre(request.param)


@pytest.fixture
def doctor(authority: Authority) -> Issued:
    return doctor_of(authority.scheme)


@pytest.fixture(scope="module", params=KINDS)
def person(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a self-signed certificate and its key, made by openssl."""
    folder = tmp_path_factory.mktemp(request.param)
    subject = ("-subj", "/CN=Франко Іван/SN=Франко/GN=Іван/serialNumber=TINUA-4444444444", "-utf8")
    usage = ("-addext", "keyUsage=critical,digitalSignature,nonRepudiation", "-days", "30")
    openssl(
        "req",
        "-x509",
        "-nodes",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
        *KINDS[request.param],
        *subject,
        *usage,
        folder=folder,
    )
    (folder / "content").write_bytes(CONTENT)
    return folder
