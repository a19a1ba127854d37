"""OCSP as a service: reads what is asked, writes signed answers (RFC 6960, with the limits of RFC 5019)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from esoz.signature import Revocation, Unreadable, der, oids
from esoz.signature import der_writer as w
from esoz.signature.authority import Issued, extension, signed
from esoz.signature.ocsp import CertificateIdentifier, read_identifier

# How long an answer may be kept by the asker.
LIFETIME = timedelta(seconds=60)
MOST_QUESTIONS = 32
MOST_BYTES = 16 * 1024
_LONGEST_NONCE = 128  # RFC 9654: 1 to 128 bytes


class Refusal(IntEnum):
    """OCSPResponseStatus other than successful."""

    MALFORMED = 1
    TRY_LATER = 3
    UNAUTHORIZED = 6  # RFC 5019: the service does not know such an authority


@dataclass(frozen=True, slots=True)
class Question:
    """One certificate asked about: the received bytes of its CertID, and what they say."""

    raw: bytes
    identifier: CertificateIdentifier


@dataclass(frozen=True, slots=True)
class OCSPRequest:
    """A whole request. `nonce` is the received extension value, echoed as it is."""

    questions: tuple[Question, ...]
    nonce: bytes | None


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to one question: unknown, revoked, or good."""

    question: Question
    is_known: bool
    revocation: Revocation | None = None


def read(data: bytes) -> OCSPRequest:
    """OCSPRequest; `Unreadable` when it is anything else or asks too much. Its signature, if any, means nothing."""
    fields = der.read(data).fields().take(der.SEQUENCE).fields()
    fields.take_context(0)
    fields.take_context(1)
    nodes = fields.take(der.SEQUENCE).children
    if not 0 < len(nodes) <= MOST_QUESTIONS:
        raise Unreadable(f"{len(nodes)} questions")
    raw = [node.fields().take() for node in nodes]
    return OCSPRequest(tuple(Question(node.raw, read_identifier(node)) for node in raw), _nonce(fields.take_context(2)))


def _nonce(extensions: der.Node | None) -> bytes | None:
    for item in () if extensions is None else extensions.only().expect(der.SEQUENCE).children:
        fields = item.fields()
        kind = fields.take().oid()
        fields.take_if(der.BOOLEAN)
        value = fields.take(der.OCTET_STRING).octets()
        if kind == oids.OCSP_NONCE:
            if not 0 < len(value) <= _LONGEST_NONCE + 2:
                raise Unreadable("a nonce of a wrong length")
            return value
    return None


def refuse(refusal: Refusal) -> bytes:
    """OCSPResponse without an answer, not signed."""
    return w.sequence(w.enumerated(refusal))


def answer(service: Issued, digest: str, said: Sequence[Said], nonce: bytes | None, *, at: datetime) -> bytes:
    """OCSPResponse signed by the service, whose certificate goes along."""
    moment = w.generalized_time(at)
    until = w.explicit(0, w.generalized_time(at + LIFETIME))
    statements = [w.sequence(each.question.raw, _status(each), moment, until) for each in said]
    echoed = b"" if nonce is None else w.explicit(1, w.sequence(extension(oids.OCSP_NONCE, nonce)))
    responder = w.explicit(1, service.certificate.subject.raw)
    body = w.sequence(responder, moment, w.sequence(*statements), echoed)
    carried = w.explicit(0, w.sequence(service.certificate.der))
    basic = signed(body, service.key, digest, carried)
    return w.sequence(w.enumerated(0), w.explicit(0, w.sequence(w.oid(oids.OCSP_BASIC), w.octet_string(basic))))


def _status(said: Said) -> bytes:
    if not said.is_known:
        return w.implicit(2, b"")
    if said.revocation is None:
        return w.implicit(0, b"")
    reason = said.revocation.reason
    why = b"" if reason is None else w.explicit(0, w.enumerated(reason))
    return w.explicit(1, w.generalized_time(said.revocation.since), why)
