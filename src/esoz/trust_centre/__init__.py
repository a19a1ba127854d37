"""The test trust centre (КНЕДП): issues and revokes certificates, answers OCSP, stamps time. A part of its own."""

from .app import MIGRATIONS, TrustCentre, dependencies_of, open_centre, operator_key, password_of, write_audit
from .centre import Centre
from .commands import CertificateOrder, issue, revoke
from .model import Family, Identity, Reason, Record
from .protocols import configuration

__all__ = [
    "MIGRATIONS",
    "Centre",
    "CertificateOrder",
    "Family",
    "Identity",
    "Reason",
    "Record",
    "TrustCentre",
    "configuration",
    "dependencies_of",
    "issue",
    "open_centre",
    "operator_key",
    "password_of",
    "revoke",
    "write_audit",
]
