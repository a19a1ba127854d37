"""The cabinet as a process: settings → database and the way to central → the application."""

from esoz.gateways import certificates, diia
from esoz.gateways.signed_files import SignedFiles
from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.signing import Signing

from .app import MIGRATIONS, Cabinet, make_app

__all__ = ["MIGRATIONS", "make"]


def make(settings: Settings) -> Cabinet:
    """The application of `esoz cabinet`."""
    database = Database(database_url(settings, "cabinet"), size=settings.number("ESOZ_POOL_SIZE"))
    clock, trust = SystemClock(), settings.folder("ESOZ_TRUST", "trust")
    # Central judges every signature; with a trust list of its own the cabinet can also tell faults and ask Diia.
    ways = None
    if trust.is_dir():
        files, remote = SignedFiles(TrustListVerifier.trusting(trust)), diia.of_settings(settings, "cabinet", clock)
        ways = Signing(files, remote, certificates.of_settings(settings))
    return make_app(settings, database, clock, ways=ways)
