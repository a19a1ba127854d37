"""Writes key files: JKS, PKCS#12 and PKCS#8."""

from collections.abc import Callable, Iterable
from secrets import token_bytes

from .. import der_writer as w
from ..certificate import Certificate
from ..errors import NoCertificate
from ..keys import PrivateKey
from . import encryption, jks, pkcs12
from .key_file import KeyEntry

Random = Callable[[int], bytes]


def write_jks(
    key: PrivateKey, chain: Iterable[Certificate], password: str, alias: str = "key", *, random: Random = token_bytes
) -> bytes:
    """A Java key store with one key; `chain` begins with the key's own certificate."""
    return jks.write([_pair(key, chain)], password, alias, random)


def write_all_jks(
    entries: Iterable[KeyEntry], password: str, alias: str = "key", *, random: Random = token_bytes
) -> bytes:
    """A Java key store with several keys."""
    return jks.write(_pairs(entries), password, alias, random)


def write_pkcs12(
    key: PrivateKey,
    chain: Iterable[Certificate],
    password: str,
    *,
    gost: bool = False,
    random: Random = token_bytes,
) -> bytes:
    """PKCS#12 with AES-256, or with the ciphers of IIT when `gost`; `chain` begins with the key's own certificate."""
    return pkcs12.write([_pair(key, chain)], password, random, gost=gost)


def write_all_pkcs12(
    entries: Iterable[KeyEntry], password: str, *, gost: bool = False, random: Random = token_bytes
) -> bytes:
    """The same with several keys."""
    return pkcs12.write(_pairs(entries), password, random, gost=gost)


def write_pkcs8(key: PrivateKey, password: str, *, gost: bool = False, random: Random = token_bytes) -> bytes:
    """EncryptedPrivateKeyInfo, without certificates."""
    algorithm, encrypted = encryption.encrypt(key.pkcs8, password, random, gost=gost)
    return w.sequence(algorithm, w.octet_string(encrypted))


def _pairs(entries: Iterable[KeyEntry]) -> list[tuple[bytes, list[bytes]]]:
    return [_pair(key, [] if certificate is None else (certificate, *chain)) for key, certificate, chain in entries]


def _pair(key: PrivateKey, chain: Iterable[Certificate]) -> tuple[bytes, list[bytes]]:
    certificates = list(chain)
    if certificates and not certificates[0].certifies(key):
        raise NoCertificate("the first certificate belongs to another key")
    return key.pkcs8, [certificate.der for certificate in certificates]
