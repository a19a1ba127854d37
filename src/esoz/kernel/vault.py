"""Encrypts what must never lie open in a database: tokens, secrets of clients, API-keys."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


class Sealed(ValueError):
    """The value was sealed with another secret, for another purpose, or was changed."""


class Vault:
    """AES-256-GCM with a key that follows from the installation's secret and from the name of the part."""

    def __init__(self, secret: bytes, name: str) -> None:
        key = HKDF(SHA256(), length=32, salt=None, info=name.encode()).derive(secret)
        self._cipher = AESGCM(key)
        self._marks = HKDF(SHA256(), length=32, salt=None, info=f"{name} marks".encode()).derive(secret)

    def seal(self, value: str, purpose: str) -> bytes:
        """Encrypt; `purpose` names the row it belongs to, so that it cannot be moved to another one."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, value.encode(), purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> str:
        """Decrypt. Raises Sealed."""
        try:
            value = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
        except InvalidTag as fault:
            raise Sealed(purpose) from fault
        return value.decode()

    def mark(self, value: str, purpose: str) -> bytes:
        """By what a row about a value is found again; who has only the database cannot try out values."""
        return hmac.digest(self._marks, f"{purpose}\0{value}".encode(), hashlib.sha256)
