"""The C code and the Python code are one: any difference is an error of the C code."""

import random
import subprocess
import sys

import pytest

from esoz.signature import accelerated, curves, gost34311, kupyna
from esoz.signature.gost28147 import DEFAULT_SBOX

pytestmark = pytest.mark.skipif(not accelerated, reason="the C code was not built")

CHANCE = random.Random(11)
SIZES = (*range(0, 140, 3), 255, 256, 257, 1000)


@pytest.fixture
def pure(monkeypatch: pytest.MonkeyPatch):
    """The Python code alone."""

    def switch_off() -> None:
        monkeypatch.setattr(gost34311, "_NATIVE", None)
        monkeypatch.setattr(kupyna, "_NATIVE", None)

    return switch_off


def test_gost_hash_of_any_length_and_sbox_is_the_same(pure) -> None:
    messages = [CHANCE.randbytes(size) for size in SIZES] + [b"\xff" * 96]
    sboxes = [DEFAULT_SBOX, CHANCE.randbytes(64)]
    fast = [gost34311.digest(message, sbox) for message in messages for sbox in sboxes]
    pure()
    assert fast == [gost34311.digest(message, sbox) for message in messages for sbox in sboxes]


@pytest.mark.parametrize("bits", [256, 384, 512])
def test_kupyna_of_any_length_is_the_same(bits: int, pure) -> None:
    messages = [CHANCE.randbytes(size) for size in SIZES]
    fast = [kupyna.digest(message, bits) for message in messages]
    pure()
    assert fast == [kupyna.digest(message, bits) for message in messages]


@pytest.mark.parametrize("rounds", [1, 2, 7])
@pytest.mark.parametrize("password", [b"", b"password", b"p" * 40])
def test_key_derivation_is_the_same(password: bytes, rounds: int, pure) -> None:
    salts = [CHANCE.randbytes(size) for size in (0, 8, 32, 64, 65)]
    fast = [gost34311.pbkdf2(password, salt, rounds) for salt in salts]
    pure()
    assert fast == [gost34311.pbkdf2(password, salt, rounds) for salt in salts]


@pytest.mark.parametrize("number", range(10))
def test_combination_of_points_is_the_same(number: int) -> None:
    curve = curves.named(number)
    assert curve._native is not None
    point = curve.base_times(CHANCE.randrange(1, curve.order))
    top = curve.order - 1
    pairs = [(CHANCE.randrange(curve.order), CHANCE.randrange(curve.order)), (top, top), (1, 0), (0, 1), (1, 1)]
    for s, r in pairs:
        fast, slow = curve._combine_natively(curve._native, s, r, point), curve._combine(s, r, point)
        assert curve.to_affine([fast]) == curve.to_affine([slow])
    assert curve.combine(5, top - 4, curve.base)[2] == 0


def test_pure_python_when_asked_for_then_is_used() -> None:
    code = "import esoz.signature as s; raise SystemExit(int(s.accelerated))"
    done = subprocess.run([sys.executable, "-c", code], env={"ESOZ_SIGNATURE_PURE": "1"}, check=False)
    assert done.returncode == 0
