"""dstu-core (Rust) and we: the same Kupyna, and each accepts the signatures of the other on the curve m=257.

Needs `pip install dstu-core`. It reads the digest as a big-endian number, Ukrainian practice as a little-endian one, so
the digest that we sign is turned around.
"""

import random

import pytest

from esoz.signature import curves, dstu4145, kupyna

dstu_core = pytest.importorskip("dstu_core", reason="dstu-core is not here: pip install dstu-core")

CURVE = curves.named(6)
FIELD_SIZE, CHANCE = 33, random.Random(8)


@pytest.mark.parametrize("size", [0, 1, 55, 63, 64, 65, 127, 128, 1000])
def test_kupyna_is_theirs(size: int) -> None:
    message = CHANCE.randbytes(size)
    assert bytes(dstu_core.kupyna256(message)) == kupyna.digest(message, 256)
    assert bytes(dstu_core.kupyna512(message)) == kupyna.digest(message, 512)


def test_our_signature_is_right_for_them_until_changed() -> None:
    secret, message = CHANCE.randrange(1, CURVE.order), CHANCE.randbytes(100)
    key = b"".join(number.to_bytes(FIELD_SIZE, "big") for number in dstu4145.public_key(CURVE, secret))
    signature = dstu4145.sign(CURVE, secret, kupyna.digest(message, 256)[::-1])
    theirs = b"".join(part[::-1].rjust(FIELD_SIZE, b"\0") for part in (signature[:32], signature[32:]))
    assert dstu_core.sign257_verify(key, message, theirs)
    assert not dstu_core.sign257_verify(key, message + b"x", theirs)
