"""The trust centre as a process: settings and database → the application."""

from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings

from .app import TrustCentre


def make(settings: Settings) -> TrustCentre:
    """The application of `esoz trust-centre`; RuntimeError when its secrets are not set."""
    database = Database(database_url(settings, "trust_centre"), size=settings.number("ESOZ_POOL_SIZE"))
    return TrustCentre(settings, database, SystemClock())
