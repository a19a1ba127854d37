"""Pages of the ways in which a patient confirms."""

from datetime import timedelta

from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import Services
from esoz.mis.base.workplace import CONFIRMING

from .. import commands
from . import requests, ways
from .registry import HOME, pages

__all__ = ["requests", "section", "ways"]


def works(services: Services) -> list[Periodic]:
    """Forgetting what is over."""
    return [Periodic("old ways to confirm", timedelta(hours=1), lambda: commands.forget_old(services))]


section = Section(
    "methods",
    pages,
    patient_links=(NavItem(_("Способи підтвердження"), HOME, CONFIRMING),),
    works=works,
)
