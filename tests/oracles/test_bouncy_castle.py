"""Bouncy Castle and we: the same hashes, and each accepts the signatures of the other on every curve.

Needs `apt-get install libbcprov-java default-jdk-headless`.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from esoz.signature import curves, dstu4145, gost34311, kupyna
from esoz.signature.gost28147 import DEFAULT_SBOX

from .talking import Talker

JAR = Path("/usr/share/java/bcprov.jar")
CHANCE = random.Random(5)
SIZES = (0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1000)
NUMBERS = range(10)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def castle() -> Iterator[Talker]:
    if shutil.which("javac") is None or not JAR.exists():
        pytest.skip("Bouncy Castle is not here: apt-get install libbcprov-java default-jdk-headless")
    talker = Talker(["java", "-cp", JAR, Path(__file__).with_name("Primitives.java")])
    yield talker
    talker.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("sbox", [DEFAULT_SBOX, CHANCE.randbytes(64)], ids=["default", "another"])
def test_gost_hash_and_its_hmac_are_theirs(castle: Talker, sbox: bytes, size: int) -> None:
    message, key = CHANCE.randbytes(size), CHANCE.randbytes(1 + size % 40)
    assert castle.ask("gost", sbox.hex(), message.hex()) == [gost34311.digest(message, sbox).hex()]
    ours = gost34311.hmac_digest(key, message, sbox)
    assert castle.ask("hmac", sbox.hex(), key.hex(), message.hex()) == [ours.hex()]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("bits", [256, 384, 512])
def test_kupyna_is_theirs(castle: Talker, bits: int, size: int) -> None:
    message = CHANCE.randbytes(size)
    assert castle.ask("kupyna", bits, message.hex()) == [kupyna.digest(message, bits).hex()]


@pytest.mark.parametrize("number", NUMBERS)
def test_our_signature_is_right_for_them_until_changed(castle: Talker, number: int) -> None:
    curve = curves.named(number)
    secret, digest = CHANCE.randrange(1, curve.order), CHANCE.randbytes(32)
    x, y = dstu4145.public_key(curve, secret)
    signature = dstu4145.sign(curve, secret, digest)
    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half], "little"), int.from_bytes(signature[half:], "little")
    key = f"{x:x} {y:x}"
    assert castle.ask("verify", number, key, digest.hex(), f"{r:x} {s:x}") == ["true"]
    assert castle.ask("verify", number, key, digest.hex(), f"{r:x} {s ^ 1:x}") == ["false"]
    assert castle.ask("verify", number, key, digest[::-1].hex(), f"{r:x} {s:x}") == ["false"]


@pytest.mark.parametrize("number", NUMBERS)
def test_their_signature_and_public_key_are_right_for_us_until_changed(castle: Talker, number: int) -> None:
    curve = curves.named(number)
    secret, digest = CHANCE.randrange(1, curve.order), CHANCE.randbytes(32)
    r, s, *public = (int(word, 16) for word in castle.ask("sign", number, f"{secret:x}", digest.hex()))
    assert tuple(public) == dstu4145.public_key(curve, secret)
    size = curve.signature_part
    signature = r.to_bytes(size, "little") + s.to_bytes(size, "little")
    assert dstu4145.verify(curve, tuple(public), digest, signature)
    assert not dstu4145.verify(curve, tuple(public), digest[::-1], signature)
