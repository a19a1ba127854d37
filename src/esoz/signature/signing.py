"""Makes CAdES-BES signatures."""

from collections.abc import Iterable
from datetime import datetime

from . import algorithms, hashes, oids
from . import der_writer as w
from .arguments import octets
from .certificate import Certificate
from .errors import NoCertificate
from .keys import PrivateKey


def sign(
    content: bytes,
    key: PrivateKey,
    certificate: Certificate,
    *,
    at: datetime,
    detached: bool = False,
    chain: Iterable[Certificate] = (),
    content_timestamp: bytes | None = None,
) -> bytes:
    """CMS SignedData in DER. The hash is the one the certificate itself is signed with.

    `at` becomes the claimed signing time; `chain` are further certificates to carry along; `content_timestamp` is a
    token over the document. `NoCertificate` when the certificate belongs to another key.
    """
    digest, content = digest_with(key, certificate), octets(content, "content")
    attributes = signed_attributes(content, key, certificate, at=at, digest=digest)
    if content_timestamp is not None:
        attributes.append(attribute(oids.CONTENT_TIMESTAMP, content_timestamp))
    info = signer_info(key, certificate, attributes, digest)
    certificates = dict.fromkeys((certificate, *chain))
    return signed_data(oids.DATA, None if detached else content, certificates, [info], digest)


def digest_with(key: PrivateKey, certificate: Certificate) -> str:
    """The hash to sign with; `NoCertificate` when the certificate belongs to another key.

    It is the one of the certificate itself, unless that one does not fit the key: a centre may certify keys of a
    kind that is not its own.
    """
    if not certificate.certifies(key):
        raise NoCertificate("the certificate belongs to another key")
    digest = algorithms.hash_of(certificate.signature_algorithm, certificate.signature_digest)
    return digest if key.may_hash_with(digest) else key.usual_digest


def signed_attributes(
    content: bytes,
    key: PrivateKey,
    certificate: Certificate,
    *,
    at: datetime,
    digest: str,
    kind: str | None = oids.DATA,
) -> list[bytes]:
    """contentType (none for a counter-signature), messageDigest, signingTime and signing-certificate-v2, encoded."""
    sbox = key.public.sbox
    certificate_digest = w.octet_string(hashes.digest(digest, certificate.der, sbox))
    # GeneralNames with the directory name of the issuer.
    issuer = w.sequence(w.sequence(w.explicit(4, certificate.issuer.raw)), w.integer(certificate.serial_number))
    named = w.sequence(algorithms.identifier(digest), certificate_digest, issuer)
    return [
        *([] if kind is None else [attribute(oids.CONTENT_TYPE, w.oid(kind))]),
        attribute(oids.MESSAGE_DIGEST, w.octet_string(hashes.digest(digest, content, sbox))),
        attribute(oids.SIGNING_TIME, w.time(at)),
        attribute(oids.SIGNING_CERTIFICATE_V2, w.sequence(w.sequence(named))),
    ]


def attribute(kind: str, value: bytes) -> bytes:
    """Attribute with one value."""
    return w.sequence(w.oid(kind), w.set_of(value))


def signer_info(
    key: PrivateKey, certificate: Certificate, attributes: Iterable[bytes], digest: str, unsigned: Iterable[bytes] = ()
) -> bytes:
    """SignerInfo: signs the attributes, sorted as DER asks."""
    ordered = sorted(attributes)
    signature = key.sign(digest, w.set_of(*ordered))
    extra = sorted(unsigned)
    return w.sequence(
        w.integer(1),
        w.sequence(certificate.issuer.raw, w.integer(certificate.serial_number)),
        algorithms.identifier(digest),
        w.explicit(0, *ordered),
        key.signature_algorithm(digest),
        w.octet_string(signature),
        w.explicit(1, *extra) if extra else b"",
    )


def signed_data(
    kind: str, content: bytes | None, certificates: Iterable[Certificate], infos: Iterable[bytes], digest: str
) -> bytes:
    """ContentInfo with SignedData."""
    carried = sorted(certificate.der for certificate in certificates)
    body = w.sequence(
        w.integer(1 if kind == oids.DATA else 3),
        w.set_of(algorithms.identifier(digest)),
        w.sequence(w.oid(kind), b"" if content is None else w.explicit(0, w.octet_string(content))),
        w.explicit(0, *carried) if carried else b"",
        w.set_of(*infos),
    )
    return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, body))
