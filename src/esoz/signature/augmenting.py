"""Adds to a signature that exists: parallel and counter-signatures, timestamps, the proofs of CAdES-XL and -A."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise

from . import algorithms, archive, cms, hashes, oids
from . import der_writer as w
from .arguments import octets
from .certificate import Certificate
from .errors import NoDocument
from .evidence import Statement
from .keys import PrivateKey
from .pem import unarmor
from .revocation import RevocationList
from .signer_info import signer_certificate
from .signing import attribute, digest_with, signed_attributes, signer_info
from .timestamps import Timestamp
from .trust import TrustList

# Gives a timestamp token over a message.
Stamp = Callable[[bytes], bytes]
# Finds a revocation list or an OCSP answer about a certificate, whose issuer is the second one.
FindStatement = Callable[[Certificate, Certificate], Statement]


def add_signature(
    data: bytes,
    key: PrivateKey,
    certificate: Certificate,
    *,
    at: datetime,
    content: bytes | None = None,
    content_timestamp: bytes | None = None,
) -> bytes:
    """A parallel signature over the same document; `content` is the document when it is apart.

    `content_timestamp` is a token over the document.
    """
    signed = cms.read(unarmor(data))
    document = signed.content if signed.content is not None else content and octets(content, "content")
    if document is None:
        raise NoDocument("a detached signature without its document")
    digest = digest_with(key, certificate)
    attributes = signed_attributes(document, key, certificate, at=at, digest=digest, kind=signed.content_type)
    if content_timestamp is not None:
        attributes.append(attribute(oids.CONTENT_TIMESTAMP, content_timestamp))
    info = signer_info(key, certificate, attributes, digest)
    infos = [*(signer.node.raw for signer in signed.signers), info]
    return _rebuilt(data, infos, [certificate], [digest])


def countersign(data: bytes, key: PrivateKey, certificate: Certificate, *, at: datetime) -> bytes:
    """A counter-signature over every signature of the container (RFC 5652, 11.4)."""
    digest = digest_with(key, certificate)

    def signed(info: cms.SignerInfo) -> list[bytes]:
        attributes = signed_attributes(info.signature, key, certificate, at=at, digest=digest, kind=None)
        return [attribute(oids.COUNTER_SIGNATURE, signer_info(key, certificate, attributes, digest))]

    return _with_unsigned(data, signed, [certificate], [digest])


def with_signature_timestamps(data: bytes, stamp: Stamp) -> bytes:
    """CAdES-T: a timestamp over every signature that has none."""

    def stamped(info: cms.SignerInfo) -> list[bytes]:
        if info.unsigned.all(oids.SIGNATURE_TIMESTAMP):
            return []
        return [attribute(oids.SIGNATURE_TIMESTAMP, stamp(info.signature))]

    return _with_unsigned(data, stamped)


def with_validation_values(data: bytes, trust: TrustList, find: FindStatement) -> bytes:
    """CAdES-XL: the certificates above every signer and every timestamp service, and what is known about them.

    `find` is asked about every certificate that has an issuer in its chain. Raises what `find` raises, `NoCertificate`
    or `Untrusted` when a chain cannot be built.
    """
    container = cms.read(unarmor(data))

    def values(info: cms.SignerInfo) -> list[bytes]:
        if info.unsigned.all(oids.CERTIFICATE_VALUES):
            return []
        chains = list(_chains(container, info, trust))
        pairs = list(dict.fromkeys(pair for chain in chains for pair in pairwise(chain)))
        statements = [find(certificate, issuer) for certificate, issuer in pairs]
        responders = [c for s in statements if not isinstance(s, RevocationList) for c in s.certificates]
        # The signer's own certificate is named by the signed attributes: references and values are of the others.
        others = [c for c in dict.fromkeys([c for chain in chains for c in chain] + responders) if c != chains[0][0]]
        return _proofs(others, statements, info.digest_algorithm)

    return _with_unsigned(data, values)


def with_archive_timestamps(data: bytes, document: bytes, stamp: Stamp, digest: str) -> bytes:
    """CAdES-A: a timestamp over everything that is there now; `digest` is the hash that the service uses."""
    container = cms.read(unarmor(data))

    def archived(info: cms.SignerInfo) -> list[bytes]:
        index = archive.index_of(container, info, digest)
        token = stamp(archive.covered(container, info, hashes.Message(octets(document, "document")), index, digest))
        indexed = _with_unsigned(token, lambda _: [attribute(oids.ARCHIVE_INDEX_V3, index)])
        return [attribute(oids.ARCHIVE_TIMESTAMP, indexed)]

    return _with_unsigned(data, archived)


def _chains(container: cms.SignedData, info: cms.SignerInfo, trust: TrustList) -> Iterable[tuple[Certificate, ...]]:
    """Of the signer and of the services that gave its timestamps."""
    carried = container.certificates
    yield trust.chain(signer_certificate(info, (*carried, *trust.certificates)), carried)
    for node in info.unsigned.all(oids.SIGNATURE_TIMESTAMP):
        token = Timestamp.read(node).token
        service = signer_certificate(token.signers[0], (*token.certificates, *trust.certificates))
        yield trust.chain(service, (*token.certificates, *carried))


def _proofs(certificates: list[Certificate], statements: list[Statement], digest: str) -> list[bytes]:
    """The four attributes of CAdES-XL: references and values of certificates and of what is known about them."""
    lists = [statement for statement in statements if isinstance(statement, RevocationList)]
    answers = [statement for statement in statements if not isinstance(statement, RevocationList)]
    values = [
        *([w.explicit(0, w.sequence(*(found.der for found in lists)))] if lists else []),
        *([w.explicit(1, w.sequence(*(found.basic for found in answers)))] if answers else []),
    ]
    references = [_certificate_reference(certificate, digest) for certificate in certificates]
    return [
        attribute(oids.CERTIFICATE_REFS, w.sequence(*references)),
        attribute(oids.REVOCATION_REFS, w.sequence(*(_statement_reference(found, digest) for found in statements))),
        attribute(oids.CERTIFICATE_VALUES, w.sequence(*(certificate.der for certificate in certificates))),
        attribute(oids.REVOCATION_VALUES, w.sequence(*values)),
    ]


def _other_hash(data: bytes, digest: str) -> bytes:
    return w.sequence(algorithms.identifier(digest), w.octet_string(hashes.digest(digest, data)))


def _certificate_reference(certificate: Certificate, digest: str) -> bytes:
    """OtherCertID."""
    issuer = w.sequence(w.sequence(w.explicit(4, certificate.issuer.raw)), w.integer(certificate.serial_number))
    return w.sequence(_other_hash(certificate.der, digest), issuer)


def _statement_reference(statement: Statement, digest: str) -> bytes:
    """CrlOcspRef with one list or one answer."""
    if isinstance(statement, RevocationList):
        named = w.sequence(_other_hash(statement.der, digest))
        return w.sequence(w.explicit(0, w.sequence(w.sequence(named))))
    if statement.responder_name is not None:
        responder = w.explicit(1, statement.responder_name.raw)
    else:
        responder = w.explicit(2, w.octet_string(statement.responder_key or b""))
    identifier = w.sequence(responder, w.generalized_time(statement.produced_at))
    # The digest is of the whole answer, as other programs have it; what is carried is its signed part.
    named = w.sequence(identifier, _other_hash(statement.forms[1], digest))
    return w.sequence(w.explicit(1, w.sequence(w.sequence(named))))


def _with_unsigned(
    data: bytes,
    more: Callable[[cms.SignerInfo], list[bytes]],
    certificates: Iterable[Certificate] = (),
    digests: Iterable[str] = (),
) -> bytes:
    """The container with further unsigned attributes at every signature."""
    infos = []
    for info in cms.read(unarmor(data)).signers:
        present = info.unsigned.node
        kept = [] if present is None else [node.raw for node in present.children]
        fields = [node.raw for node in info.node.children if node is not present]
        attributes = sorted([*kept, *more(info)])
        infos.append(w.sequence(*fields, w.explicit(1, *attributes) if attributes else b""))
    return _rebuilt(data, infos, certificates, digests)


def _rebuilt(
    data: bytes, infos: Iterable[bytes], certificates: Iterable[Certificate] = (), digests: Iterable[str] = ()
) -> bytes:
    """The container with these signatures and, besides its own, these certificates and announced digests."""
    fields = cms.parts(unarmor(data))
    version, announced, content = fields[:3]
    carried = next((node for node in fields[3:] if node.context == 0), None)
    revocations = b"".join(node.raw for node in fields[3:] if node.context == 1)
    present = [] if carried is None else [node.raw for node in carried.children]
    together = list(dict.fromkeys([*present, *(certificate.der for certificate in certificates)]))
    algorithms_used = dict.fromkeys(
        [*(node.raw for node in announced.children), *(algorithms.identifier(digest) for digest in digests)]
    )
    body = w.sequence(
        version.raw,
        w.set_of(*algorithms_used),
        content.raw,
        w.explicit(0, *together) if together else b"",
        revocations,
        w.set_of(*infos),
    )
    return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, body))
