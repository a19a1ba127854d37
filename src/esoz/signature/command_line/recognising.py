"""Finds out what a file of electronic signatures is, whoever made it."""

from collections.abc import Callable

from .. import cms, der, oids
from ..attaching import unwrapped
from ..certificate import Certificate
from ..containers import KeyFile, iit, jks, open_store, pkcs12
from ..errors import NotASignature, Unreadable
from ..ocsp import OcspAnswer
from ..pem import blocks, is_pem
from ..requests import CertificateRequest, OcspRequest, TimestampAnswer, TimestampRequest
from ..revocation import RevocationList
from ..timestamps import Timestamp
from . import describing
from .describing import Fields
from .names import named

# PEM labels of what `recognise` finds.
PEM_LABELS = {
    "certificate": "CERTIFICATE",
    "signature": "CMS",
    "certificates": "PKCS7",
    "timestamp token": "CMS",
    "revocation list": "X509 CRL",
    "delta revocation list": "X509 CRL",
    "certificate request": "CERTIFICATE REQUEST",
    "PKCS#8": "PRIVATE KEY",
    "encrypted PKCS#8": "ENCRYPTED PRIVATE KEY",
}


# Files of other kinds that people take for signatures, by their first bytes.
_FOREIGN = {b"%PDF": "PDF", b"PK\x03\x04": "ZIP or ASiC", b"<": "XML", b"{": "JSON"}


def kind_of(data: bytes) -> str:
    """What a file is, whatever it is wrapped in. Raises as `recognise` does."""
    if is_pem(data):
        return str(recognise(blocks(data)[0].content)["kind"])
    return str(recognise(unwrapped(data))["kind"])


def recognise(data: bytes, password: str | None = None, key_password: str | None = None) -> Fields:
    """What DER (or a Java key store) holds; key files are opened when a password is given.

    Raises `Unreadable` when it is nothing that is known; `WrongPassword` and `Unsupported` for a key file.
    """
    if jks.is_store(data):
        return _key_file(jks.name_of(data), [], data, password, key_password)
    if not data.strip():
        raise NotASignature("empty")
    for mark, foreign in _FOREIGN.items():
        if data.removeprefix(b"\xef\xbb\xbf").startswith(mark):
            raise NotASignature(foreign)
    if data[:1] == b"\x51":
        # Six bytes that PrivatBank puts before an IIT container.
        data = data[6:]
    node = der.read(data)
    for read in (_signed, *_PLAIN):
        try:
            return read(node)
        except Unreadable:
            continue
    kind = _container(node)
    if kind is not None:
        return _key_file(kind, list(describing.encryption(node)), data, password, key_password)
    raise Unreadable("no structure of electronic signatures")


_OTHER_CMS = {
    oids.ENVELOPED_DATA: "encrypted message",
    oids.AUTH_ENVELOPED_DATA: "encrypted message",
    oids.ENCRYPTED_DATA: "encrypted message",
    oids.COMPRESSED_DATA: "compressed data",
    oids.DIGESTED_DATA: "data with a digest",
    oids.DATA: "data without a signature",
}


def _signed(node: der.Node) -> Fields:
    """CMS of any content type."""
    outer = node.fields()
    kind = outer.take().oid()
    if kind != oids.SIGNED_DATA:
        outer.take(0xA0)
        outer.finish()
        return {"kind": _OTHER_CMS.get(kind, "CMS"), "type": named(kind)}
    signed = cms.read_content_info(node)
    if signed.content_type != oids.TST_INFO:
        return describing.signed_data(signed)
    return describing.timestamp(Timestamp.read(node))


_PLAIN: tuple[Callable[[der.Node], Fields], ...] = (
    lambda node: describing.certificate(Certificate(node)),
    lambda node: describing.revocation_list(RevocationList.parse(node.raw)),
    lambda node: describing.certificate_request(CertificateRequest.parse(node.raw)),
    lambda node: describing.ocsp_answer(OcspAnswer.parse(node.raw)),
    lambda node: describing.timestamp_answer(TimestampAnswer.parse(node.raw)),
    lambda node: describing.timestamp_request(TimestampRequest.parse(node.raw)),
    lambda node: describing.ocsp_request(OcspRequest.parse(node.raw)),
    describing.bare_key,
)


def _container(node: der.Node) -> str | None:
    """The kind of a key file in DER."""
    if pkcs12.is_container(node):
        return "PKCS#12"
    if iit.is_container(node):
        return "IIT key container"
    try:
        fields = node.fields()
        first = fields.take()
        if first.tag == der.SEQUENCE:
            first.fields().take().oid()
            fields.take(der.OCTET_STRING)
            return "encrypted PKCS#8"
        first.integer()
        return _BY_SECOND_FIELD.get(fields.take().tag)
    except Unreadable:
        return None


# What follows the version: an algorithm, the secret of an elliptic key, the modulus of an RSA key.
_BY_SECOND_FIELD = {der.SEQUENCE: "PKCS#8", der.OCTET_STRING: "SEC1 key", der.INTEGER: "PKCS#1 key"}


_PLAIN_KEYS = frozenset(_BY_SECOND_FIELD.values())


def _key_file(kind: str, encryption: list[str], data: bytes, password: str | None, key_password: str | None) -> Fields:
    """A locked file without its password is told about and not tried: deriving a key takes long."""
    fields: Fields = {"kind": kind, "encryption": encryption}
    if kind not in _PLAIN_KEYS and password is None:
        return {**fields, "note": "locked"}
    opened = open_store(data, password or "", key_password)
    return {
        **fields,
        "keys": keys(opened),
        **({"certificates": [describing.certificate(found) for found in opened.others]} if opened.others else {}),
        **({"locked_keys": opened.locked} if opened.locked else {}),
        **({"unread": [str(fault) for fault in opened.unread]} if opened.unread else {}),
    }


def keys(opened: KeyFile) -> list[Fields]:
    """What an opened key file holds; the secret numbers are never shown."""
    return [
        {
            "key": describing.public_key(entry.key.public),
            "certificate": None if entry.certificate is None else describing.certificate(entry.certificate),
            "chain": [describing.name_of(above.subject) for above in entry.chain],
        }
        for entry in opened.entries
    ]
