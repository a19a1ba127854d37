"""Java key stores: JKS, the usual key file of PrivatBank, and JCEKS, which locks its keys better."""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from struct import pack

from .. import der, oids
from .. import der_writer as w
from ..algorithms import identifier, read_identifier
from ..errors import Unreadable, UnsupportedKeyFile, WrongKeyPassword, WrongPassword
from . import encryption
from .contents import Contents
from .passwords import Secret, Work, spellings

_JKS, _JCEKS = b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce"

_SALT = _CHECK = 20
_PRIVATE, _TRUSTED = 1, 2


def is_store(data: bytes) -> bool:
    """Whether a file begins as a Java key store does."""
    return data.startswith((_JKS, _JCEKS))


def name_of(data: bytes) -> str:
    """The name of the format."""
    return "JCEKS" if data.startswith(_JCEKS) else "JKS"


def read(data: bytes, secret: Secret, key_secret: Secret) -> Contents:
    """Every entry that opens with the password of the keys, which often is that of the store.

    `WrongPassword` when the seal of the file does not fit, `WrongKeyPassword` when none of its keys opens.
    """
    body, seal = data[:-_CHECK], data[-_CHECK:]
    if not hmac.compare_digest(_seal(body, secret), seal):
        raise WrongPassword("JKS seal")
    cursor = _Cursor(body, len(_JKS))
    version, count = cursor.number(), cursor.number()
    if version not in (1, 2):
        raise UnsupportedKeyFile("a Java key store of an unknown version")
    contents = Contents()
    with contents.piece():
        for _ in range(count):
            _read_entry(cursor, version, key_secret, contents)
    if contents.locked and not contents.keys:
        raise WrongKeyPassword("the keys of the store have another password")
    contents.must_open()
    return contents


def _read_entry(cursor: "_Cursor", version: int, secret: Secret, contents: Contents) -> None:
    kind = cursor.number()
    cursor.short_bytes()
    cursor.skip(8)
    if kind == _PRIVATE:
        sealed = cursor.long_bytes()
        with contents.piece():
            contents.add_key(_open(sealed, secret), secret.work)
        for _ in range(cursor.number()):
            contents.add_certificate(cursor.certificate(version))
    elif kind == _TRUSTED:
        contents.add_certificate(cursor.certificate(version))
    else:
        # A secret key is a serialised Java object whose end only Java knows: what stands before it is read.
        raise UnsupportedKeyFile("an entry that is neither a private key nor a certificate")


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
    secret = next(spellings(password, Work()))
    entries = [
        _entry(_close(key, secret, random(_SALT)), chain, alias if number == 1 else f"{alias}-{number}")
        for number, (key, chain) in enumerate(pairs, 1)
    ]
    body = _JKS + pack(">II", 2, len(entries)) + b"".join(entries)
    return body + _seal(body, secret)


def _entry(sealed: bytes, chain: list[bytes], alias: str) -> bytes:
    name = alias.encode()
    parts = [pack(">I", _PRIVATE), pack(">H", len(name)), name, bytes(8)]
    parts += [pack(">I", len(sealed)), sealed, pack(">I", len(chain))]
    for certificate in chain:
        parts += [pack(">H", 5), b"X.509", pack(">I", len(certificate)), certificate]
    return b"".join(parts)


def _seal(body: bytes, secret: Secret) -> bytes:
    return hashlib.sha1(secret.java + b"Mighty Aphrodite" + body, usedforsecurity=False).digest()


def _open(sealed: bytes, secret: Secret) -> bytes:
    """Sun's own key protector, a keystream of chained SHA-1, or the password encryption of JCEKS."""
    fields = der.read(sealed).fields()
    algorithm = fields.take()
    protected = fields.take().octet_string()
    if read_identifier(algorithm)[0] != oids.JKS_KEY_PROTECTOR:
        return encryption.decrypt(algorithm, protected, secret)
    salt, encrypted, check = protected[:_SALT], protected[_SALT:-_CHECK], protected[-_CHECK:]
    plain = _masked(encrypted, secret, salt)
    if not hmac.compare_digest(_check(plain, secret), check):
        raise WrongPassword("JKS key")
    return plain


def _close(plain: bytes, secret: Secret, salt: bytes) -> bytes:
    protected = salt + _masked(plain, secret, salt) + _check(plain, secret)
    return w.sequence(identifier(oids.JKS_KEY_PROTECTOR, w.null()), w.octet_string(protected))


def _check(plain: bytes, secret: Secret) -> bytes:
    return hashlib.sha1(secret.java + plain, usedforsecurity=False).digest()


def _masked(data: bytes, secret: Secret, salt: bytes) -> bytes:
    block, out = salt, bytearray()
    for i in range(0, len(data), 20):
        block = hashlib.sha1(secret.java + block, usedforsecurity=False).digest()
        out += bytes(x ^ y for x, y in zip(data[i : i + 20], block, strict=False))
    return bytes(out)
