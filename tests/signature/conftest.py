"""Fixtures of the signature tests."""

from pathlib import Path

import pytest

from esoz.signature import Authority, Issued

from .centre import NO_VECTORS, SCHEMES, centre, doctor_of, vectors_folder


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
