"""Timestamps as a service: reads requests, writes tokens or says why not (RFC 3161)."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from esoz.signature import Unreadable, algorithms, der, oids
from esoz.signature import der_writer as w
from esoz.signature.authority import Issued
from esoz.signature.signing import signed_attributes, signed_data, signer_info

MOST_BYTES = 16 * 1024
_REJECTION = 2
_LONGEST_NONCE = 64
SIZES = {
    oids.GOST_34311: 32,
    oids.KUPYNA_256: 32,
    oids.KUPYNA_384: 48,
    oids.KUPYNA_512: 64,
    oids.SHA256: 32,
    oids.SHA384: 48,
    oids.SHA512: 64,
}


class Fault(IntEnum):
    """PKIFailureInfo: the number of the bit."""

    BAD_ALGORITHM = 0
    BAD_REQUEST = 2
    BAD_FORMAT = 5
    UNKNOWN_POLICY = 15
    UNKNOWN_EXTENSION = 16


class Refused(Exception):
    """The request is understood and not granted."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.name)


@dataclass(frozen=True, slots=True)
class TimestampRequest:
    """A readable request. `imprint` and `nonce` are the received bytes of their fields."""

    algorithm: str
    imprint: bytes
    nonce: bytes
    wants_certificate: bool


def read(data: bytes) -> TimestampRequest:
    """TimeStampReq; `Refused` when it is unreadable or asks for what is not done here."""
    try:
        return _read(data)
    except Unreadable as fault:
        raise Refused(Fault.BAD_FORMAT) from fault


def _read(data: bytes) -> TimestampRequest:
    fields = der.read(data).fields()
    if fields.take(der.INTEGER).integer() != 1:
        raise Refused(Fault.BAD_REQUEST)
    imprint = fields.take(der.SEQUENCE)
    parts = imprint.fields()
    algorithm = algorithms.read_identifier(parts.take())[0]
    digest = parts.take(der.OCTET_STRING).octets()
    parts.finish()
    if algorithm not in SIZES:
        raise Refused(Fault.BAD_ALGORITHM)
    if len(digest) != SIZES[algorithm]:
        raise Refused(Fault.BAD_FORMAT)
    policy = fields.take_if(der.OID)
    if policy is not None and policy.oid() != oids.TIMESTAMP_POLICY:
        raise Refused(Fault.UNKNOWN_POLICY)
    nonce = fields.take_if(der.INTEGER)
    if nonce is not None and len(nonce.raw) > _LONGEST_NONCE:
        raise Refused(Fault.BAD_REQUEST)
    wanted = fields.take_if(der.BOOLEAN)
    if fields.take_context(0) is not None:
        raise Refused(Fault.UNKNOWN_EXTENSION)
    fields.finish()
    return TimestampRequest(
        algorithm, imprint.raw, b"" if nonce is None else nonce.raw, wanted is not None and wanted.boolean()
    )


def refuse(fault: Fault) -> bytes:
    """TimeStampResp without a token."""
    bits = 1 << (31 - fault)
    size = fault // 8 + 1
    failure = w.bit_string(bits.to_bytes(4, "big")[:size], 7 - fault % 8)
    return w.sequence(w.sequence(w.integer(_REJECTION), failure))


def grant(service: Issued, digest: str, request: TimestampRequest, serial: int, *, at: datetime) -> bytes:
    """TimeStampResp with a token of the service over the imprint, to the second."""
    key, certificate = service.key, service.certificate
    info = w.sequence(
        w.integer(1),
        w.oid(oids.TIMESTAMP_POLICY),
        request.imprint,
        w.integer(serial),
        w.generalized_time(at),
        w.sequence(w.integer(1)),
        request.nonce,
    )
    attributes = signed_attributes(info, key, certificate, at=at, digest=digest, kind=oids.TST_INFO)
    signer = signer_info(key, certificate, attributes, digest)
    carried = [certificate] if request.wants_certificate else []
    return w.sequence(w.sequence(w.integer(0)), signed_data(oids.TST_INFO, info, carried, [signer], digest))
