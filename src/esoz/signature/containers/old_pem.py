"""Keys encrypted by the headers of PEM (RFC 1423), as openssl wrote them before PKCS#8."""

import hashlib
import re

from ..errors import Unreadable, UnsupportedKeyFile
from ..pem import Block
from .ciphers import PEM_CIPHERS
from .encryption import must_be_structure
from .passwords import Secret

_DEK_INFO = re.compile(rb"^DEK-Info:[ ]*([A-Z0-9-]{1,40}),[ ]*([0-9A-Fa-f]{16,32})[ ]*\r?$", re.MULTILINE)
_SALT = 8


def decrypt(block: Block, secret: Secret) -> bytes:
    """The key in DER; `WrongPassword` when the padding tells so, `UnsupportedKeyFile` for other ciphers."""
    found = _DEK_INFO.search(block.headers)
    if found is None or len(found[2]) % 2:
        raise Unreadable("an encrypted key without DEK-Info")
    name, iv = found[1].decode(), bytes.fromhex(found[2].decode())
    if name not in PEM_CIPHERS:
        raise UnsupportedKeyFile(f"cipher {name}")
    cipher = PEM_CIPHERS[name]
    return must_be_structure(cipher.opened(_key(secret, iv[:_SALT], cipher.key_size), iv, block.content))


def _key(secret: Secret, salt: bytes, size: int) -> bytes:
    """MD5 of the password and the salt, chained once for each 16 bytes (EVP_BytesToKey of openssl)."""
    key = block = b""
    while len(key) < size:
        block = hashlib.md5(block + secret.octets + salt, usedforsecurity=False).digest()
        key += block
    return key[:size]
