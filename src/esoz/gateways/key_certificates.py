"""Reads certificates of keys into the words of the pages; tells test authorities from real ones by their names."""

import re
from collections.abc import Iterable

from esoz.kernel.errors import rejected
from esoz.kernel.signing.certificates import KeyCertificate
from esoz.signature import Certificate, SignatureError, Unreadable, budget, cms, oids
from esoz.signature.pem import unarmor
from esoz.signature.signer_info import signer_certificate
from esoz.signature.trust import read_certificates

FIELD = "$.certificate"
MOST_CERTIFICATES = 64  # in a bundle; more is no key of a person
# Test authorities say so in their names («Тестовий ЦСК АТ "ІІТ"»); certificates have no field for it.
_TEST = re.compile(r"\b(тест|test|навчальн|демо|demo)", re.IGNORECASE)


def read(file: bytes) -> list[KeyCertificate]:
    """Certificates of a file: DER, PEM (several too), a bundle. Raises Rejected on `$.certificate`."""
    try:
        with budget.limited(len(file)):
            found = [each for block in _blocks(file) for each in read_certificates(block)]
            return [described(each) for each in found[:MOST_CERTIFICATES]]
    except budget.Exhausted as fault:
        raise rejected(FIELD, Unreadable.sentence, rule=Unreadable.code) from fault
    except SignatureError as fault:
        raise rejected(FIELD, fault.message, rule=fault.code) from fault


def _blocks(file: bytes) -> list[bytes]:
    """The PEM blocks of a file; a file of another kind is one block."""
    parts: list[bytes] = []
    end = 0
    while len(parts) < MOST_CERTIFICATES and (start := file.find(b"-----BEGIN ", end)) >= 0:
        last = file.find(b"-----END ", start)
        end = file.find(b"-----", last + 9) + 5 if last >= 0 else 4
        if end == 4:
            break
        parts.append(file[start:end])
    return parts or [file]


def signer_of(document: bytes, known: Iterable[Certificate]) -> Certificate | None:
    """The certificate that the first signer of a document names; None when it is nowhere or nothing is readable."""
    try:
        signed = cms.read(unarmor(document))
        if not signed.signers or len(signed.certificate_choices) > cms.MOST_CERTIFICATES:
            return None
        return signer_certificate(signed.signers[0], (*signed.certificates, *known))
    except SignatureError:
        return None


def described(certificate: Certificate) -> KeyCertificate:
    """What the certificate says."""
    identity = certificate.identity
    person = " ".join(part for part in (identity.surname, identity.given_name) if part)
    holder = identity.organization if identity.is_seal else person
    return KeyCertificate(
        content=certificate.der,
        fingerprint=certificate.fingerprint,
        serial_number=f"{certificate.serial_number:x}",
        issuer=certificate.issuer.get(oids.COMMON_NAME) or certificate.issuer.get(oids.ORGANIZATION) or "",
        holder=holder or identity.common_name or identity.organization or "",
        organisation=identity.organization or "",
        title=identity.title or "",
        drfo=identity.drfo or "",
        edrpou=identity.edrpou or "",
        is_seal=identity.is_seal,
        is_legal=identity.is_legal,
        may_sign=certificate.may_sign,
        is_authority=certificate.is_authority,
        is_qualified=certificate.is_qualified,
        is_on_device=certificate.is_on_device,
        is_test=is_test(certificate),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
    )


def is_test(certificate: Certificate) -> bool:
    """Whether the issuer calls itself a test authority."""
    return any(_TEST.search(value) for _kind, value in certificate.issuer.attributes)
