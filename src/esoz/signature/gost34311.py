"""The hash GOST 34.311-95 with any S-box, its HMAC and PBKDF2."""

from functools import lru_cache
from operator import itemgetter
from struct import unpack
from types import ModuleType

from ._accelerator import native_if
from .gost28147 import DEFAULT_SBOX, Cipher, cipher

DIGEST_SIZE = BLOCK_SIZE = 32

_NATIVE_SALT = 64
_64 = (1 << 64) - 1
_256 = (1 << 256) - 1
_C3 = 0xFF00FFFF000000FFFF0000FF00FFFF0000FF00FF00FF00FFFF00FF00FF00FF00
# The permutation P: byte i + 4k of the result is byte 8i + k of the argument.
_PERMUTE = itemgetter(*(8 * (i % 4) + i // 4 for i in range(32)))


def digest(message: bytes, sbox: bytes = DEFAULT_SBOX) -> bytes:
    """The 32-byte hash of a message."""
    return repeated(message, 1, sbox)


def repeated(message: bytes, times: int, sbox: bytes = DEFAULT_SBOX) -> bytes:
    """The hash of the hash ... of a message, at least once: what old key containers make of a password."""
    if _NATIVE is not None and len(sbox) == len(DEFAULT_SBOX):
        return bytes(_NATIVE.gost34311(message, sbox, times))
    engine = cipher(sbox)
    for _ in range(times):
        message = _finish(engine, 0, message, 0)
    return message


def is_native() -> bool:
    """Whether the C code does the work."""
    return _NATIVE is not None


def hmac_digest(key: bytes, message: bytes, sbox: bytes = DEFAULT_SBOX) -> bytes:
    """HMAC (RFC 2104) with a block of 32 bytes."""
    return _hmac(cipher(sbox), *_pads(key, sbox), message)


def pbkdf2(password: bytes, salt: bytes, rounds: int, sbox: bytes = DEFAULT_SBOX) -> bytes:
    """32 bytes of PBKDF2 (RFC 8018) with HMAC-GOST 34.311."""
    if _NATIVE is not None and len(salt) <= _NATIVE_SALT:
        key = digest(password, sbox) if len(password) > BLOCK_SIZE else password
        return bytes(_NATIVE.pbkdf2(key.ljust(BLOCK_SIZE, b"\0"), salt, rounds, sbox))
    engine, (inner, outer) = cipher(sbox), _pads(password, sbox)
    block = _hmac(engine, inner, outer, salt + b"\0\0\0\1")
    total = int.from_bytes(block, "little")
    for _ in range(rounds - 1):
        block = _hmac(engine, inner, outer, block)
        total ^= int.from_bytes(block, "little")
    return total.to_bytes(32, "little")


# A hash state after one whole block: the value and the block itself (it enters the checksum).
_Pad = tuple[int, int]


@lru_cache(maxsize=16)
def _pads(key: bytes, sbox: bytes) -> tuple[_Pad, _Pad]:
    if len(key) > BLOCK_SIZE:
        key = digest(key, sbox)
    value = int.from_bytes(key, "little")
    inner, outer = (value ^ int.from_bytes(bytes((byte,)) * 32, "little") for byte in (0x36, 0x5C))
    engine = cipher(sbox)
    return (_step(engine, 0, inner), inner), (_step(engine, 0, outer), outer)


def _hmac(engine: Cipher, inner: _Pad, outer: _Pad, message: bytes) -> bytes:
    return _finish(engine, outer[0], _finish(engine, inner[0], message, inner[1]), outer[1])


def _finish(engine: Cipher, state: int, message: bytes, first_block: int) -> bytes:
    """Hash the rest of a message; `first_block` (0 when none) was already taken into `state`."""
    checksum = first_block
    length = 8 * len(message) + (256 if first_block else 0)
    for i in range(0, len(message), 32):
        block = int.from_bytes(message[i : i + 32], "little")
        checksum += block
        state = _step(engine, state, block)
    state = _step(engine, state, length)
    return _step(engine, state, checksum & _256).to_bytes(32, "little")


def _step(engine: Cipher, h: int, m: int) -> int:
    """One step of the compression function (GOST 34.311-95, 5 and 6)."""
    encrypt = engine.encrypt_block
    u, v, s = h, m, 0
    for i in range(4):
        if i:
            u = _mix(u)
            if i == 2:
                u ^= _C3
            v = _mix(_mix(v))
        key = unpack("<8I", bytes(_PERMUTE((u ^ v).to_bytes(32, "little"))))
        s |= encrypt(key, h >> 64 * i & _64) << 64 * i
    words = unpack("<48H", h.to_bytes(32, "little") + m.to_bytes(32, "little") + s.to_bytes(32, "little"))
    result = 0
    for word, pattern in zip(words, _SHUFFLE, strict=True):
        result ^= word * pattern
    return result


def _mix(y: int) -> int:
    """A(y4|y3|y2|y1) = (y1 ^ y2)|y4|y3|y2."""
    rest = y >> 64
    return ((y ^ rest) & _64) << 192 | rest


def _psi(y: int) -> int:
    """One step of the shift register over 16-bit words."""
    fresh = y ^ y >> 16 ^ y >> 32 ^ y >> 48 ^ y >> 192 ^ y >> 240
    return (fresh & 0xFFFF) << 240 | y >> 16


def _shuffle_patterns() -> list[int]:
    """psi^61(H ^ psi(M ^ psi^12(S))) for every 16-bit word of H, M and S.

    psi is linear and treats all 16 bits of a word alike, so a power of it copies a word to certain places: the
    product with a number that has ones there.
    """
    images = [1 << 16 * i for i in range(16)]
    powers: dict[int, list[int]] = {}
    for power in range(1, 75):
        images = [_psi(image) for image in images]
        powers[power] = images
    return powers[61] + powers[62] + powers[74]


_SHUFFLE = _shuffle_patterns()


def _compare(native: ModuleType) -> bool:
    """The C code against the Python code: a message of three blocks, and a short derivation."""
    message = bytes(range(70))
    key = b"key".ljust(BLOCK_SIZE, b"\0")
    ours = (digest(message), repeated(message, 3), pbkdf2(b"key", message[:8], 2))
    theirs = tuple(native.gost34311(message, DEFAULT_SBOX, times) for times in (1, 3))
    return ours == (*theirs, native.pbkdf2(key, message[:8], 2, DEFAULT_SBOX))


_NATIVE: ModuleType | None = None
_NATIVE = native_if(_compare)
