"""Checks one SignerInfo: the digest of the document, the signature, the certificate it names."""

from collections.abc import Iterable

from . import algorithms, cms, der, hashes, oids
from .certificate import Certificate
from .errors import NoCertificate, Unreadable, WrongContent, WrongSignature


def signer_certificate(info: cms.SignerInfo, candidates: Iterable[Certificate]) -> Certificate:
    """The certificate the signer names; `NoCertificate` when it is nowhere."""
    for certificate in candidates:
        if info.identifier.fits(certificate):
            return certificate
    raise NoCertificate("the signer's certificate is not in the container")


def must_fit(info: cms.SignerInfo, certificate: Certificate, content: bytes, content_type: str) -> None:
    """`WrongContent` or `WrongSignature` unless this is the certificate holder's signature over the content.

    Signed attributes are demanded (CAdES): without them a content could be passed off as attributes.
    """
    if info.signed.node is None:
        raise Unreadable("a signature without signed attributes")
    sbox = certificate.public_key.sbox
    _must_have_content_type(info, content_type)
    digest = info.signed.one(oids.MESSAGE_DIGEST)
    if digest is None:
        raise Unreadable("no messageDigest")
    _must_agree(info)
    if hashes.digest(info.digest_algorithm, content, sbox) != digest.octets():
        raise WrongContent("messageDigest")
    # The attributes are hashed as they were received: several programs do not sort them.
    certificate.public_key.verify(
        info.signature_algorithm, info.digest_algorithm, info.signed.node.as_set, info.signature
    )
    _must_name(info, certificate)


def _must_have_content_type(info: cms.SignerInfo, content_type: str) -> None:
    attribute = info.signed.one(oids.CONTENT_TYPE)
    if attribute is None or attribute.oid() != content_type:
        raise Unreadable("no contentType or another one")


def _must_agree(info: cms.SignerInfo) -> None:
    """The digest and the signature use one hash: RFC 5652 allows two, no honest signer does it."""
    if algorithms.hash_of(info.signature_algorithm, info.digest_algorithm) != info.digest_algorithm:
        raise Unreadable("two different hashes in one signature")


def _must_name(info: cms.SignerInfo, certificate: Certificate) -> None:
    """The signing-certificate attribute, when there, holds the digest of this certificate (RFC 5035)."""
    newer, older = info.signed.one(oids.SIGNING_CERTIFICATE_V2), info.signed.one(oids.SIGNING_CERTIFICATE)
    for attribute, default in ((newer, oids.SHA256), (older, oids.SHA1)):
        if attribute is None:
            continue
        first = attribute.fields().take(der.SEQUENCE).fields().take(der.SEQUENCE).fields()
        named = first.take_if(der.SEQUENCE)
        algorithm = default if named is None else algorithms.read_identifier(named)[0]
        expected = first.take(der.OCTET_STRING).octets()
        if hashes.digest(algorithm, certificate.der, certificate.public_key.sbox) != expected:
            raise WrongSignature("the signature names another certificate")
