"""Opens a key file of any kind and finds the key to sign with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from .. import der
from ..certificate import Certificate
from ..errors import NoCertificate, NoKey, NotForSigning, UnsupportedKeyFile, WrongKeyPassword, WrongPassword
from ..keys import PrivateKey, read_private_keys, read_standard_key
from ..pem import blocks, is_pem, undressed
from ..trust import read_certificates
from . import iit, jks, old_pem, pkcs12
from .passwords import KEY_WORK, Secret, Work, spellings

# PrivatBank puts six bytes before an IIT container; the first is 51h.
_PREFIX, _PREFIX_SIZE = 0x51, 6
# Stores with all authorities of the world are smaller; ciphers written in Python are slow.
_MOST_BYTES = 1024 * 1024
_KEY_LABEL = "PRIVATE KEY"
# Certificates without keys; stores that somebody armoured as a whole.
_BUNDLES = frozenset({"PKCS7", "CMS"})
_STORES = frozenset({"PKCS12", "PFX"})


class KeyEntry(NamedTuple):
    """A private key with its certificate (when the file holds it) and the authorities above."""

    key: PrivateKey
    certificate: Certificate | None
    chain: tuple[Certificate, ...]


@dataclass(frozen=True)
class KeyFile:
    """An opened key file."""

    entries: tuple[KeyEntry, ...]
    # Certificates that stand in no chain of the keys.
    others: tuple[Certificate, ...] = ()
    # Keys of a Java store that have another password than the one given.
    locked: int = 0

    @property
    def signing(self) -> tuple[PrivateKey, Certificate]:
        """The key to sign with and its certificate.

        `NoCertificate` when no key has one (then see `with_certificates`), `NotForSigning` when all the
        certificates are for encryption.
        """
        certified = [(entry.key, entry.certificate) for entry in self.entries if entry.certificate is not None]
        if not certified:
            raise NoCertificate("the key file has no certificate of its keys")
        for key, certificate in certified:
            if certificate.may_sign:
                return key, certificate
        raise NotForSigning("the key file has only keys for encryption")

    def with_certificates(self, certificates: Iterable[Certificate]) -> "KeyFile":
        """The same keys with certificates from elsewhere: IIT key files have none inside."""
        return _matched([entry.key for entry in self.entries], [*self._certificates, *certificates])

    @property
    def _certificates(self) -> list[Certificate]:
        own = [c for entry in self.entries for c in (entry.certificate, *entry.chain) if c is not None]
        return [*own, *self.others]


def open_key_file(data: bytes, password: str, key_password: str | None = None) -> KeyFile:
    """Open JKS, JCEKS, PKCS#12, PKCS#8 (encrypted or not), PEM or an IIT container; DER, PEM or bare base64.

    `key_password` is for Java key stores whose keys have a password of their own. Raises `WrongPassword`,
    `Unsupported`, `Unreadable`; `NoKey` when there is no private key at all.
    """
    opened = open_store(data, password, key_password)
    if not opened.entries:
        raise NoKey("there is no private key in the file")
    return opened


def open_store(data: bytes, password: str, key_password: str | None = None) -> KeyFile:
    """The same, and a store without keys gives its certificates."""
    data = undressed(data)
    if len(data) > _MOST_BYTES:
        raise UnsupportedKeyFile(f"a key file of {len(data)} bytes")
    work = Work()
    own = None if key_password is None else next(spellings(key_password, work))
    for secret in spellings(password, work):
        try:
            found = _read(data, secret, own or secret)
            break
        except WrongKeyPassword:
            raise
        except WrongPassword as error:
            wrong = error
    else:
        raise wrong
    return replace(_matched(found.keys, found.certificates), locked=found.locked)


@dataclass(frozen=True)
class _Found:
    """What a file holds."""

    keys: list[PrivateKey]
    certificates: list[Certificate]
    locked: int = 0


def _read(data: bytes, secret: Secret, key_secret: Secret) -> _Found:
    if jks.is_store(data):
        store = jks.read(data, secret, key_secret)
        return _Found(_keys(store.keys, secret), _certificates(store.certificates), store.locked)
    if is_pem(data):
        return _read_pem(data, secret)
    if data[:1] == bytes((_PREFIX,)):
        data = data[_PREFIX_SIZE:]
    node = der.read(data)
    if pkcs12.is_container(node):
        contents = pkcs12.read(node, secret)
        return _Found(_keys(contents.keys, secret), _certificates(contents.certificates))
    if iit.is_container(node):
        return _Found(_keys([iit.decrypt(node, secret.octets)], secret), [])
    return _Found(_read_key(node, secret), [])


def _read_key(node: der.Node, secret: Secret) -> list[PrivateKey]:
    """PKCS#8, encrypted or not, or one of the forms before it (PKCS#1 and SEC1)."""
    tags = [child.tag for child in node.children[:2]]
    if tags[:1] == [der.SEQUENCE]:
        return _keys([pkcs12.read_encrypted_key(node, secret)], secret)
    # The forms before PKCS#8 have no algorithm after the version.
    is_pkcs8 = tags[1:] == [der.SEQUENCE]
    return _keys([node.raw], secret) if is_pkcs8 else [_standard_key(node.raw, secret)]


def _read_pem(data: bytes, secret: Secret) -> _Found:
    """Every block of a PEM file."""
    keys: list[PrivateKey] = []
    certificates: list[Certificate] = []
    for block in blocks(data):
        if block.label.endswith("CERTIFICATE"):
            certificates.append(Certificate.parse(block.content))
        elif block.label == "OPENSSH PRIVATE KEY":
            raise UnsupportedKeyFile("a key of OpenSSH")
        elif block.label in _BUNDLES:
            certificates += read_certificates(block.content)
        elif block.label.endswith(_KEY_LABEL) and block.headers:
            keys.append(_standard_key(old_pem.decrypt(block, secret), secret))
        elif block.label.endswith(_KEY_LABEL) or block.label in _STORES:
            found = _read(block.content, secret, secret)
            keys += found.keys
            certificates += found.certificates
    return _Found(keys, certificates)


def _keys(plain: list[bytes], secret: Secret) -> list[PrivateKey]:
    for _ in plain:
        secret.work.spend(KEY_WORK)
    return [key for data in plain for key in read_private_keys(data)]


def _standard_key(data: bytes, secret: Secret) -> PrivateKey:
    secret.work.spend(KEY_WORK)
    return read_standard_key(data)


def _certificates(plain: Iterable[bytes]) -> list[Certificate]:
    return [Certificate.parse(data) for data in plain]


def _matched(keys: list[PrivateKey], certificates: list[Certificate]) -> KeyFile:
    """Every key with the certificate of its public half; the certificates above follow by their issuers."""
    entries = []
    for key in keys:
        own = next((c for c in certificates if c.public_bits == key.public_bits), None)
        entries.append(KeyEntry(key, own, _above(own, certificates)))
    used = {c for entry in entries for c in (entry.certificate, *entry.chain)}
    return KeyFile(tuple(entries), tuple(c for c in dict.fromkeys(certificates) if c not in used))


def _above(certificate: Certificate | None, certificates: list[Certificate]) -> tuple[Certificate, ...]:
    chain: list[Certificate] = []
    current = certificate
    while current is not None and not current.is_self_issued and len(chain) <= len(certificates):
        issuer = current.issuer.attributes
        current = next((c for c in certificates if c.subject.attributes == issuer and c not in chain), None)
        if current is not None:
            chain.append(current)
    return tuple(chain)
