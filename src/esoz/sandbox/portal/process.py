"""The portal as a process: settings → database, trust list and the way to central → the application."""

from esoz.gateways import certificates, diia
from esoz.gateways.signed_files import SignedFiles
from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.signing import Signing

from .app import Portal, make_app


def make(settings: Settings) -> Portal:
    """The application of `esoz portal`; RuntimeError outside the sandbox."""
    if not settings.sandbox:  # before a database is looked for
        raise RuntimeError("The portal runs in the sandbox only: ESOZ_SANDBOX=1")
    database, clock = Database(database_url(settings, "portal"), size=settings.number("ESOZ_POOL_SIZE")), SystemClock()
    files = SignedFiles(TrustListVerifier.trusting(settings.folder("ESOZ_TRUST", "trust")))
    ways = Signing(files, diia.of_settings(settings, "portal", clock), certificates.of_settings(settings))
    return make_app(settings, database, clock, ways=ways)
