"""Checks one SignerInfo: the digest of what is signed, the signature, the certificate it names."""

from collections.abc import Callable, Iterable

from . import algorithms, cms, der, hashes, oids
from .certificate import Certificate
from .errors import (
    NoCertificate,
    NotAdvanced,
    SignatureError,
    Unreadable,
    WeakSignature,
    WrongContent,
    WrongSignature,
)


def signer_certificate(info: cms.SignerInfo, candidates: Iterable[Certificate]) -> Certificate:
    """The certificate the signer names; `NoCertificate` when it is nowhere.

    Anybody can put another certificate of the same issuer and number beside it: of several, the signed attributes
    tell which one is meant.
    """
    fitting = tuple(dict.fromkeys(found for found in candidates if info.identifier.fits(found)))
    if not fitting:
        raise NoCertificate("the signer's certificate is not in the container")
    named = (found for found in fitting if _is_named(info, found)) if len(fitting) > 1 else iter(())
    return next(named, fitting[0])


def must_fit(info: cms.SignerInfo, certificate: Certificate, content: hashes.Message, content_type: str | None) -> None:
    """`WrongContent` or `WrongSignature` unless this is the certificate holder's signature over the content.

    `content_type` is None for a counter-signature, which has none (RFC 5652, 11.4).
    """
    for fault in faults(info, certificate, content, content_type):
        raise fault


def faults(
    info: cms.SignerInfo, certificate: Certificate, content: hashes.Message | None, content_type: str | None
) -> list[SignatureError]:
    """Everything that is wrong between a signature, its certificate and the content; no content, no word about it.

    Signed attributes are demanded (CAdES): without them a content could be passed off as attributes.
    """
    attributes = info.signed.node
    if attributes is None:
        return [NotAdvanced("a signature without signed attributes")]
    sbox, signed = certificate.public_key.sbox, attributes.as_set
    checks: list[Callable[[], None]] = [
        lambda: _must_have_content_type(info, content_type),
        lambda: None if content is None else _must_digest(info, content, sbox),
        lambda: _must_be_strong(info),
        # The attributes are hashed as they were received: several programs do not sort them.
        lambda: certificate.public_key.verify(info.signature_algorithm, info.signature_digest, signed, info.signature),
        lambda: _must_name(info, certificate),
    ]
    found: list[SignatureError] = []
    for check in checks:
        try:
            check()
        except SignatureError as fault:
            found.append(fault)
    return found


def _must_have_content_type(info: cms.SignerInfo, content_type: str | None) -> None:
    attribute = info.signed.one(oids.CONTENT_TYPE)
    if content_type is not None and (attribute is None or attribute.oid() != content_type):
        raise Unreadable("no contentType or another one")


def _must_digest(info: cms.SignerInfo, content: hashes.Message, sbox: bytes) -> None:
    attribute = info.signed.one(oids.MESSAGE_DIGEST)
    if attribute is None:
        raise Unreadable("no messageDigest")
    if content.digest(info.digest_algorithm, sbox) != attribute.octets():
        raise WrongContent("messageDigest")


def _must_be_strong(info: cms.SignerInfo) -> None:
    """Two documents with one SHA-1 digest can be made by anybody, so such a signature proves neither of them."""
    used = {info.digest_algorithm, algorithms.hash_of(info.signature_algorithm, info.signature_digest)}
    if oids.SHA1 in used:
        raise WeakSignature("a signature with SHA-1")


def _is_named(info: cms.SignerInfo, certificate: Certificate) -> bool:
    try:
        _must_name(info, certificate)
        # The key must be readable, too.
        return bool(certificate.public_key)
    except SignatureError:
        return False


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
