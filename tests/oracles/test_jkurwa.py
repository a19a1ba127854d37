"""jkurwa and gost89 of npm and we: the same hash, and each accepts the documents that the other signed.

Needs Node.js and `npm ci --prefix signer` (versions and hashes are in signer/package-lock.json). They know GOST only.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from esoz.signature import WrongContent, WrongSignature, gost34311, sign, verify

from ..signature.centre import NOW, centre, doctor_of
from .talking import Talker

HERE = Path(__file__).parent
MODULES = HERE.parent.parent / "signer" / "node_modules"
CHANCE = random.Random(6)
SCHEME = "dstu-gost"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jkurwa() -> Iterator[Talker]:
    node = shutil.which("node")
    if node is None or not (MODULES / "jkurwa").is_dir():
        pytest.skip("jkurwa is not here: npm ci --prefix signer")
    talker = Talker([node, HERE / "jkurwa.cjs", MODULES])
    yield talker
    talker.close()


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 64, 65, 1000])
def test_hash_is_theirs(jkurwa: Talker, size: int) -> None:
    message = CHANCE.randbytes(size)
    assert jkurwa.ask("hash", message.hex()) == [gost34311.digest(message).hex()]


@pytest.mark.parametrize("size", [1, 100, 5000])
def test_our_document_is_right_for_them_until_changed(jkurwa: Talker, size: int) -> None:
    doctor, content = doctor_of(SCHEME), CHANCE.randbytes(size)
    data = sign(content, doctor.key, doctor.certificate, at=NOW)
    assert jkurwa.ask("verify", data.hex()) == ["true"]
    assert jkurwa.ask("content", data.hex()) == [content.hex()]
    place = data.index(content)
    changed = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
    assert jkurwa.ask("verify", changed.hex()) == ["false"]


@pytest.mark.parametrize("size", [1, 100, 5000])
def test_their_document_is_right_for_us_until_changed(jkurwa: Talker, size: int) -> None:
    doctor, content = doctor_of(SCHEME), CHANCE.randbytes(size)
    words = (doctor.key.pkcs8.hex(), doctor.certificate.der.hex(), content.hex(), int(NOW.timestamp()))
    data = bytes.fromhex(jkurwa.ask("sign", *words)[0])
    found = verify(data, centre(SCHEME).trust, at=NOW)
    assert found.content == content
    assert found.signers[0].certificate == doctor.certificate
    assert found.signers[0].signed_at == NOW
    place = data.index(content)
    with pytest.raises((WrongContent, WrongSignature)):
        verify(data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :], centre(SCHEME).trust, at=NOW)
