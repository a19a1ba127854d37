"""Pages of declarations, as one section of the workplace."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.section import NavItem, Section

from ..texts import KNOWN
from . import choosing, doctors, line, lists, queue, requests
from .registry import READING, SEEING, pages

__all__ = ["choosing", "doctors", "line", "lists", "queue", "requests", "section"]

section = Section(
    "declarations",
    pages,
    nav=(
        NavItem(_("Декларації"), lists.HOME, READING),
        NavItem(_("Запити на декларації"), queue.HOME, SEEING - READING),
    ),
    patient_links=(NavItem(_("Декларація"), "/patients/{id}/declaration", SEEING),),
    patient_lines=(line.LINE,),
    errors=KNOWN,
)
