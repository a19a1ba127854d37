"""The telephone as a process: settings → database and the way to central → the application."""

from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings

from .app import Telephone, make_app


def make(settings: Settings) -> Telephone:
    """The application of `esoz diia`; RuntimeError outside the sandbox."""
    if not settings.sandbox:  # before a database is looked for
        raise RuntimeError("The simulator of Diia runs in the sandbox only: ESOZ_SANDBOX=1")
    database = Database(database_url(settings, "diia"), size=settings.number("ESOZ_POOL_SIZE"))
    return make_app(settings, database, SystemClock())
