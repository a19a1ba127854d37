"""Signatures on pages: made in the browser, uploaded, or asked for on the person's phone."""

from .model import Answered, Asked, CertificateDirectory, Opened, RemoteSigner, SignedFiles, Signing
from .pages import routes
from .receiving import receive, receive_some

__all__ = [
    "Answered",
    "Asked",
    "CertificateDirectory",
    "Opened",
    "RemoteSigner",
    "SignedFiles",
    "Signing",
    "receive",
    "receive_some",
    "routes",
]
