"""Whatever is signed, by whatever key, verifies as itself and as nothing else."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esoz.signature import (
    Authority,
    Dstu4145Key,
    EcdsaKey,
    PrivateKey,
    SignatureError,
    WrongSignature,
    algorithms,
    der,
    oids,
    sign,
    verify,
)

from .centre import DOCTOR, NOW, SCHEMES, centre, doctor_of

MODEST = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("scheme", SCHEMES)
@MODEST
@given(content=st.binary(max_size=300), other=st.binary(max_size=300), minutes=st.integers(0, 60 * 24 * 100))
def test_document_when_signed_then_verifies_as_itself_alone(
    scheme: str, content: bytes, other: bytes, minutes: int
) -> None:
    doctor, trust = doctor_of(scheme), centre(scheme).trust
    at = NOW - timedelta(minutes=minutes)
    data = sign(content, doctor.key, doctor.certificate, at=at, detached=True)
    result = verify(data, trust, at=NOW, content=content)
    assert (result.content, result.signers[0].signed_at) == (content, at)
    if other != content:
        with pytest.raises(SignatureError):
            verify(data, trust, at=NOW, content=other)


DIGESTS = {
    "dstu": (oids.GOST_34311, oids.KUPYNA_256, oids.KUPYNA_384, oids.KUPYNA_512),
    "ecdsa": (oids.SHA256, oids.SHA384, oids.SHA512),
}


def new_key(kind: str, seed: int) -> PrivateKey:
    source = random.Random(seed).randbytes
    return EcdsaKey.generate(source) if kind == "ecdsa" else Dstu4145Key.generate(source, seed % 10)


@pytest.mark.parametrize(("kind", "digest"), [(kind, digest) for kind, all_of in DIGESTS.items() for digest in all_of])
@MODEST
@given(seed=st.integers(0, 1 << 32), message=st.binary(max_size=200), flip=st.integers(0, 7))
def test_key_on_any_curve_when_it_signs_then_only_its_signature_fits(
    kind: str, digest: str, seed: int, message: bytes, flip: int
) -> None:
    key, stranger = new_key(kind, seed), new_key(kind, seed + 10)
    signature = key.sign(digest, message)
    algorithm = algorithms.read_identifier(der.read(key.signature_algorithm(digest)))[0]
    key.public.verify(algorithm, digest, message, signature)
    changed = bytes((signature[0] ^ 1 << flip,)) + signature[1:]
    for public, text, value in (
        (stranger.public, message, signature),
        (key.public, message + b"!", signature),
        (key.public, message, changed),
    ):
        with pytest.raises(WrongSignature):
            public.verify(algorithm, digest, text, value)


@MODEST
@given(seed=st.integers(0, 1 << 32))
def test_authority_from_any_seed_when_made_then_its_people_verify(seed: int) -> None:
    authority = Authority.create("Центр", scheme="ecdsa", random=random.Random(seed).randbytes, at=NOW)
    issued = authority.issue(DOCTOR, valid_from=NOW, valid_to=NOW + timedelta(days=1))
    data = sign(b"x", issued.key, issued.certificate, at=NOW)
    assert verify(data, authority.trust, at=NOW).signers[0].certificate == issued.certificate
