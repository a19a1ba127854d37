"""Pages of the stock."""

from datetime import timedelta

from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import Services
from esoz.mis.base.workplace import PHARMACY
from esoz.sdk import CentralError

from ..commands import tell
from . import inventory, journal, receipts, sharing, shelf
from .registry import HOME, pages

__all__ = ["inventory", "journal", "receipts", "section", "sharing", "shelf"]


def works(services: Services) -> list[Periodic]:
    """Telling central what divisions have."""
    return [Periodic("stock for patients", timedelta(seconds=10), lambda: tell(services), passing=(CentralError,))]


section = Section("stock", pages, nav=(NavItem(_("Склад"), HOME, PHARMACY),), works=works)
