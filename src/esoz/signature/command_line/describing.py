"""Tells in fields what the structures of electronic signatures hold."""

from collections.abc import Iterable
from datetime import UTC, datetime

from .. import cms, der, hashes, oids
from ..certificate import Certificate, Identity, Name
from ..errors import SignatureError, Unsupported
from ..keys import DstuPublicKey, EcdsaPublicKey, PublicKey, RsaPublicKey, read_public_key
from ..ocsp import OcspAnswer
from ..report import level_of
from ..requests import CertificateRequest, OcspRequest, TimestampAnswer, TimestampRequest
from ..revocation import RevocationList
from ..timestamps import Timestamp
from .names import named

Fields = dict[str, object]

# A revocation list may have 100,000 entries; nobody reads more than these.
_MOST_ENTRIES = 50


def certificate(found: Certificate) -> Fields:
    """A certificate: whose it is, what for, of which key."""
    return {
        "kind": "certificate",
        **_identity(found.identity),
        "is_qualified": found.is_qualified,
        "is_on_device": found.is_on_device,
        "is_authority": found.is_authority,
        "issuer": name_of(found.issuer),
        "serial_number": f"{found.serial_number:x}",
        "not_before": moment(found.not_before),
        "not_after": moment(found.not_after),
        "key": _key(found),
        "key_usage": sorted(found.key_usage or ()),
        "purposes": sorted(map(named, found.extended_key_usage)),
        "signature_algorithm": named(found.signature_algorithm),
        "key_identifier": (found.key_identifier or b"").hex(),
        "ocsp": list(found.urls(oids.ACCESS_OCSP)),
        "tsp": list(found.urls(oids.ACCESS_TIMESTAMPS)),
        "crl": list(found.list_urls),
        "fingerprint": found.fingerprint.hex(),
    }


_IDENTITY = (
    "common_name",
    "surname",
    "given_name",
    "drfo",
    "edrpou",
    "unzr",
    "organization",
    "organizational_unit",
    "title",
    "locality",
    "country",
)


def _identity(holder: Identity) -> Fields:
    """Who stands behind a certificate, as far as it says."""
    known = {name: value for name in _IDENTITY if (value := getattr(holder, name))}
    return {**known, "person": "legal" if holder.is_legal else "natural", "is_seal": holder.is_seal}


def _key(found: Certificate) -> str:
    try:
        return public_key(found.public_key)
    except SignatureError as fault:
        return str(fault)


def public_key(key: PublicKey) -> str:
    """The kind and the size of a key."""
    match key:
        case DstuPublicKey():
            return f"DSTU 4145, m={key.curve.field.m}"
        case EcdsaPublicKey():
            return f"ECDSA, {key.key.curve.name}"
        case RsaPublicKey():
            return f"RSA, {key.key.key_size}"
    return type(key).__name__


def bare_key(node: der.Node) -> Fields:
    """SubjectPublicKeyInfo alone."""
    fields = node.fields()
    fields.take(der.SEQUENCE)
    bits = fields.take(der.BIT_STRING)
    fields.finish()
    try:
        key = public_key(read_public_key(node))
    except Unsupported as fault:
        key = str(fault)
    return {"kind": "public key", "key": key, "bits": bits.whole_bits().hex()}


def signed_data(signed: cms.SignedData) -> Fields:
    """A signature, a timestamp token or a bundle of certificates."""
    if signed.content_type == oids.TST_INFO:
        kind = "timestamp token"
    else:
        kind = "signature" if signed.signers else "certificates"
    content = signed.content
    place = "detached" if content is None else f"{len(content)} bytes"
    return {
        "kind": kind,
        **({"content": place} if signed.signers else {}),
        **({} if content is None else {"content_sha256": hashes.digest(oids.SHA256, content).hex()}),
        "signers": [_signer(info) for info in signed.signers],
        "certificates": [certificate(found) for found in signed.certificates],
    }


def _signer(info: cms.SignerInfo) -> Fields:
    signing_time = info.signed.one(oids.SIGNING_TIME)
    tokens = [
        *info.signed.all(oids.CONTENT_TIMESTAMP),
        *info.unsigned.all(oids.SIGNATURE_TIMESTAMP),
        *info.unsigned.all(oids.ARCHIVE_TIMESTAMP),
    ]
    identifier = info.identifier
    return {
        "level": level_of(info),
        "issuer": None if identifier.issuer is None else name_of(identifier.issuer),
        "serial_number": None if identifier.serial_number is None else f"{identifier.serial_number:x}",
        "key_identifier": None if identifier.key_identifier is None else identifier.key_identifier.hex(),
        "signed_at": None if signing_time is None else moment(signing_time.time()),
        "digest_algorithm": named(info.digest_algorithm),
        "signature_algorithm": named(info.signature_algorithm),
        "timestamps": [moment(Timestamp.read(token).moment) for token in tokens],
        "counter_signatures": len(info.unsigned.all(oids.COUNTER_SIGNATURE)),
    }


def timestamp(found: Timestamp) -> Fields:
    """What a timestamp token says."""
    return {
        "kind": "timestamp token",
        "moment": moment(found.moment),
        "digest_algorithm": named(found.digest_algorithm),
        "imprint": found.imprint.hex(),
        "policy": found.policy,
        "serial_number": f"{found.serial_number:x}",
        "certificates": [certificate(carried) for carried in found.token.certificates],
    }


def timestamp_answer(found: TimestampAnswer) -> Fields:
    """An answer of a timestamp service."""
    token = {} if found.timestamp is None else timestamp(found.timestamp)
    return {**token, "kind": "timestamp answer", "status": found.status}


def timestamp_request(found: TimestampRequest) -> Fields:
    """A question to a timestamp service."""
    return {
        "kind": "timestamp request",
        "digest_algorithm": named(found.digest_algorithm),
        "imprint": found.imprint.hex(),
        "policy": found.policy,
        "nonce": None if found.nonce is None else f"{found.nonce:x}",
        "wants_certificate": found.wants_certificate,
    }


def revocation_list(found: RevocationList) -> Fields:
    """A full or a delta list."""
    entries = [
        {"serial_number": f"{serial:x}", "since": moment(entry.since), "status": entry.reason}
        for serial, entry in list(found.entries.items())[:_MOST_ENTRIES]
    ]
    return {
        "kind": "delta revocation list" if found.is_delta else "revocation list",
        "issuer": name_of(found.issuer),
        "number": found.number,
        "base_number": found.base_number,
        "this_update": moment(found.this_update),
        "next_update": None if found.next_update is None else moment(found.next_update),
        "signature_algorithm": named(found.signature_algorithm),
        "revoked": len(found.entries),
        "entries": entries,
    }


def ocsp_answer(found: OcspAnswer) -> Fields:
    """An answer of an OCSP service."""
    responder = name_of(found.responder_name) if found.responder_name else (found.responder_key or b"").hex()
    return {
        "kind": "OCSP answer",
        "produced_at": moment(found.produced_at),
        "responder": responder,
        "signature_algorithm": named(found.signature_algorithm),
        "statuses": [
            {
                "serial_number": f"{status.identifier.serial_number:x}",
                "status": "revoked" if status.revoked_since else "good" if status.is_known else "unknown",
                "since": None if status.revoked_since is None else moment(status.revoked_since),
                "this_update": moment(status.this_update),
                "next_update": None if status.next_update is None else moment(status.next_update),
            }
            for status in found.statuses
        ],
        "certificates": [certificate(carried) for carried in found.certificates],
    }


def ocsp_request(found: OcspRequest) -> Fields:
    """A question to an OCSP service."""
    return {
        "kind": "OCSP request",
        "questions": [
            {"serial_number": f"{question.serial_number:x}", "digest_algorithm": named(question.algorithm)}
            for question in found.questions
        ],
        "nonce": None if found.nonce is None else found.nonce.hex(),
        "is_signed": found.is_signed,
    }


def certificate_request(found: CertificateRequest) -> Fields:
    """PKCS#10, and whether its own signature is right."""
    try:
        found.must_be_signed()
        verdict = "valid"
        key = public_key(found.public_key)
    except SignatureError as fault:
        verdict = key = fault.code
    return {
        "kind": "certificate request",
        "subject": name_of(found.subject),
        "key": key,
        "signature_algorithm": named(found.signature_algorithm),
        "signature": verdict,
    }


def name_of(name: Name) -> str:
    """A distinguished name in one line."""
    return ", ".join(f"{named(kind)}={value}" for kind, value in name.attributes)


def moment(value: datetime) -> str:
    """ISO 8601 in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def encryption(node: der.Node) -> Iterable[str]:
    """Names of the algorithms that lock a key file, as far as they can be seen without the password."""
    pending, found = [node], dict[str, None]()
    while pending:
        current = pending.pop()
        if current.tag == der.OID:
            found[named(current.oid())] = None
        elif current.is_constructed:
            pending.extend(reversed(current.children))
    return list(found)
