"""Signatures on pages: made in the browser, uploaded, or asked for on the person's phone."""

from .certificates import CertificateVerifier, KeyCertificate, KeyRefused, KeyStanding, Proof
from .model import CertificateDirectory, Opened, RemoteSigner, SignedFiles, Signing, SigningAnswer, SigningRequest
from .pages import routes
from .receiving import receive, receive_some
from .refusals import refusal_text

__all__ = [
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
    "SigningAnswer",
    "SigningRequest",
    "receive",
    "receive_some",
    "refusal_text",
    "routes",
]
