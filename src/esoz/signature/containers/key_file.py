"""Opens a key file of any kind and finds the key to sign with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from .. import der
from ..arguments import text
from ..certificate import Certificate
from ..errors import (
    NoCertificate,
    NoKey,
    NotForSigning,
    SignatureError,
    UnsupportedKeyFile,
    WrongKeyPassword,
    WrongPassword,
)
from ..keys import PrivateKey, read_standard_key
from ..pem import Block, blocks, is_pem, undressed
from ..trust import read_certificates
from . import iit, jks, old_pem, pkcs12
from .contents import Contents
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
    # Keys that have another password than the one given.
    locked: int = 0
    # Why other pieces of the file (keys or certificates of an unknown kind) could not be read.
    unread: tuple[SignatureError, ...] = ()

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
        matched = _matched([entry.key for entry in self.entries], [*self._certificates, *certificates])
        return replace(matched, locked=self.locked, unread=self.unread)

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
        raise opened.unread[0] if opened.unread else NoKey("there is no private key in the file")
    return opened


def open_store(data: bytes, password: str, key_password: str | None = None) -> KeyFile:
    """The same, and a store without keys gives its certificates."""
    data, password = undressed(data), text(password, "password")
    if len(data) > _MOST_BYTES:
        raise UnsupportedKeyFile(f"a key file of {len(data)} bytes")
    work = Work()
    own = None if key_password is None else next(spellings(text(key_password, "key_password"), work))
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
    matched = _matched(found.keys, found.certificates)
    return replace(matched, locked=found.locked, unread=tuple(found.faults))


def _read(data: bytes, secret: Secret, key_secret: Secret) -> Contents:
    if jks.is_store(data):
        return jks.read(data, secret, key_secret)
    if is_pem(data):
        return _read_pem(data, secret)
    if data[:1] == bytes((_PREFIX,)):
        data = data[_PREFIX_SIZE:]
    node = der.read(data)
    if pkcs12.is_container(node):
        return pkcs12.read(node, secret)
    contents = Contents()
    if iit.is_container(node):
        contents.add_key(iit.decrypt(node, secret.octets), secret.work)
    else:
        _read_key(node, secret, contents)
    return contents


def _read_key(node: der.Node, secret: Secret, contents: Contents) -> None:
    """PKCS#8, encrypted or not, or one of the forms before it (PKCS#1 and SEC1)."""
    tags = [child.tag for child in node.children[:2]]
    # The forms before PKCS#8 have no algorithm after the version.
    if tags[:1] == [der.SEQUENCE]:
        contents.add_key(pkcs12.read_encrypted_key(node, secret), secret.work)
    elif tags[1:] == [der.SEQUENCE]:
        contents.add_key(node.raw, secret.work)
    else:
        contents.keys.append(_standard_key(node.raw, secret))


def _read_pem(data: bytes, secret: Secret) -> Contents:
    """Every block of a PEM file."""
    contents = Contents()
    for block in blocks(data):
        with contents.piece():
            _read_block(block, secret, contents)
    contents.must_open()
    return contents


def _read_block(block: Block, secret: Secret, contents: Contents) -> None:
    if block.label.endswith("CERTIFICATE"):
        contents.add_certificate(block.content)
    elif block.label == "OPENSSH PRIVATE KEY":
        raise UnsupportedKeyFile("a key of OpenSSH")
    elif block.label in _BUNDLES:
        contents.certificates += read_certificates(block.content)
    elif block.label.endswith(_KEY_LABEL) and block.headers:
        contents.keys.append(_standard_key(old_pem.decrypt(block, secret), secret))
    elif block.label.endswith(_KEY_LABEL) or block.label in _STORES:
        contents.add(_read(block.content, secret, secret))


def _standard_key(data: bytes, secret: Secret) -> PrivateKey:
    secret.work.spend(KEY_WORK)
    return read_standard_key(data)


def _matched(keys: list[PrivateKey], certificates: list[Certificate]) -> KeyFile:
    """Every key with the certificate of its public half; the certificates above follow by their issuers."""
    entries = []
    for key in keys:
        own = next((c for c in certificates if c.certifies(key)), None)
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
