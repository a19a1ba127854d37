"""mis as a process: settings → database, central, verifier → the application."""

from esoz.gateways import diia
from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.sdk import Central

from .app import MIGRATIONS, Mis, make_app

__all__ = ["MIGRATIONS", "make"]


def make(settings: Settings) -> Mis:
    """The application of `esoz mis`."""
    database = Database(database_url(settings, "mis"), size=settings.number("ESOZ_POOL_SIZE"))
    key, psk = settings.text("ESOZ_MIS_API_KEY"), settings.text("ESOZ_MIS_PSK")
    central = Central(settings.url("central"), api_key=key, psk=psk)
    verifier = TrustListVerifier.of(settings, takes_test_keys=settings.sandbox or settings.flag("ESOZ_TEST_KEYS"))
    clock = SystemClock()
    remote = diia.of_settings(settings, "mis", clock)
    return make_app(settings, database, central, clock, verifier=verifier, remote=remote)
