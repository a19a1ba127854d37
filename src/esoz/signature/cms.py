"""Reads CMS SignedData (RFC 5652): the container of a Ukrainian signature."""

from dataclasses import dataclass
from functools import cached_property

from . import algorithms, der, oids
from .certificate import Certificate, Name, readable
from .errors import NotASignature, Unreadable

MOST_SIGNERS = 64
MOST_CERTIFICATES = 256  # that came along with a signature; a list of authorities may hold more


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
        # Some programs write the issuer's name anew, with other kinds of strings, so the texts are compared.
        is_serial = certificate.serial_number == self.serial_number
        return is_serial and certificate.issuer.attributes == self.issuer.attributes


@dataclass(frozen=True)
class SignerInfo:
    """One signature of a SignedData."""

    node: der.Node
    identifier: SignerIdentifier
    digest_algorithm: str
    signed: Attributes
    signature_algorithm: str
    # The hash that belongs to the signature algorithm when the algorithm itself does not name one.
    signature_digest: str
    signature: bytes
    unsigned: Attributes


@dataclass(frozen=True)
class SignedData:
    """The parsed container; `content` is None when the signature is detached."""

    content_type: str
    content: bytes | None
    # All that stands among the certificates, as received.
    certificate_choices: tuple[der.Node, ...]
    # What stands beside the certificates, as received: revocation lists, or OCSP answers in the tag [1].
    revocations: tuple[der.Node, ...]
    signers: tuple[SignerInfo, ...]

    @cached_property
    def certificates(self) -> tuple[Certificate, ...]:
        """Those that can be read; what else stands among them (attribute certificates, for instance) can not.

        Read when they are asked for, so that whoever judges counts them first.
        """
        return readable(self.certificate_choices)


def read(data: bytes) -> SignedData:
    """ContentInfo with SignedData; `Unreadable` when it is anything else."""
    return read_content_info(der.read(data))


def read_content_info(node: der.Node) -> SignedData:
    """The same from a node (timestamps stand inside attributes)."""
    outer = node.fields()
    kind = outer.take().oid()
    if kind != oids.SIGNED_DATA:
        raise NotASignature(f"CMS of the type {kind}")
    fields = outer.take(0xA0).only().fields()
    outer.finish()
    _must_be_version(fields.take(der.INTEGER))
    # Which digests are announced means nothing: every signer names its own, and several programs announce none.
    fields.take(der.SET)
    content_type, content = _encapsulated(fields.take())
    # Both sets are IMPLICIT, so their children are the values.
    certificates = fields.take_context(0)
    revocations = fields.take_context(1)
    infos = fields.take(der.SET).children
    if len(infos) > MOST_SIGNERS:
        raise Unreadable(f"{len(infos)} signatures")
    signers = tuple(map(read_signer, infos))
    fields.finish()
    return SignedData(
        content_type=content_type,
        content=content,
        certificate_choices=() if certificates is None else certificates.children,
        revocations=revocations.children if revocations is not None else (),
        signers=signers,
    )


def parts(data: bytes) -> list[der.Node]:
    """The fields of SignedData as received, for whoever writes the container anew."""
    outer = der.read(data).fields()
    outer.take(der.OID)
    return list(outer.take(0xA0).only().children)


def _must_be_version(node: der.Node) -> None:
    """Versions 1 to 5 differ in nothing that is read here, and programs disagree about them (RFC 5652, 5.1)."""
    if not 1 <= node.integer() <= 5:
        raise Unreadable("a container of an unknown version")


def _encapsulated(node: der.Node) -> tuple[str, bytes | None]:
    fields = node.fields()
    content_type = fields.take().oid()
    wrapper = fields.take_context(0)
    fields.finish()
    if wrapper is None:
        return content_type, None
    value = wrapper.only()
    if content_type == oids.SIGNED_DATA and value.tag == der.SEQUENCE:
        # PKCS#7 before CMS put a signed container into another one as it is (RFC 5652, 5.2.1).
        return content_type, value.content
    return content_type, value.octet_string()


def read_signer(node: der.Node) -> SignerInfo:
    """SignerInfo; counter-signatures are such structures too."""
    fields = node.fields()
    _must_be_version(fields.take(der.INTEGER))
    identifier = _identifier(fields.take())
    digest_algorithm = algorithms.read_identifier(fields.take())[0]
    signed = Attributes(fields.take_context(0))
    signature_algorithm, digest = algorithms.read_signature(fields.take())
    signature = fields.take().octet_string()
    unsigned = Attributes(fields.take_context(1))
    fields.finish()
    return SignerInfo(
        node=node,
        identifier=identifier,
        digest_algorithm=digest_algorithm,
        signed=signed,
        signature_algorithm=signature_algorithm,
        signature_digest=digest or digest_algorithm,
        signature=signature,
        unsigned=unsigned,
    )


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
