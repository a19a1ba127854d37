"""`sign`: signs a document with a key file, or adds to a signature; collects timestamps and proofs when asked."""

import argparse
import secrets
from functools import partial

from .. import cms, oids
from ..attaching import unwrapped
from ..augmenting import add_signature, countersign, with_signature_timestamps, with_validation_values
from ..certificate import Certificate
from ..ocsp import OcspAnswer
from ..requests import ask_status, ask_timestamp
from ..signing import digest_with, sign
from ..trust import TrustList
from . import files, network


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0 when the signature is written."""
    opened = files.keys(arguments.key, arguments, files.password_of(arguments))
    key, certificate = opened.signing
    data = files.read(arguments.file)
    at = arguments.at or files.now()
    if arguments.counter:
        signed = countersign(unwrapped(data), key, certificate, at=at)
    elif arguments.add:
        content = None if arguments.content is None else files.read(arguments.content)
        signed = add_signature(unwrapped(data), key, certificate, at=at, content=content)
    else:
        signed = sign(data, key, certificate, at=at, detached=arguments.detached)
    if arguments.level != "BES":
        stamp = partial(_stamp, arguments, certificate, digest_with(key, certificate))
        signed = with_signature_timestamps(signed, stamp)
    if arguments.level == "XL":
        above = [c for entry in opened.entries for c in entry.chain]
        signed = with_validation_values(signed, _trust(arguments, signed, above), partial(_status, arguments))
    files.write(arguments.output, files.armored("CMS", signed) if arguments.pem else signed)
    return 0


def _stamp(arguments: argparse.Namespace, certificate: Certificate, digest: str, message: bytes) -> bytes:
    url = _address(arguments.tsp, certificate, oids.ACCESS_TIMESTAMPS)
    send = partial(network.post, url, network.TIMESTAMP)
    return ask_timestamp(message, digest, send, nonce=secrets.randbits(63))


def _status(arguments: argparse.Namespace, certificate: Certificate, issuer: Certificate) -> OcspAnswer:
    url = _address(arguments.ocsp, certificate, oids.ACCESS_OCSP)
    return ask_status(certificate, issuer, partial(network.post, url, network.OCSP))


def _address(named: str | None, certificate: Certificate, method: str) -> str:
    urls = (named,) if named is not None else certificate.urls(method)
    if not urls:
        raise network.NoAddress("the certificate does not name the service")
    return urls[0]


def _trust(arguments: argparse.Namespace, signed: bytes, above: list[Certificate]) -> TrustList:
    """Where chains lead to; the chain of the key file serves when no trust list is named."""
    embedded = (*cms.read(signed).certificates, *above)
    return files.trust_of(arguments, embedded) or TrustList(above)
