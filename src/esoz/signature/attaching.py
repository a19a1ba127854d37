"""Signatures apart from their documents: made from a digest, and put together with the document again."""

from collections.abc import Iterable
from datetime import datetime

from . import algorithms, asic, cms, hashes, oids, pades, signing, smime
from . import der_writer as w
from .arguments import octets
from .certificate import Certificate
from .errors import NotASignature, NotForSignature
from .keys import PrivateKey
from .pem import unarmor, undressed
from .wrappers import stripped


def open_signature(data: bytes) -> smime.Message:
    """A signature file in any of the forms that programs write: DER, PEM, bare base64, S/MIME, ASiC-S, with headers.

    S/MIME and ASiC-S hold the document beside the signature, perhaps in more than one form. Raises `Unreadable`.
    """
    data = stripped(undressed(data))
    if not data.startswith(b"\x30") and smime.is_message(data):
        return smime.read(data)
    if asic.is_archive(data):
        return _alone(asic.read(data))
    if pades.is_pdf(data):
        raise NotASignature("PDF")
    return smime.Message(undressed(stripped(unarmor(data))), ())


def _alone(archive: asic.Archive) -> smime.Message:
    """The signature of ASiC-S with its document; other archives are more than a signature."""
    documents = list(archive.files.values())
    if len(archive.signatures) != 1 or [archive.signatures[0].content] != documents:
        raise NotASignature("ASiC-E")
    return smime.Message(unarmor(undressed(archive.signatures[0].der)), tuple(documents))


def signatures_in(data: bytes) -> tuple[bytes, ...]:
    """Every signature in DER that stands in a file, in archives and in PDF too. Raises `Unreadable`."""
    data = undressed(data)
    if asic.is_archive(data):
        return tuple(unwrapped(found.der) for found in asic.read(data).signatures)
    if pades.is_pdf(data):
        return tuple(undressed(found.der) for found in pades.signatures(data))
    return (unwrapped(data),)


def unwrapped(data: bytes) -> bytes:
    """The same, the signature in DER alone."""
    return open_signature(data).signature


def is_detached(data: bytes) -> bool:
    """Whether the signature (DER) lies apart from its document. Raises `Unreadable`."""
    return cms.read(data).content is None


def attach(data: bytes, content: bytes) -> bytes:
    """The same signature with the document inside (RFC 5652, 5.2: eContent is not among the signed attributes).

    Whether it is valid for this document only `verify` says. Raises `Unreadable`, or `NotForSignature` when another
    document is inside already.
    """
    data, content = octets(data), octets(content, "content")
    signed = cms.read(data)
    if signed.content is not None:
        if signed.content != content:
            raise NotForSignature("the attached document is another one")
        return data
    document = w.sequence(w.oid(signed.content_type), w.explicit(0, w.octet_string(content)))
    parts = [document if place == 2 else field.raw for place, field in enumerate(cms.parts(data))]
    return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, w.sequence(*parts)))


def sign_digest(
    digest: bytes, key: PrivateKey, certificate: Certificate, *, at: datetime, chain: Iterable[Certificate] = ()
) -> bytes:
    """A detached CAdES-BES over a digest that somebody else computed, with the hash of the certificate's algorithm.

    This is how a signing service works that never sees the document. `NotForSignature` for a digest of another length.
    """
    kind, digest = algorithms.hash_of(certificate.signature_algorithm), octets(digest, "digest")
    if len(digest) != len(hashes.digest(kind, b"")):
        raise NotForSignature("a digest of another hash")
    attributes = signing.signed_attributes(b"", key, certificate, at=at, digest=kind)
    of_document = signing.attribute(oids.MESSAGE_DIGEST, w.octet_string(digest))
    empty = signing.attribute(oids.MESSAGE_DIGEST, w.octet_string(hashes.digest(kind, b"", key.public.sbox)))
    info = signing.signer_info(key, certificate, [of_document if a == empty else a for a in attributes], kind)
    return signing.signed_data(oids.DATA, None, dict.fromkeys((certificate, *chain)), [info], kind)
