"""Ukrainian qualified electronic signatures (КЕП): verify, sign, open key files. Imports nothing else of the system."""

from . import curves, gost34311
from .attaching import attach, is_detached, open_signature, sign_digest, unwrapped
from .augmenting import (
    add_signature,
    countersign,
    with_archive_timestamps,
    with_signature_timestamps,
    with_validation_values,
)
from .authority import Authority, Issued, Subject, revocation_list
from .certificate import Certificate, Identity, KeyUsage, Name
from .containers import (
    KeyEntry,
    KeyFile,
    open_key_file,
    write_all_jks,
    write_all_pkcs12,
    write_jks,
    write_pkcs8,
    write_pkcs12,
)
from .errors import (
    Expired,
    NoCertificate,
    NoDocument,
    NoKey,
    NoService,
    NotAdvanced,
    NotAKeyFile,
    NotASignature,
    NotForSignature,
    NotForSigning,
    NotYetValid,
    Revoked,
    ServiceRefused,
    SignatureError,
    Unreadable,
    Unsupported,
    UnsupportedKeyFile,
    Untrusted,
    WeakSignature,
    WrongContent,
    WrongKeyPassword,
    WrongPassword,
    WrongSignature,
)
from .evidence import Evidence
from .keys import Dstu4145Key, EcdsaKey, PrivateKey, RsaKey
from .ocsp import OcspAnswer
from .report import Finding, Level, Report, Signer
from .requests import (
    CertificateRequest,
    OcspRequest,
    TimestampAnswer,
    TimestampRequest,
    ask_status,
    ask_timestamp,
)
from .revocation import Revocation, RevocationList
from .signing import sign
from .timestamps import Proof, ProofKind, Timestamp
from .trust import TrustList
from .verification import SignedDocument, examine, verify

# Whether the optional C code is in use: opening a GOST key file takes seconds without it.
accelerated = gost34311.is_native() and curves.named(6).native is not None

__all__ = [
    "Authority",
    "Certificate",
    "CertificateRequest",
    "Dstu4145Key",
    "EcdsaKey",
    "Evidence",
    "Expired",
    "Finding",
    "Identity",
    "Issued",
    "KeyEntry",
    "KeyFile",
    "KeyUsage",
    "Level",
    "Name",
    "NoCertificate",
    "NoDocument",
    "NoKey",
    "NoService",
    "NotAKeyFile",
    "NotASignature",
    "NotAdvanced",
    "NotForSignature",
    "NotForSigning",
    "NotYetValid",
    "OcspAnswer",
    "OcspRequest",
    "PrivateKey",
    "Proof",
    "ProofKind",
    "Report",
    "Revocation",
    "RevocationList",
    "Revoked",
    "RsaKey",
    "ServiceRefused",
    "SignatureError",
    "SignedDocument",
    "Signer",
    "Subject",
    "Timestamp",
    "TimestampAnswer",
    "TimestampRequest",
    "TrustList",
    "Unreadable",
    "Unsupported",
    "UnsupportedKeyFile",
    "Untrusted",
    "WeakSignature",
    "WrongContent",
    "WrongKeyPassword",
    "WrongPassword",
    "WrongSignature",
    "accelerated",
    "add_signature",
    "ask_status",
    "ask_timestamp",
    "attach",
    "countersign",
    "examine",
    "is_detached",
    "open_key_file",
    "open_signature",
    "revocation_list",
    "sign",
    "sign_digest",
    "unwrapped",
    "verify",
    "with_archive_timestamps",
    "with_signature_timestamps",
    "with_validation_values",
    "write_all_jks",
    "write_all_pkcs12",
    "write_jks",
    "write_pkcs8",
    "write_pkcs12",
]
