"""A password as a file may have spelt it, how much work may be spent on it, and the keys derived from it."""

import hashlib
import hmac
from collections.abc import Iterator
from functools import partial

from .. import gost34311, oids
from ..arguments import text
from ..errors import UnsupportedKeyFile

# Work is counted in rounds of an ordinary hash, about a microsecond each. Programs of 2026 ask for 600,000 rounds a
# key (GnuTLS, NSS), and triple DES takes three times as many; with this much a hostile file costs four seconds.
MOST_WORK = 4_500_000
# A round of HMAC with GOST 34.311. An honest file asks for 10,000 of them for each key (there are files with ten), for
# the certificates and for the authentication code. With the C code a round costs as much; without it such a file takes
# a minute, and nothing can be done about that.
_GOST_WORK = 8 if gost34311.is_native() else 36
# Reading an RSA key means checking that its numbers are primes.
KEY_WORK = 50_000
# scrypt fills 128 r N bytes of memory; a step of it costs as much as half a round.
_MOST_SCRYPT_BYTES = 256 * 1024 * 1024
_SCRYPT_STEPS = 2

_PRF = {
    oids.HMAC_MD5: "md5",
    oids.HMAC_SHA1: "sha1",
    oids.HMAC_SHA224: "sha224",
    oids.HMAC_SHA256: "sha256",
    oids.HMAC_SHA384: "sha384",
    oids.HMAC_SHA512: "sha512",
    oids.HMAC_SHA512_224: "sha512_224",
    oids.HMAC_SHA512_256: "sha512_256",
}
_HASHES = {
    oids.MD5: "md5",
    oids.SHA1: "sha1",
    oids.SHA224: "sha224",
    oids.SHA256: "sha256",
    oids.SHA384: "sha384",
    oids.SHA512: "sha512",
    oids.SHA512_224: "sha512_224",
    oids.SHA512_256: "sha512_256",
    oids.SHA3_256: "sha3_256",
    oids.SHA3_384: "sha3_384",
    oids.SHA3_512: "sha3_512",
}


class TooMuchWork(UnsupportedKeyFile):
    """A file asks for more than any honest one: not only the piece that does so, but all of it is refused."""


class Work:
    """What one file may still ask for."""

    def __init__(self) -> None:
        self._left = MOST_WORK

    def spend(self, rounds: int) -> None:
        """`TooMuchWork` when a file asks for more than any honest one."""
        if not 0 < rounds <= self._left:
            raise TooMuchWork(f"{rounds} rounds of key derivation")
        self._left -= rounds


class Secret:
    """One spelling of a password."""

    def __init__(self, octets: bytes, wide: bytes, work: Work) -> None:
        # For most formats; for PKCS#12, where UTF-16 and two zero bytes at the end are due (RFC 7292, B.1).
        self.octets, self.wide, self.work = octets, wide, work
        # Java key stores: UTF-16 without an end.
        self.java = wide.removesuffix(b"\0\0")

    def pbkdf2(self, prf: str, salt: bytes, rounds: int, size: int) -> bytes:
        """RFC 8018, 5.2; GOST 34.311 gives 32 bytes, as every key of GOST 28147 has."""
        if prf == oids.HMAC_GOST_34311:
            self.work.spend(rounds * _GOST_WORK)
            return gost34311.pbkdf2(self.octets, salt, rounds)
        if prf not in _PRF:
            raise UnsupportedKeyFile(f"key derivation with {prf}")
        blocks = -(-size // hashlib.new(_PRF[prf]).digest_size)
        self.work.spend(rounds * blocks)
        return hashlib.pbkdf2_hmac(_PRF[prf], self.octets, salt, rounds, size)

    def scrypt(self, salt: bytes, n: int, r: int, p: int, size: int) -> bytes:
        """RFC 7914."""
        memory = 128 * n * r
        if n < 2 or n & (n - 1) or r < 1 or p < 1 or memory > _MOST_SCRYPT_BYTES:
            raise UnsupportedKeyFile(f"scrypt with N={n}, r={r}, p={p}")
        self.work.spend(-(-n * r * p // _SCRYPT_STEPS))
        return hashlib.scrypt(self.octets, salt=salt, n=n, r=r, p=p, maxmem=memory + 2**20 + 256 * r * p, dklen=size)

    def pbkdf1(self, name: str, salt: bytes, rounds: int) -> bytes:
        """RFC 8018, 5.1: sixteen bytes by MD5 or SHA-1."""
        self.work.spend(rounds)
        return _repeated(name, self.octets + salt, rounds)[:16]

    def jceks(self, salt: bytes, rounds: int) -> bytes:
        """Sun's own derivation: both halves of the salt apart, 32 bytes by MD5."""
        self.work.spend(2 * rounds)
        halves = [salt[:4], salt[4:]]
        if halves[0] == halves[1]:
            # Sun's code means to reverse the first half here and does it wrongly; files are as the code is.
            halves[0] = bytes((salt[3], salt[0], salt[1], salt[3]))
        value = b""
        for half in halves:
            block = half
            for _ in range(rounds):
                block = hashlib.md5(block + self.octets, usedforsecurity=False).digest()
            value += block
        return value

    def pkcs12_key(self, purpose: int, salt: bytes, rounds: int, size: int, digest: str = oids.SHA1) -> bytes:
        """RFC 7292, B.2; `purpose` is 1 for a key, 2 for an initial vector, 3 for an authentication code."""
        name = None if digest == oids.GOST_34311 else _name(digest)
        block = gost34311.BLOCK_SIZE if name is None else hashlib.new(name).block_size
        width = 32 if name is None else hashlib.new(name).digest_size
        diversifier, mixed = bytes((purpose,)) * block, _stretched(salt, block) + _stretched(self.wide, block)
        key = b""
        while True:
            self.work.spend(rounds * (_GOST_WORK if name is None else 1))
            value = _repeated(name, diversifier + mixed, rounds)
            key += value
            if len(key) >= size:
                return key[:size]
            mixed = _added(mixed, (value * (block // width + 1))[:block])

    def pkcs12_mac(self, digest: str, salt: bytes, rounds: int, content: bytes) -> bytes:
        """The authentication code of a PKCS#12 file (RFC 7292, 5.1)."""
        if digest == oids.GOST_34311:
            key = self.pkcs12_key(3, salt, rounds, gost34311.BLOCK_SIZE, digest)
            return gost34311.hmac_digest(key, content)
        size = hashlib.new(_name(digest)).digest_size
        return hmac.digest(self.pkcs12_key(3, salt, rounds, size, digest), content, _name(digest))

    def pbmac1(self, mac: str, key: bytes, content: bytes) -> bytes:
        """An authentication code with a key derived already (RFC 9579)."""
        if mac == oids.HMAC_GOST_34311:
            return gost34311.hmac_digest(key, content)
        if mac not in _PRF:
            raise UnsupportedKeyFile(f"authentication code {mac}")
        return hmac.digest(key, content, _PRF[mac])


def spellings(password: str, work: Work) -> Iterator[Secret]:
    """The password as it may have been spelt when the file was made, the right way first; ASCII has one spelling."""
    octets, wide = text(password, "password").encode(), password.encode("utf-16-be")
    yield Secret(octets, wide + b"\0\0", work)
    if not password:
        # No password at all is another thing in PKCS#12 than an empty one.
        yield Secret(b"", b"", work)
    elif not password.isascii():
        # Programs of IIT took passwords in the Windows code page; old openssl widened every byte of UTF-8 by itself.
        narrow = password.encode("cp1251", errors="replace")
        yield Secret(narrow, octets.decode("latin-1").encode("utf-16-be") + b"\0\0", work)


def _name(digest: str) -> str:
    if digest not in _HASHES:
        raise UnsupportedKeyFile(f"hash {digest}")
    return _HASHES[digest]


def _repeated(name: str | None, value: bytes, rounds: int) -> bytes:
    """A hash over itself; None is GOST 34.311."""
    if name is None:
        return gost34311.repeated(value, rounds)
    hashed = getattr(hashlib, name, partial(hashlib.new, name))
    for _ in range(rounds):
        value = hashed(value).digest()
    return value


def _stretched(data: bytes, block: int) -> bytes:
    """Repeated to whole blocks."""
    size = -(-len(data) // block) * block
    return (data * (size // len(data) + 1))[:size] if data else b""


def _added(blocks: bytes, value: bytes) -> bytes:
    """Every block plus the value plus one, without the carry out of it."""
    size, addend = len(value), int.from_bytes(value, "big") + 1
    pieces = (int.from_bytes(blocks[at : at + size], "big") + addend for at in range(0, len(blocks), size))
    return b"".join((piece % (1 << 8 * size)).to_bytes(size, "big") for piece in pieces)
