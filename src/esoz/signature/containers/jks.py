"""Java key stores (JKS), the usual key file of PrivatBank."""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from struct import pack

from .. import der, oids
from .. import der_writer as w
from ..algorithms import identifier, read_identifier
from ..errors import Unreadable, Unsupported, WrongPassword

MAGIC = b"\xfe\xed\xfe\xed"

_SALT = _CHECK = 20
_PRIVATE, _TRUSTED = 1, 2


@dataclass(frozen=True)
class Entry:
    """A decrypted PrivateKeyInfo (None for a trusted certificate alone) and certificates in DER, the key's first."""

    key: bytes | None
    certificates: tuple[bytes, ...]


def read(data: bytes, password: str) -> list[Entry]:
    """Every entry; `WrongPassword` when the seal of the file does not fit."""
    body, seal = data[:-_CHECK], data[-_CHECK:]
    if not hmac.compare_digest(_seal(body, password), seal):
        raise WrongPassword("JKS seal")
    cursor = _Cursor(body, len(MAGIC))
    version, count = cursor.number(), cursor.number()
    if version not in (1, 2):
        raise Unsupported("JKS of an unknown version")
    entries = []
    for _ in range(count):
        kind = cursor.number()
        cursor.short_bytes()
        cursor.skip(8)
        if kind == _PRIVATE:
            key = _open(cursor.long_bytes(), password)
            entries.append(Entry(key, tuple(cursor.certificate(version) for _ in range(cursor.number()))))
        elif kind == _TRUSTED:
            entries.append(Entry(None, (cursor.certificate(version),)))
        else:
            raise Unsupported("a JKS entry that is neither a key nor a certificate")
    return entries


class _Cursor:
    """Reads the big-endian fields of the Java format; running out of data is `Unreadable`."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data, self._position = data, position

    def skip(self, size: int) -> bytes:
        """The next bytes."""
        end = self._position + size
        if end > len(self._data):
            raise Unreadable("JKS ends too early")
        chunk, self._position = self._data[self._position : end], end
        return chunk

    def number(self) -> int:
        """Four bytes."""
        return int.from_bytes(self.skip(4), "big")

    def short_bytes(self) -> bytes:
        """A text with two bytes of length."""
        return self.skip(int.from_bytes(self.skip(2), "big"))

    def long_bytes(self) -> bytes:
        """Bytes with four bytes of length."""
        return self.skip(self.number())

    def certificate(self, version: int) -> bytes:
        """A certificate; its type stands before it since version 2."""
        if version > 1:
            self.short_bytes()
        return self.long_bytes()


def write(
    pairs: Iterable[tuple[bytes, list[bytes]]], password: str, alias: str, random: Callable[[int], bytes]
) -> bytes:
    """A store of version 2; keys after the first have a number in their alias, the dates are left empty."""
    entries = [
        _entry(key, chain, password, alias if number == 1 else f"{alias}-{number}", random)
        for number, (key, chain) in enumerate(pairs, 1)
    ]
    body = MAGIC + pack(">II", 2, len(entries)) + b"".join(entries)
    return body + _seal(body, password)


def _entry(
    key: bytes, chain: list[bytes], password: str, alias: str, random: Callable[[int], bytes]
) -> bytes:
    name = alias.encode()
    sealed = _close(key, password, random(_SALT))
    parts = [pack(">I", _PRIVATE), pack(">H", len(name)), name, bytes(8)]
    parts += [pack(">I", len(sealed)), sealed, pack(">I", len(chain))]
    for certificate in chain:
        parts += [pack(">H", 5), b"X.509", pack(">I", len(certificate)), certificate]
    return b"".join(parts)


def _seal(body: bytes, password: str) -> bytes:
    return hashlib.sha1(_secret(password) + b"Mighty Aphrodite" + body, usedforsecurity=False).digest()


def _secret(password: str) -> bytes:
    return password.encode("utf-16-be")


def _open(sealed: bytes, password: str) -> bytes:
    """Sun's own key protector: a keystream of chained SHA-1."""
    fields = der.read(sealed).fields()
    algorithm = read_identifier(fields.take())[0]
    if algorithm != oids.JKS_KEY_PROTECTOR:
        raise Unsupported(f"key protector {algorithm}")
    protected = fields.take(der.OCTET_STRING).octets()
    salt, encrypted, check = protected[:_SALT], protected[_SALT:-_CHECK], protected[-_CHECK:]
    plain = _masked(encrypted, password, salt)
    if not hmac.compare_digest(_check(plain, password), check):
        raise WrongPassword("JKS key")
    return plain


def _close(plain: bytes, password: str, salt: bytes) -> bytes:
    protected = salt + _masked(plain, password, salt) + _check(plain, password)
    return w.sequence(identifier(oids.JKS_KEY_PROTECTOR, w.null()), w.octet_string(protected))


def _check(plain: bytes, password: str) -> bytes:
    return hashlib.sha1(_secret(password) + plain, usedforsecurity=False).digest()


def _masked(data: bytes, password: str, salt: bytes) -> bytes:
    secret, block, out = _secret(password), salt, bytearray()
    for i in range(0, len(data), 20):
        block = hashlib.sha1(secret + block, usedforsecurity=False).digest()
        out += bytes(x ^ y for x, y in zip(data[i : i + 20], block, strict=False))
    return bytes(out)
