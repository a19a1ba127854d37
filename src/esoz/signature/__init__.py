"""Ukrainian qualified electronic signatures (КЕП): verify, sign, open key files. Imports nothing else of the system."""

from . import gost34311
from .authority import Authority, Issued, Subject
from .certificate import Certificate, Identity, KeyUsage, Name
from .containers import KeyEntry, KeyFile, open_key_file, write_jks, write_pkcs8, write_pkcs12
from .errors import (
    Expired,
    NoCertificate,
    NotForSignature,
    NotForSigning,
    NotYetValid,
    Revoked,
    SignatureError,
    Unreadable,
    Unsupported,
    Untrusted,
    WrongContent,
    WrongPassword,
    WrongSignature,
)
from .keys import Dstu4145Key, EcdsaKey, PrivateKey, RsaKey
from .ocsp import OcspAnswer
from .revocation import Revocation, RevocationList
from .services import OcspService, TimestampService, revocation_list, with_timestamps
from .signing import sign
from .timestamps import Timestamp
from .trust import TrustList
from .verification import SignedDocument, Signer, verify

# Whether the optional C code is in use: opening a GOST key file takes seconds without it.
accelerated = gost34311.is_native()

__all__ = [
    "Authority",
    "Certificate",
    "Dstu4145Key",
    "EcdsaKey",
    "Expired",
    "Identity",
    "Issued",
    "KeyEntry",
    "KeyFile",
    "KeyUsage",
    "Name",
    "NoCertificate",
    "NotForSignature",
    "NotForSigning",
    "NotYetValid",
    "OcspAnswer",
    "OcspService",
    "PrivateKey",
    "Revocation",
    "RevocationList",
    "Revoked",
    "RsaKey",
    "SignatureError",
    "SignedDocument",
    "Signer",
    "Subject",
    "Timestamp",
    "TimestampService",
    "TrustList",
    "Unreadable",
    "Unsupported",
    "Untrusted",
    "WrongContent",
    "WrongPassword",
    "WrongSignature",
    "accelerated",
    "open_key_file",
    "revocation_list",
    "sign",
    "verify",
    "with_timestamps",
    "write_jks",
    "write_pkcs8",
    "write_pkcs12",
]
