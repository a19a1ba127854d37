"""`sign`: signs a document with a key file, or adds to a signature; collects timestamps and proofs when asked."""

import argparse
import secrets
from functools import partial
from pathlib import Path

from .. import asic, cms, oids
from ..attaching import unwrapped
from ..augmenting import (
    Stamp,
    add_signature,
    countersign,
    with_archive_timestamps,
    with_signature_timestamps,
    with_validation_values,
)
from ..certificate import Certificate
from ..containers import KeyFile
from ..errors import NoDocument, SignatureError
from ..requests import ask_timestamp
from ..signing import digest_with, sign
from ..trust import TrustList
from . import files, network
from .statuses import Statuses

# Each level has all that the ones before it have.
LEVELS = ("BES", "T", "XL", "A")


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0 when the signature is written."""
    opened = files.keys(arguments.key, arguments, files.password_of(arguments))
    key, certificate = opened.signing
    digest = digest_with(key, certificate)
    stamp = partial(_stamp, arguments, certificate, digest)
    signed = _signed(arguments, opened, stamp)
    documents = _documents(arguments)
    if _reaches(arguments, "T"):
        signed = with_signature_timestamps(signed, stamp)
    if _reaches(arguments, "XL"):
        above = [c for entry in opened.entries for c in entry.chain]
        statuses = Statuses(arguments.ocsp, arguments.crl, (certificate, *above))
        signed = with_validation_values(signed, _trust(arguments, signed, above), statuses.find)
    if _reaches(arguments, "A"):
        signed = with_archive_timestamps(signed, _document(arguments, signed), stamp, digest)
    if documents:
        signed = asic.write(documents, signed)
    files.write(arguments.output, files.armored("CMS", signed) if arguments.pem else signed)
    return 0


def _documents(arguments: argparse.Namespace) -> dict[str, bytes]:
    """The files of an archive by their names; none when no archive is wanted."""
    names = [arguments.file, *arguments.asic] if arguments.asic is not None else []
    return {Path(name).name: files.read(name) for name in names}


def _original(arguments: argparse.Namespace) -> bytes:
    """What a new signature is over: the file, or the manifest of an archive."""
    documents = _documents(arguments)
    return asic.manifest(documents) if documents else files.read(arguments.file)


def _reaches(arguments: argparse.Namespace, level: str) -> bool:
    return LEVELS.index(arguments.level) >= LEVELS.index(level)


def _signed(arguments: argparse.Namespace, opened: KeyFile, stamp: Stamp) -> bytes:
    """A new signature, a parallel one, or one over signatures."""
    key, certificate = opened.signing
    at = arguments.at or files.now()
    if arguments.counter:
        return countersign(unwrapped(files.read(arguments.file)), key, certificate, at=at)
    # Ukrainian programs call a signature T only when the document has a timestamp, too.
    wanted = _reaches(arguments, "T") if arguments.content_timestamp is None else arguments.content_timestamp
    if not arguments.add:
        data = _original(arguments)
        token, is_apart = stamp(data) if wanted else None, arguments.detached or arguments.asic is not None
        return sign(data, key, certificate, at=at, detached=is_apart, content_timestamp=token)
    signature = unwrapped(files.read(arguments.file))
    document = _document(arguments, signature)
    token = stamp(document) if wanted else None
    return add_signature(signature, key, certificate, at=at, content=document, content_timestamp=token)


def _document(arguments: argparse.Namespace, signature: bytes) -> bytes:
    """What is signed: inside the signature, else the file named for it, else the file that was just signed."""
    inside = cms.read(signature).content
    if inside is not None:
        return inside
    if arguments.content is not None:
        return files.read(arguments.content)
    if arguments.add or arguments.counter:
        raise NoDocument("a detached signature without its document")
    return _original(arguments)


def _stamp(arguments: argparse.Namespace, certificate: Certificate, digest: str, message: bytes) -> bytes:
    urls = (arguments.tsp,) if arguments.tsp is not None else certificate.urls(oids.ACCESS_TIMESTAMPS)
    if not urls:
        raise network.NoAddress("the certificate names no timestamp service")
    try:
        return ask_timestamp(
            message, digest, partial(network.post, urls[0], network.TIMESTAMP), nonce=secrets.randbits(63)
        )
    except SignatureError as fault:
        fault.add_note(urls[0])
        raise


def _trust(arguments: argparse.Namespace, signed: bytes, above: list[Certificate]) -> TrustList:
    """Where chains lead to; the chain of the key file serves when no trust list is named."""
    embedded = (*cms.read(signed).certificates, *above)
    return files.trust_of(arguments, embedded) or TrustList(above)
