"""The block cipher GOST 28147-89 (DSTU GOST 28147:2009) with any S-box: simple substitution, CFB, MAC."""

from collections.abc import Iterable
from functools import lru_cache
from struct import pack, unpack

from .errors import Unreadable

# The default long-term key element "DKE 1" of the Ukrainian instruction: 8 S-boxes of 16 nibbles, two a byte.
DEFAULT_SBOX = bytes.fromhex(
    "a9d6eb45f13c708280c4967b231f5eadf658eba4c037291d38d96bf025ca4e17"
    "f8e9720dc615b43a28975f0bc1dea36438b564ea2c179fd0123e6db8fac57904"
)

_MASK = 0xFFFFFFFF


class Cipher:
    """GOST 28147 with one S-box; the key comes with each call, because the hash changes it every time."""

    def __init__(self, sbox: bytes) -> None:
        if len(sbox) != 64:
            raise Unreadable("an S-box of a wrong length")
        rows = [[byte >> shift & 15 for byte in sbox[8 * i : 8 * i + 8] for shift in (4, 0)] for i in range(8)]
        # Substitution and rotation for 12, 12 and 8 bits of the sum at once. Larger tables are slower: they do not
        # stay in the cache. The last table is doubled, so that the carry of the addition need not be cut off.
        self._tables = _table(rows[:3], 0), _table(rows[3:6], 12), _table(rows[6:], 24) * 2

    def encrypt_block(self, key: tuple[int, ...], block: int) -> int:
        """One 64-bit block, little endian, under eight 32-bit words of key. Unrolled: the hash lives on it."""
        p, q, r = self._tables
        k0, k1, k2, k3, k4, k5, k6, k7 = key
        a, b = block & _MASK, block >> 32
        for s0, s1, s2, s3, s4, s5, s6, s7 in (key, key, key, (k7, k6, k5, k4, k3, k2, k1, k0)):
            x = a + s0
            b ^= p[x & 4095] ^ q[x >> 12 & 4095] ^ r[x >> 24]
            x = b + s1
            a ^= p[x & 4095] ^ q[x >> 12 & 4095] ^ r[x >> 24]
            x = a + s2
            b ^= p[x & 4095] ^ q[x >> 12 & 4095] ^ r[x >> 24]
            x = b + s3
            a ^= p[x & 4095] ^ q[x >> 12 & 4095] ^ r[x >> 24]
            x = a + s4
            b ^= p[x & 4095] ^ q[x >> 12 & 4095] ^ r[x >> 24]
            x = b + s5
            a ^= p[x & 4095] ^ q[x >> 12 & 4095] ^ r[x >> 24]
            x = a + s6
            b ^= p[x & 4095] ^ q[x >> 12 & 4095] ^ r[x >> 24]
            x = b + s7
            a ^= p[x & 4095] ^ q[x >> 12 & 4095] ^ r[x >> 24]
        return a << 32 | b

    def decrypt_block(self, key: tuple[int, ...], block: int) -> int:
        """The inverse of `encrypt_block`."""
        backwards = key[::-1]
        return self._rounds((*key, *backwards, *backwards, *backwards), block)

    def _rounds(self, keys: Iterable[int], block: int) -> int:
        p, q, r = self._tables
        a, b = block & _MASK, block >> 32
        for key in keys:
            x = a + key
            a, b = b ^ p[x & 4095] ^ q[x >> 12 & 4095] ^ r[x >> 24], a
        return a << 32 | b

    def decrypt_ecb(self, key: bytes, data: bytes) -> bytes:
        """Simple substitution back; the data are whole blocks."""
        words = _key_words(key)
        return b"".join(pack("<Q", self.decrypt_block(words, block)) for block in _blocks(data))

    def encrypt_ecb(self, key: bytes, data: bytes) -> bytes:
        """Simple substitution; the data are whole blocks."""
        words = _key_words(key)
        return b"".join(pack("<Q", self.encrypt_block(words, block)) for block in _blocks(data))

    def encrypt_cfb(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """Gamma with feedback."""
        return self._feedback(key, iv, data, decrypt=False)

    def decrypt_cfb(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """Gamma with feedback, back."""
        return self._feedback(key, iv, data, decrypt=True)

    def _feedback(self, key: bytes, iv: bytes, data: bytes, *, decrypt: bool) -> bytes:
        words = _key_words(key)
        if len(iv) != 8:
            raise Unreadable("an initial vector of a wrong length")
        out, register = [], iv
        for i in range(0, len(data), 8):
            gamma = pack("<Q", self.encrypt_block(words, unpack("<Q", register)[0]))
            chunk = data[i : i + 8]
            mixed = bytes(x ^ y for x, y in zip(chunk, gamma, strict=False))
            out.append(mixed)
            register = chunk if decrypt else mixed
        return b"".join(out)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """The 4-byte authentication code: 16 rounds a block; the data are padded with zeros to whole blocks."""
        words = _key_words(key)
        state = 0
        for block in _blocks(data + bytes(-len(data) % 8)):
            swapped = self._rounds((*words, *words), state ^ block)
            # After an even number of rounds the halves are not exchanged in the MAC mode.
            state = (swapped & _MASK) << 32 | swapped >> 32
        return pack("<I", state & _MASK)


@lru_cache(maxsize=8)
def cipher(sbox: bytes = DEFAULT_SBOX) -> Cipher:
    """The cipher of an S-box; the tables are built once."""
    return Cipher(sbox)


def _table(rows: list[list[int]], position: int) -> list[int]:
    """The substitution of the nibbles that stand from `position` on, rotated to the left by 11."""
    table = [0]
    for index, row in enumerate(rows):
        shift = position + 4 * index
        outputs = [value << shift for value in row]
        outputs = [(value << 11 | value >> 21) & _MASK for value in outputs]
        table = [high | low for high in outputs for low in table]
    return table


def _key_words(key: bytes) -> tuple[int, ...]:
    if len(key) != 32:
        raise Unreadable("a key of a wrong length")
    return unpack("<8I", key)


def _blocks(data: bytes) -> tuple[int, ...]:
    if len(data) % 8:
        raise Unreadable("encrypted data of a wrong length")
    return unpack(f"<{len(data) // 8}Q", data)
