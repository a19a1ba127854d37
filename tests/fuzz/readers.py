"""The readers under test, and what is asked of each: only errors of the family, little time, little memory."""

import resource
import time
from collections.abc import Callable
from contextlib import suppress
from unittest.mock import patch

from esoz.signature import (
    Certificate,
    CertificateRequest,
    OcspAnswer,
    OcspRequest,
    RevocationList,
    SignatureError,
    TimestampAnswer,
    TimestampRequest,
    cms,
    der,
    examine,
    open_key_file,
)
from esoz.signature.containers import passwords
from esoz.signature.keys import read_private_keys
from esoz.signature.timestamps import Timestamp

from .seeds import NOW, PASSWORD, trust

MOST_CPU = 0.1
MOST_MEMORY = 50 * 1024
# A key file may honestly ask for more work than a tenth of a second allows; how much is not what is fuzzed.
MOST_WORK = 70_000

Reader = Callable[[bytes], object]


class TooCostly(AssertionError):
    """An input takes more time or memory than any honest one."""


def read_tree(data: bytes) -> None:
    """Every node, read as everything it could be."""
    waiting = [der.read(data)]
    while waiting:
        node = waiting.pop()
        for read in (node.oid, node.integer, node.boolean, node.octets, node.bits, node.text, node.time):
            with suppress(SignatureError):
                read()
        if node.is_constructed:
            waiting += node.children


def read_certificate(data: bytes) -> None:
    """A certificate and everything that is worked out from it later."""
    certificate = Certificate.parse(data)
    for name in (
        "identity",
        "key_usage",
        "is_authority",
        "path_length",
        "may_sign",
        "public_key",
        "key_identifier",
        "authority_key_identifier",
        "public_bits",
    ):
        with suppress(SignatureError):
            getattr(certificate, name)
    with suppress(SignatureError):
        certificate.must_be_signed_by(certificate)
    with suppress(SignatureError):
        trust().chain(certificate)


def read_revocation_list(data: bytes) -> None:
    """A list, its signature included."""
    found = RevocationList.parse(data)
    for certificate in trust().certificates:
        with suppress(SignatureError):
            found.must_be_signed_by(certificate)


def read_ocsp_answer(data: bytes) -> None:
    """An answer about a certificate of the centre."""
    answer = OcspAnswer.parse(data)
    *_, issuing = trust().certificates
    with suppress(SignatureError):
        answer.must_be_from(issuing, trust())
    for certificate in trust().certificates:
        with suppress(SignatureError):
            answer.must_confirm(certificate, issuing, at=NOW)


def read_timestamp(data: bytes) -> None:
    """A token, and its signature by whoever is in it."""
    token = Timestamp.read(der.read(data))
    for certificate in (*token.token.certificates[:4], *trust().certificates):
        with suppress(SignatureError):
            token.must_be_from(certificate)


def read_request(data: bytes) -> None:
    """PKCS#10 with its signature."""
    CertificateRequest.parse(data).must_be_signed()


def open_key(data: bytes) -> None:
    """A key file with the right password."""
    with patch.object(passwords, "MOST_WORK", MOST_WORK):
        open_key_file(data, PASSWORD)


READERS: dict[str, Reader] = {
    "der": read_tree,
    "certificate": read_certificate,
    "container": cms.read,
    "document": lambda data: examine(data, trust(), at=NOW),
    "revocation-list": read_revocation_list,
    "ocsp-answer": read_ocsp_answer,
    "ocsp-request": OcspRequest.parse,
    "timestamp": read_timestamp,
    "timestamp-answer": TimestampAnswer.parse,
    "timestamp-request": TimestampRequest.parse,
    "certificate-request": read_request,
    "private-key": read_private_keys,
    "key-file": open_key,
}


def feed(reader: Reader, data: bytes) -> None:
    """Read; `TooCostly` beyond the bounds, and whatever is not of the family of errors comes through."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if _seconds(reader, data) > MOST_CPU:
        # A neighbour on the machine slows down the processor too: the best of a few counts.
        best = min(_seconds(reader, data) for _ in range(4))
        if best > MOST_CPU:
            raise TooCostly(f"{1000 * best:.0f} ms for {len(data)} bytes")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    if grown > MOST_MEMORY:
        raise TooCostly(f"{grown / 1024:.0f} MB for {len(data)} bytes")


def _seconds(reader: Reader, data: bytes) -> float:
    start = time.process_time()
    with suppress(SignatureError):
        reader(data)
    return time.process_time() - start
