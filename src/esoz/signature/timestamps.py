"""Timestamps of RFC 3161 inside a signature: a trusted service says when the signature or the document existed."""

from dataclasses import dataclass
from datetime import datetime

from . import algorithms, cms, der, hashes, oids
from .certificate import Certificate
from .errors import NoCertificate, NotForSigning, Unreadable, Untrusted, WrongContent
from .signer_info import must_fit, signer_certificate
from .trust import TrustList, must_be_valid

_MOST_TOKENS = 8


@dataclass(frozen=True)
class Timestamp:
    """What a token says, before and apart from whether it is to be believed."""

    moment: datetime
    digest_algorithm: str
    imprint: bytes
    policy: str
    serial_number: int
    token: cms.SignedData

    @staticmethod
    def read(node: der.Node) -> "Timestamp":
        """A timestamp token: SignedData over TSTInfo."""
        token = cms.read_content_info(node)
        if token.content_type != oids.TST_INFO or token.content is None or len(token.signers) != 1:
            raise Unreadable("not a timestamp token")
        fields = der.read(token.content).fields()
        fields.take(der.INTEGER)
        policy = fields.take().oid()
        imprint = fields.take().fields()
        algorithm = algorithms.read_identifier(imprint.take())[0]
        digest = imprint.take(der.OCTET_STRING).octets()
        serial_number = fields.take(der.INTEGER).integer()
        return Timestamp(fields.take().time(), algorithm, digest, policy, serial_number, token)

    def must_cover(self, message: bytes, sbox: bytes) -> None:
        """`WrongContent` unless the imprint is the digest of the message."""
        digest = hashes.digest(self.digest_algorithm, message, sbox)
        # Programs of PrivatBank (2016) wrote the GOST imprint with its bytes in the opposite order.
        is_reversed = self.digest_algorithm == oids.GOST_34311 and digest[::-1] == self.imprint
        if digest != self.imprint and not is_reversed:
            raise WrongContent("the imprint of a timestamp")

    def must_be_from(self, service: Certificate) -> None:
        """Raise unless this certificate is of a timestamp service that signed the token. Trust is another question."""
        must_fit(self.token.signers[0], service, self.token.content or b"", oids.TST_INFO)
        if oids.TIME_STAMPING not in service.extended_key_usage:
            raise NotForSigning("not a timestamp service")


def proven_time(info: cms.SignerInfo, document: bytes, trust: TrustList) -> datetime | None:
    """The earliest moment that trusted tokens prove; None without tokens or without a trusted service.

    A token of an unknown or untrusted service proves nothing. One of a trusted service must be right in everything:
    a wrong token spoils the signature.
    """
    proven = []
    covered = (
        (oids.CONTENT_TIMESTAMP, info.signed, document),
        (oids.SIGNATURE_TIMESTAMP, info.unsigned, info.signature),
    )
    for kind, attributes, message in covered:
        nodes = attributes.all(kind)
        if len(nodes) > _MOST_TOKENS:
            raise Unreadable(f"{len(nodes)} timestamps")
        for node in nodes:
            timestamp = Timestamp.read(node)
            signer = timestamp.token.signers[0]
            try:
                service = signer_certificate(signer, (*trust.certificates, *timestamp.token.certificates))
                chain = trust.chain(service, timestamp.token.certificates)
            except (NoCertificate, Untrusted):
                continue
            timestamp.must_cover(message, service.public_key.sbox)
            timestamp.must_be_from(service)
            must_be_valid(chain, timestamp.moment)
            proven.append(timestamp.moment)
    return min(proven, default=None)
