"""Requests for a certificate (PKCS#10): the proof that the asker holds the key, and whether we certify such keys."""

from esoz.signature import CertificateRequest, Unsupported
from esoz.signature.keys import DstuPublicKey, EcdsaPublicKey

from ..model import Family

# Weaker keys are not issued to anybody, not even for tests: software that takes them would look right here.
_LEAST_DSTU_BITS = 257
_CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})


def read(data: bytes) -> CertificateRequest:
    """A request in DER or PEM; SignatureError when it is unreadable or its own signature is wrong."""
    request = CertificateRequest.parse(data)
    request.must_be_signed()
    return request


def must_suit(request: CertificateRequest, family: Family) -> None:
    """`Unsupported` unless a key of this kind and strength belongs to the family."""
    key = request.public_key
    if family is Family.ECDSA:
        fits = isinstance(key, EcdsaPublicKey) and key.key.curve.name in _CURVES
    else:
        fits = isinstance(key, DstuPublicKey) and key.curve.field.m >= _LEAST_DSTU_BITS
    if not fits:
        raise Unsupported(f"a key of another kind than {family}, or a weak one")
