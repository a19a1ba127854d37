"""Hash functions by their object identifiers."""

import hashlib

from cryptography.hazmat.primitives import hashes as standard

from . import budget, gost34311, kupyna, oids
from .errors import Unsupported
from .gost28147 import DEFAULT_SBOX

_STANDARD = {
    oids.SHA1: "sha1",
    oids.SHA224: "sha224",
    oids.SHA256: "sha256",
    oids.SHA384: "sha384",
    oids.SHA512: "sha512",
}
_KUPYNA = {oids.KUPYNA_256: 256, oids.KUPYNA_384: 384, oids.KUPYNA_512: 512}
# SHA-1 is here only to read old key files and certificates.
_PYCA: dict[str, standard.HashAlgorithm] = {
    oids.SHA1: standard.SHA1(),
    oids.SHA224: standard.SHA224(),
    oids.SHA256: standard.SHA256(),
    oids.SHA384: standard.SHA384(),
    oids.SHA512: standard.SHA512(),
}


class Message:
    """Bytes that several signatures cover: each hash of them is made once."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._digests: dict[tuple[str, bytes], bytes] = {}

    def digest(self, algorithm: str, sbox: bytes = DEFAULT_SBOX) -> bytes:
        """As the function of this name."""
        key = (algorithm, sbox if algorithm == oids.GOST_34311 else b"")
        if key not in self._digests:
            self._digests[key] = digest(algorithm, self.content, sbox)
        return self._digests[key]


def digest(algorithm: str, message: bytes, sbox: bytes = DEFAULT_SBOX) -> bytes:
    """The digest of a message; the S-box is for GOST 34.311 only. `Unsupported` for an unknown identifier."""
    budget.spend_on_bytes(len(message))
    if algorithm == oids.GOST_34311:
        return gost34311.digest(message, sbox)
    if algorithm in _KUPYNA:
        return kupyna.digest(message, _KUPYNA[algorithm])
    if algorithm in _STANDARD:
        return hashlib.new(_STANDARD[algorithm], message).digest()
    raise Unsupported(f"hash {algorithm}")


def name_of(algorithm: str) -> str:
    """The name `hashlib` knows an SHA by."""
    if algorithm not in _STANDARD:
        raise Unsupported(f"hash {algorithm}")
    return _STANDARD[algorithm]


def standard_hash(algorithm: str) -> standard.HashAlgorithm:
    """The same hash for `cryptography`."""
    if algorithm not in _PYCA:
        raise Unsupported(f"hash {algorithm}")
    return _PYCA[algorithm]
