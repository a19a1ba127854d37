"""Questions to the services of a trust provider, and requests for certificates: read and made."""

from collections.abc import Callable
from dataclasses import dataclass

from . import algorithms, cms, der, hashes, oids
from . import der_writer as w
from .certificate import Certificate, Extension, Name, read_extensions
from .errors import NotForSignature, ServiceRefused, Unreadable
from .gost28147 import DEFAULT_SBOX
from .keys import PublicKey, read_public_key
from .ocsp import CertificateIdentifier, OcspAnswer, read_identifier
from .pem import unarmor
from .timestamps import Timestamp

# Sends the bytes of a question to a service and gives back the bytes of its answer.
Send = Callable[[bytes], bytes]

_GRANTED = (0, 1)


@dataclass(frozen=True)
class CertificateRequest:
    """PKCS#10: a name and a key that ask for a certificate (RFC 2986)."""

    subject: Name
    spki: bytes
    extensions: tuple[Extension, ...]
    signature_algorithm: str
    signature_digest: str | None
    signed: bytes
    signature: bytes

    @staticmethod
    def parse(data: bytes) -> "CertificateRequest":
        """A request in DER or PEM; `Unreadable` when it is anything else."""
        outer = der.read(unarmor(data)).fields()
        body = outer.take(der.SEQUENCE)
        algorithm, digest = algorithms.read_signature(outer.take())
        signature = outer.take(der.BIT_STRING).whole_bits()
        outer.finish()
        fields = body.fields()
        if fields.take(der.INTEGER).integer() != 0:
            raise Unreadable("not a certificate request")
        subject, spki = Name.read(fields.take()), fields.take(der.SEQUENCE)
        requested = cms.Attributes(fields.take_context(0)).one(oids.EXTENSION_REQUEST)
        extensions = () if requested is None else read_extensions(requested)
        return CertificateRequest(subject, spki.raw, extensions, algorithm, digest, body.raw, signature)

    @property
    def public_key(self) -> PublicKey:
        """The key that asks; `Unsupported` when its algorithm is unknown."""
        return read_public_key(der.read(self.spki))

    def must_be_signed(self) -> None:
        """`WrongSignature` unless the owner of the key made the request."""
        self.public_key.verify(self.signature_algorithm, self.signature_digest, self.signed, self.signature)


@dataclass(frozen=True)
class TimestampRequest:
    """TimeStampReq (RFC 3161, 2.4.1)."""

    digest_algorithm: str
    imprint: bytes
    policy: str | None
    nonce: int | None
    wants_certificate: bool

    @staticmethod
    def parse(data: bytes) -> "TimestampRequest":
        """A request in DER; `Unreadable` when it is anything else."""
        fields = der.read(data).fields()
        # The version is 1; some programs write 0 there.
        if fields.take(der.INTEGER).integer() not in (0, 1):
            raise Unreadable("not a timestamp request")
        imprint = fields.take(der.SEQUENCE).fields()
        algorithm = algorithms.read_identifier(imprint.take())[0]
        digest = imprint.take(der.OCTET_STRING).octets()
        policy, nonce, wish = (fields.take_if(tag) for tag in (der.OID, der.INTEGER, der.BOOLEAN))
        fields.take_context(0)
        fields.finish()
        return TimestampRequest(
            digest_algorithm=algorithm,
            imprint=digest,
            policy=None if policy is None else policy.oid(),
            nonce=None if nonce is None else nonce.integer(),
            wants_certificate=wish is not None and wish.boolean(),
        )

    @property
    def der(self) -> bytes:
        """The request, encoded."""
        return w.sequence(
            w.integer(1),
            w.sequence(algorithms.identifier(self.digest_algorithm), w.octet_string(self.imprint)),
            b"" if self.policy is None else w.oid(self.policy),
            b"" if self.nonce is None else w.integer(self.nonce),
            w.boolean(True) if self.wants_certificate else b"",
        )


@dataclass(frozen=True)
class TimestampAnswer:
    """TimeStampResp: a token, or why there is none."""

    status: int
    timestamp: Timestamp | None
    token: bytes | None

    @staticmethod
    def parse(data: bytes) -> "TimestampAnswer":
        """An answer in DER; `Unreadable` when it is anything else."""
        fields = der.read(data).fields()
        status = fields.take(der.SEQUENCE).fields().take(der.INTEGER).integer()
        token = fields.take_if(der.SEQUENCE)
        fields.finish()
        if token is None and status in _GRANTED:
            raise Unreadable("a granted timestamp that is not there")
        if token is None:
            return TimestampAnswer(status, None, None)
        return TimestampAnswer(status, Timestamp.read(token), token.raw)


@dataclass(frozen=True)
class OcspRequest:
    """OCSPRequest (RFC 6960, 4.1.1). Its signature, if any, proves nothing that we need."""

    questions: tuple[CertificateIdentifier, ...]
    requestor: Name | None
    nonce: bytes | None
    is_signed: bool

    @staticmethod
    def parse(data: bytes) -> "OcspRequest":
        """A request in DER; `Unreadable` when it is anything else."""
        outer = der.read(data).fields()
        fields = outer.take(der.SEQUENCE).fields()
        is_signed = outer.take_context(0) is not None
        outer.finish()
        fields.take_context(0)
        name = fields.take_context(1)
        questions = tuple(read_identifier(node.fields().take()) for node in fields.take(der.SEQUENCE).children)
        extensions = fields.take_context(2)
        fields.finish()
        if not questions:
            raise Unreadable("an OCSP request that asks nothing")
        found = () if extensions is None else read_extensions(extensions.only())
        nonce = next((extension.value for extension in found if extension.oid == oids.OCSP_NONCE), None)
        directory = None if name is None else name.only()
        requestor = Name.read(directory.only()) if directory is not None and directory.context == 4 else None
        return OcspRequest(questions, requestor, nonce, is_signed)


def ocsp_request(certificate: Certificate, issuer: Certificate, digest: str = oids.SHA1) -> bytes:
    """A question about one certificate. SHA-1 only names the issuer here; every service knows it (RFC 5019, 2.1.1)."""
    sbox = issuer.public_key.sbox
    digests = (hashes.digest(digest, value, sbox) for value in (issuer.subject.raw, issuer.public_bits))
    identifier = w.sequence(
        algorithms.identifier(digest, w.null()), *map(w.octet_string, digests), w.integer(certificate.serial_number)
    )
    return w.sequence(w.sequence(w.sequence(w.sequence(identifier))))


def ask_status(certificate: Certificate, issuer: Certificate, send: Send) -> OcspAnswer:
    """What an OCSP service says about a certificate.

    `NotForSignature` when it speaks of another one, `ServiceRefused` when it refuses or does not know the certificate.
    """
    try:
        answer = OcspAnswer.parse(send(ocsp_request(certificate, issuer)))
    except Unreadable as fault:
        raise ServiceRefused(fault.detail) from fault
    statuses = [status for status in answer.statuses if status.identifier.fits(certificate, issuer)]
    if not statuses:
        raise NotForSignature("the OCSP service answered another question")
    if not any(status.is_known for status in statuses):
        raise ServiceRefused("the OCSP service does not know the certificate")
    return answer


def ask_timestamp(message: bytes, digest: str, send: Send, *, nonce: int) -> bytes:
    """A token over a message of a timestamp service; `ServiceRefused` when it refuses, `WrongContent` when it errs."""
    imprint = hashes.digest(digest, message, DEFAULT_SBOX)
    try:
        answer = TimestampAnswer.parse(send(TimestampRequest(digest, imprint, None, nonce, True).der))
    except Unreadable as fault:
        raise ServiceRefused(fault.detail) from fault
    if answer.timestamp is None or answer.token is None:
        raise ServiceRefused(f"the timestamp service refused with status {answer.status}")
    answer.timestamp.must_cover(message, DEFAULT_SBOX)
    if answer.timestamp.nonce not in (None, nonce):
        raise NotForSignature("the timestamp service answered another question")
    return answer.token
