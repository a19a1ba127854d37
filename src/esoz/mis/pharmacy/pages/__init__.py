"""Pages of the pharmacy."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.workplace import PHARMACY

from ..texts import KNOWN
from . import counter, report, returns
from .counter import CODES, DEVICES
from .registry import REPORT, pages

__all__ = ["CODES", "DEVICES", "counter", "report", "returns", "section"]

section = Section(
    "pharmacy",
    pages,
    nav=(
        NavItem(_("Відпуск за рецептом"), "/pharmacy", PHARMACY),
        NavItem(_("Журнал"), "/dispenses", PHARMACY),
        NavItem(_("Звіт за день"), REPORT, PHARMACY),
    ),
    home="/pharmacy",
    errors=KNOWN,
)
