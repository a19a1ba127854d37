"""Pages of declarations, as one section of the workplace."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.section import NavItem, Section

from ..texts import KNOWN
from . import choosing, queue, requests
from .registry import SEEING, pages

__all__ = ["choosing", "queue", "requests", "section"]

section = Section(
    "declarations",
    pages,
    nav=(NavItem(_("Декларації"), queue.HOME, SEEING),),
    patient_links=(NavItem(_("Декларація"), "/patients/{id}/declaration", SEEING),),
    errors=KNOWN,
)
