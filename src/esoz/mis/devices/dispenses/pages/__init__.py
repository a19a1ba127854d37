"""Pages of devices at the counter."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.section import NavItem, Section
from esoz.mis.pharmacy import DEVICES

from ..texts import KNOWN
from . import dispense, journal, mistake, request
from .registry import READING, pages

__all__ = ["dispense", "journal", "mistake", "request", "section"]

section = Section(
    "device_dispenses",
    pages,
    nav=(NavItem(_("Медичні вироби"), DEVICES, READING),),
    errors=KNOWN,
)
