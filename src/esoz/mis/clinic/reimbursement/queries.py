"""What central sums for us."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import get_month_names

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import short_date
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession

from .model import UNNAMED, Asked, Report, row

ALL = _("Разом")


async def report(page: MisPage, central: CentralSession, asked: Asked) -> Report:
    """The sums of a period. Raises CentralError."""
    answer = await central.get("/api/reimbursement_report_sums", **asked.parameters())
    told = answer.record()
    rows = [row(each, _name(page, asked.by, each)) for each in told["lines"]]
    return Report(rows, row(told["total"], page.gettext(ALL)))


def _name(page: MisPage, by: str, line: Mapping[str, Any]) -> str:
    if by == "day":
        return short_date(line["key"])
    if by == "month":
        first = date.fromisoformat(f"{line['key']}-01")
        return f"{get_month_names('wide', 'stand-alone', page.language)[first.month]} {first.year}"
    return str(line["name"] or page.gettext(UNNAMED.get(by, "")) or line["key"])
