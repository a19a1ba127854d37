"""Reads CMS SignedData (RFC 5652): the container of a Ukrainian signature."""

from dataclasses import dataclass

from . import algorithms, der, oids
from .certificate import Certificate, Name
from .errors import Unreadable


class Attributes:
    """Signed or unsigned attributes by their kind."""

    def __init__(self, node: der.Node | None) -> None:
        self.node = node
        self._values: dict[str, list[der.Node]] = {}
        for attribute in node.children if node is not None else ():
            fields = attribute.fields()
            kind, values = fields.take().oid(), fields.take(der.SET).children
            fields.finish()
            self._values.setdefault(kind, []).extend(values)

    def all(self, kind: str) -> list[der.Node]:
        """Every value of a kind."""
        return self._values.get(kind, [])

    def one(self, kind: str) -> der.Node | None:
        """The single value of a kind, None when absent; two of them are `Unreadable`."""
        values = self.all(kind)
        if len(values) > 1:
            raise Unreadable("an attribute given twice")
        return values[0] if values else None


@dataclass(frozen=True)
class SignerIdentifier:
    """Issuer with serial number, or the key identifier: exactly one of the two."""

    issuer: Name | None
    serial_number: int | None
    key_identifier: bytes | None

    def fits(self, certificate: Certificate) -> bool:
        """Whether this certificate is meant."""
        if self.issuer is None:
            return certificate.key_identifier == self.key_identifier
        return certificate.issuer.raw == self.issuer.raw and certificate.serial_number == self.serial_number


@dataclass(frozen=True)
class SignerInfo:
    """One signature of a SignedData."""

    identifier: SignerIdentifier
    digest_algorithm: str
    signed: Attributes
    signature_algorithm: str
    signature: bytes
    unsigned: Attributes


@dataclass(frozen=True)
class SignedData:
    """The parsed container; `content` is None when the signature is detached."""

    content_type: str
    content: bytes | None
    certificates: tuple[Certificate, ...]
    revocation_lists: tuple[bytes, ...]
    signers: tuple[SignerInfo, ...]


def read(data: bytes) -> SignedData:
    """ContentInfo with SignedData; `Unreadable` when it is anything else."""
    return read_content_info(der.read(data))


def read_content_info(node: der.Node) -> SignedData:
    """The same from a node (timestamps stand inside attributes)."""
    outer = node.fields()
    if outer.take().oid() != oids.SIGNED_DATA:
        raise Unreadable("not SignedData")
    fields = outer.take(0xA0).only().fields()
    outer.finish()
    version = fields.take(der.INTEGER).integer()
    digests = frozenset(algorithms.read_identifier(item)[0] for item in fields.take(der.SET).children)
    content_type, content = _encapsulated(fields.take())
    # Both sets are IMPLICIT, so their children are the values.
    certificates = fields.take_context(0)
    lists = fields.take_context(1)
    signers = tuple(_signer(item, digests) for item in fields.take(der.SET).children)
    fields.finish()
    _must_have_version(version, content_type, signers)
    return SignedData(
        content_type=content_type,
        content=content,
        certificates=_certificates(certificates),
        revocation_lists=tuple(item.raw for item in lists.children) if lists is not None else (),
        signers=signers,
    )


def _must_have_version(version: int, content_type: str, signers: tuple[SignerInfo, ...]) -> None:
    """The version follows from what is inside (RFC 5652, 5.1); 4 and 5 are for kinds of content not met here."""
    by_key = any(signer.identifier.issuer is None for signer in signers)
    if version != (3 if by_key or content_type != oids.DATA else 1):
        raise Unreadable("SignedData of a wrong version")


def _encapsulated(node: der.Node) -> tuple[str, bytes | None]:
    fields = node.fields()
    content_type = fields.take().oid()
    wrapper = fields.take_context(0)
    fields.finish()
    if wrapper is None:
        return content_type, None
    return content_type, wrapper.only().octet_string()


def _certificates(node: der.Node | None) -> tuple[Certificate, ...]:
    """X.509 certificates; other choices (attribute certificates) have context tags and are passed over."""
    if node is None:
        return ()
    return tuple(Certificate(child) for child in node.children if child.tag == der.SEQUENCE)


def _signer(node: der.Node, digests: frozenset[str]) -> SignerInfo:
    fields = node.fields()
    version = fields.take(der.INTEGER).integer()
    identifier = _identifier(fields.take())
    if version != (3 if identifier.issuer is None else 1):
        raise Unreadable("SignerInfo of a wrong version")
    digest_algorithm = algorithms.read_identifier(fields.take())[0]
    if digest_algorithm not in digests:
        raise Unreadable("a digest algorithm that is not announced")
    signed = Attributes(fields.take_context(0))
    signature_algorithm = algorithms.read_identifier(fields.take())[0]
    signature = fields.take(der.OCTET_STRING).octets()
    unsigned = Attributes(fields.take_context(1))
    fields.finish()
    return SignerInfo(identifier, digest_algorithm, signed, signature_algorithm, signature, unsigned)


def _identifier(node: der.Node) -> SignerIdentifier:
    if node.tag == der.SEQUENCE:
        fields = node.fields()
        identifier = SignerIdentifier(Name.read(fields.take()), fields.take(der.INTEGER).integer(), None)
        fields.finish()
        return identifier
    if node.context == 0:
        # Some centres write this tag explicitly.
        return SignerIdentifier(None, None, node.octets())
    raise Unreadable("an unknown signer identifier")
