"""Pages of who speaks for a patient."""

from datetime import timedelta

from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import Services

from .. import commands
from . import choosing, listing, requests, rights
from .registry import HOME, SEEING, pages

__all__ = ["choosing", "listing", "requests", "rights", "section"]


def works(services: Services) -> list[Periodic]:
    """Forgetting what is over."""
    return [Periodic("old confidant requests", timedelta(hours=1), lambda: commands.forget_old(services))]


section = Section(
    "confidants",
    pages,
    patient_links=(NavItem(_("Законні представники"), HOME, SEEING),),
    works=works,
)
