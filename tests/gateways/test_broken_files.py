"""Signed files, certificates and bundles with broken bytes in them: refused in the published form, never a failure."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel.errors import Problem
from esoz.signature import Authority, Issued, SignatureError, Subject, TrustList, sign
from tests.mutations import mutated_bytes

NOW = datetime(2026, 11, 22, tzinfo=UTC)
# Tags and lengths that make another kind of value of a name: its reader has to say so.
VALUES = (0x00, 0x02, 0x0C, 0x13, 0x1E, 0x30, 0x80, 0xFF)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("Центр", scheme="dstu-gost", random=random.Random(5).randbytes, at=NOW)


@pytest.fixture(scope="module")
def doctor(authority: Authority) -> Issued:
    subject = Subject("Лисенко", "Марко", drfo="3184710691", organization="Клініка", edrpou="44445555")
    return authority.issue(subject, valid_from=NOW, valid_to=NOW + timedelta(days=9))


@pytest.fixture(scope="module")
def verifier(authority: Authority) -> TrustListVerifier:
    return TrustListVerifier(TrustList(authority.certificates))


def judged(act: Callable[[], object]) -> None:
    """A value or a refusal; whatever else is raised comes through."""
    with suppress(Problem):
        act()


def test_names_of_the_signer_when_broken_then_refused(verifier: TrustListVerifier, doctor: Issued) -> None:
    document = sign(b'{"n": 1}', doctor.key, doctor.certificate, at=NOW)
    subject = doctor.certificate.subject.raw
    start = document.index(subject)
    for place in range(start, start + len(subject)):
        for value in VALUES:
            variant = bytearray(document)
            variant[place] = value
            judged(partial(verifier, bytes(variant), at=NOW))
            judged(partial(verifier.signer_of, bytes(variant)))


@pytest.mark.parametrize("count", [300, pytest.param(6000, marks=pytest.mark.slow)])
def test_files_when_mutated_then_refused(verifier: TrustListVerifier, doctor: Issued, count: int) -> None:
    source, document = random.Random(count), sign(b'{"n": 1}', doctor.key, doctor.certificate, at=NOW)
    for _ in range(count):
        changed = mutated_bytes(document, source)
        judged(partial(verifier, changed, at=NOW))
        certificate = mutated_bytes(doctor.certificate.der, source)
        judged(partial(verifier.read, certificate))
        with suppress(SignatureError):
            verifier.standing(certificate, at=NOW)
