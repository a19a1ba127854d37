"""The ciphers of key files by their identifiers, decrypting only: AES, Camellia, DES, RC2, RC4."""

from collections.abc import Callable
from typing import NamedTuple

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4, Camellia, TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from .. import oids
from ..errors import Unreadable, WrongPassword
from . import rc2

# Key, initial vector, encrypted bytes; the padding stays.
Decrypt = Callable[[bytes, bytes, bytes], bytes]


class BlockCipher(NamedTuple):
    """A cipher in CBC mode: the bytes of its key and of its block."""

    key_size: int
    block: int
    decrypt: Decrypt

    def opened(self, key: bytes, iv: bytes, encrypted: bytes) -> bytes:
        """The plain bytes without their padding; `WrongPassword` when the padding tells so."""
        if len(iv) != self.block or not encrypted or len(encrypted) % self.block:
            raise Unreadable("encrypted data of a wrong length")
        padded = self.decrypt(key, iv, encrypted)
        pad = padded[-1]
        if not 0 < pad <= self.block or padded[-pad:] != bytes((pad,)) * pad:
            raise WrongPassword("padding")
        return padded[:-pad]


def _standard(kind: Callable[[bytes], BlockCipherAlgorithm]) -> Decrypt:
    def decrypt(key: bytes, iv: bytes, encrypted: bytes) -> bytes:
        decryptor = Cipher(kind(key), modes.CBC(iv)).decryptor()
        return decryptor.update(encrypted) + decryptor.finalize()

    return decrypt


def _des(key: bytes, iv: bytes, encrypted: bytes) -> bytes:
    """Triple DES; a key of two parts is used as K1, K2, K1, one of a single part is simple DES."""
    return _standard(TripleDES)((key * 3)[:24], iv, encrypted)


def rc2_cipher(size: int) -> BlockCipher:
    """RC2 whose key has all its bits in effect."""
    return BlockCipher(size, 8, lambda key, iv, data: rc2.decrypt_cbc(key, 8 * size, iv, data))


def rc4(key: bytes, encrypted: bytes) -> bytes:
    """A stream cipher: the bytes in, the bytes out."""
    return Cipher(ARC4(key), mode=None).decryptor().update(encrypted)


DES, DOUBLE_DES, TRIPLE_DES = (BlockCipher(size, 8, _des) for size in (8, 16, 24))
_AES = {size: BlockCipher(size, 16, _standard(AES)) for size in (16, 24, 32)}
_CAMELLIA = {size: BlockCipher(size, 16, _standard(Camellia)) for size in (16, 24, 32)}

# Encryption schemes of PBES2 whose parameters are the initial vector alone.
CIPHERS = {
    oids.AES_128_CBC: _AES[16],
    oids.AES_192_CBC: _AES[24],
    oids.AES_256_CBC: _AES[32],
    oids.CAMELLIA_128_CBC: _CAMELLIA[16],
    oids.CAMELLIA_192_CBC: _CAMELLIA[24],
    oids.CAMELLIA_256_CBC: _CAMELLIA[32],
    oids.DES_EDE3_CBC: TRIPLE_DES,
    oids.DES_CBC: DES,
}
# The same by the names in the headers of old PEM files (RFC 1423).
PEM_CIPHERS = {
    "AES-128-CBC": _AES[16],
    "AES-192-CBC": _AES[24],
    "AES-256-CBC": _AES[32],
    "CAMELLIA-128-CBC": _CAMELLIA[16],
    "CAMELLIA-192-CBC": _CAMELLIA[24],
    "CAMELLIA-256-CBC": _CAMELLIA[32],
    "DES-EDE3-CBC": TRIPLE_DES,
    "DES-CBC": DES,
}
