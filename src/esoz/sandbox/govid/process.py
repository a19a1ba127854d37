"""The simulator of id.gov.ua as a process: settings → database and trust list → the application."""

from esoz.gateways import certificates
from esoz.gateways.signed_files import SignedFiles
from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.signing import Signing

from .app import Identity, make_app


def make(settings: Settings) -> Identity:
    """The application of `esoz govid`; RuntimeError outside the sandbox."""
    if not settings.sandbox:  # before a database is looked for
        raise RuntimeError("The simulator of id.gov.ua runs in the sandbox only: ESOZ_SANDBOX=1")
    database = Database(database_url(settings, "govid"), size=settings.number("ESOZ_POOL_SIZE"))
    verifier = TrustListVerifier.of(settings)  # a revoked key proves nothing
    ways = Signing(SignedFiles(verifier), None, certificates.of_settings(settings))
    return make_app(settings, database, SystemClock(), ways)
