"""Signatures on pages: made in the browser, uploaded, or asked for on the person's phone."""

from .certificates import CertificateJudge, KeyCertificate, KeyRefused, KeyStanding, Proof
from .model import Answered, Asked, CertificateDirectory, Opened, RemoteSigner, SignedFiles, Signing
from .pages import routes
from .receiving import receive, receive_some
from .refusals import told

__all__ = [
    "Answered",
    "Asked",
    "CertificateDirectory",
    "CertificateJudge",
    "KeyCertificate",
    "KeyRefused",
    "KeyStanding",
    "Opened",
    "Proof",
    "RemoteSigner",
    "SignedFiles",
    "Signing",
    "receive",
    "receive_some",
    "routes",
    "told",
]
