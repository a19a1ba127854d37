"""Signatures on pages: made in the browser, uploaded, or asked for on the person's phone."""

from .certificates import CertificateVerifier, KeyCertificate, KeyRefused, KeyStanding, Proof
from .model import Answered, Asked, CertificateDirectory, Opened, RemoteSigner, SignedFiles, Signing
from .pages import routes
from .receiving import receive, receive_some
from .refusals import refusal_text

__all__ = [
    "Answered",
    "Asked",
    "CertificateDirectory",
    "CertificateVerifier",
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
    "refusal_text",
    "routes",
]
