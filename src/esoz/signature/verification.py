"""Verifies CAdES signatures: the document, every signature over it, every signer's way to the trust list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from . import cms, oids
from .certificate import Certificate, Identity, unarmor
from .errors import NotForSignature, NotForSigning, Unreadable
from .revocation import RevocationList, must_not_be_revoked
from .signer_info import must_fit, signer_certificate
from .timestamps import proven_time
from .trust import Chain, TrustList, must_be_valid

# More would be an attempt to keep the processor busy: every signature costs milliseconds.
_MOST_SIGNERS = 64


@dataclass(frozen=True)
class Signer:
    """One person or seal that signed."""

    identity: Identity
    certificate: Certificate
    # What the signer's clock said; nobody vouches for it.
    signed_at: datetime | None
    chain: Chain
    # The moment by which the signature (or at least the document) existed, by a trusted timestamp.
    proven_at: datetime | None = None


@dataclass(frozen=True)
class SignedDocument:
    """A document with everyone who validly signed it."""

    content: bytes
    signers: tuple[Signer, ...]


def verify(
    data: bytes,
    trust: TrustList,
    *,
    at: datetime,
    content: bytes | None = None,
    revocations: RevocationList | Iterable[RevocationList] | None = None,
) -> SignedDocument:
    """Read and verify a signature (DER or PEM), attached or, with `content`, detached.

    `at` is the moment of judgement: every certificate of every chain must be valid then, and not revoked by then
    according to `revocations`. All parallel signatures must be valid. Raises a `SignatureError`, never answers False.
    """
    signed = cms.read(unarmor(data))
    if not 0 < len(signed.signers) <= _MOST_SIGNERS:
        raise Unreadable(f"{len(signed.signers)} signatures")
    if signed.content_type != oids.DATA:
        raise Unreadable("the signed content is not data")
    document = _document(signed, content)
    lists = (revocations,) if isinstance(revocations, RevocationList) else tuple(revocations or ())
    signers = []
    for info in signed.signers:
        signer = _verify_signer(info, signed, document, trust)
        must_be_valid(signer.chain, at)
        must_not_be_revoked(signer.chain, lists, at)
        signers.append(signer)
    return SignedDocument(document, tuple(signers))


def _document(signed: cms.SignedData, content: bytes | None) -> bytes:
    """The bytes that were signed, wherever they stand."""
    if signed.content is None:
        if content is None:
            raise NotForSignature("a detached signature without its document")
        return content
    if content is not None and content != signed.content:
        raise NotForSignature("the attached document is another one")
    return signed.content


def _verify_signer(info: cms.SignerInfo, signed: cms.SignedData, document: bytes, trust: TrustList) -> Signer:
    certificate = signer_certificate(info, (*signed.certificates, *trust.certificates))
    must_fit(info, certificate, document, signed.content_type)
    if not certificate.may_sign:
        raise NotForSigning("key usage")
    signing_time = info.signed.one(oids.SIGNING_TIME)
    return Signer(
        identity=certificate.identity,
        certificate=certificate,
        signed_at=None if signing_time is None else signing_time.time(),
        chain=trust.chain(certificate, signed.certificates),
        proven_at=proven_time(info, document, trust),
    )
