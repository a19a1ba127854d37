"""Opens a key file of any kind and finds the key to sign with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12 as standard_pkcs12

from .. import der
from ..certificate import Certificate
from ..errors import NoCertificate, NotForSigning, WrongPassword
from ..keys import PrivateKey, read_private_keys, read_standard_key
from ..pem import blocks, is_pem
from . import encryption, iit, jks, pkcs12

# PrivatBank puts six bytes before an IIT container; the first is 51h.
_PREFIX, _PREFIX_SIZE = 0x51, 6
_KEY_LABEL = "PRIVATE KEY"


class KeyEntry(NamedTuple):
    """A private key with its certificate (when the file holds it) and the authorities above."""

    key: PrivateKey
    certificate: Certificate | None
    chain: tuple[Certificate, ...]


@dataclass(frozen=True)
class KeyFile:
    """An opened key file."""

    entries: tuple[KeyEntry, ...]

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
        return [c for entry in self.entries for c in (entry.certificate, *entry.chain) if c is not None]


def open_key_file(data: bytes, password: str) -> KeyFile:
    """Open JKS, PKCS#12, PKCS#8 (encrypted or not), PEM or an IIT container.

    Raises `WrongPassword`, `Unsupported`, `Unreadable`; `NoCertificate` when there is no private key at all.
    """
    keys, certificates = _read(data, password)
    if not keys:
        raise NoCertificate("there is no private key in the file")
    return _matched(keys, certificates)


def _read(data: bytes, password: str) -> tuple[list[PrivateKey], list[Certificate]]:
    if data.startswith(jks.MAGIC):
        entries = jks.read(data, password)
        plain = [entry.key for entry in entries if entry.key is not None]
        return _keys(plain), _certificates(c for entry in entries for c in entry.certificates)
    if is_pem(data):
        return _read_pem(data, password)
    if data[:1] == bytes((_PREFIX,)):
        data = data[_PREFIX_SIZE:]
    node = der.read(data)
    if pkcs12.is_container(node):
        return _read_pkcs12(node, password)
    if iit.is_container(node):
        return _keys([_any_form(lambda form: iit.decrypt(node, form), password)]), []
    return _read_key(node, password), []


def _read_key(node: der.Node, password: str) -> list[PrivateKey]:
    """PKCS#8, encrypted or not, or one of the forms before it (PKCS#1 and SEC1)."""
    tags = [child.tag for child in node.children[:2]]
    if tags[:1] != [der.SEQUENCE]:
        # The forms before PKCS#8 have no algorithm after the version.
        is_pkcs8 = tags[1:] == [der.SEQUENCE]
        return read_private_keys(node.raw) if is_pkcs8 else [read_standard_key(node.raw)]
    try:
        return _keys([pkcs12.read_encrypted_key(node, password)])
    except encryption.ForeignEncryption:
        return [read_standard_key(node.raw, password)]


def _read_pkcs12(node: der.Node, password: str) -> tuple[list[PrivateKey], list[Certificate]]:
    try:
        contents = pkcs12.read(node, password)
    except encryption.ForeignEncryption:
        return _read_foreign_pkcs12(node.raw, password)
    return _keys(contents.keys), _certificates(contents.certificates)


def _read_pem(data: bytes, password: str) -> tuple[list[PrivateKey], list[Certificate]]:
    """Every block of a PEM file."""
    keys: list[PrivateKey] = []
    certificates: list[Certificate] = []
    for block in blocks(data):
        if block.label.endswith("CERTIFICATE"):
            certificates.append(Certificate.parse(block.content))
        elif block.label.endswith(_KEY_LABEL) and block.headers:
            # Encryption of before PKCS#8 stands in the headers.
            keys.append(read_standard_key(block.raw, password))
        elif block.label.endswith(_KEY_LABEL):
            keys += _read(block.content, password)[0]
    return keys, certificates


def _read_foreign_pkcs12(data: bytes, password: str) -> tuple[list[PrivateKey], list[Certificate]]:
    """International PKCS#12 with ciphers that `cryptography` knows; the MAC and the rounds are already checked."""
    try:
        found = standard_pkcs12.load_pkcs12(data, password.encode())
    except ValueError as error:
        raise WrongPassword("PFX") from error
    plain = []
    if found.key is not None:
        form = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        plain.append(found.key.private_bytes(*form))
    carried = [found.cert, *found.additional_certs]
    encoding = serialization.Encoding.DER
    return _keys(plain), _certificates(c.certificate.public_bytes(encoding) for c in carried if c is not None)


def _any_form(decrypt: Callable[[bytes], bytes], password: str) -> bytes:
    """Old programs took the password in the Windows code page, newer ones in UTF-8; ASCII is the same in both."""
    forms = dict.fromkeys((password.encode(), password.encode("cp1251", errors="replace")))
    for form in forms:
        try:
            return decrypt(form)
        except WrongPassword:
            continue
    raise WrongPassword("IIT container")


def _keys(plain: Iterable[bytes]) -> list[PrivateKey]:
    return [key for data in plain for key in read_private_keys(data)]


def _certificates(plain: Iterable[bytes]) -> list[Certificate]:
    return [Certificate.parse(data) for data in plain]


def _matched(keys: list[PrivateKey], certificates: list[Certificate]) -> KeyFile:
    """Every key with the certificate of its public half; the certificates above follow by their issuers."""
    entries = []
    for key in keys:
        own = next((c for c in certificates if c.public_bits == key.public_bits), None)
        entries.append(KeyEntry(key, own, _above(own, certificates)))
    return KeyFile(tuple(entries))


def _above(certificate: Certificate | None, certificates: list[Certificate]) -> tuple[Certificate, ...]:
    chain: list[Certificate] = []
    current = certificate
    while current is not None and not current.is_self_issued and len(chain) <= len(certificates):
        issuer = current.issuer.attributes
        current = next((c for c in certificates if c.subject.attributes == issuer and c not in chain), None)
        if current is not None:
            chain.append(current)
    return tuple(chain)
