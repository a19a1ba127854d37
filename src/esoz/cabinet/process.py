"""The cabinet as a process: settings → database and the way to central → the application."""

from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings

from .app import MIGRATIONS, Cabinet, make_app

__all__ = ["MIGRATIONS", "make"]


def make(settings: Settings) -> Cabinet:
    """The application of `esoz cabinet`."""
    database = Database(database_url(settings, "cabinet"), size=settings.number("ESOZ_POOL_SIZE"))
    return make_app(settings, database, SystemClock())
