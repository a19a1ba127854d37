"""The list of people of a clinic."""

from starlette.responses import Response

from esoz.mis.base.section import stands_below
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import STAFF_KEEPERS, STAFF_READERS

from ..commands import roster
from ..model.employees import STATUSES
from ..queries import employees
from ..store import people
from .registry import pages


@pages.add("GET /staff", roles=STAFF_READERS)
async def everybody(page: MisPage) -> Response:
    stale = await roster.refresh(page)
    chosen = employees.filter_of(page)
    found = await employees.listed(page, chosen)
    roles, divisions = await people.choices(page.db, page.user.work.clinic_id)
    return page.render(
        "staff/everybody.html",
        found=found,
        chosen=chosen,
        roles=[(code, page.services.dictionaries.describe("EMPLOYEE_TYPE", code)) for code in roles],
        divisions=divisions,
        statuses=STATUSES,
        stale=stale,
        links=links(page),
        may_write=bool(page.user.roles & STAFF_KEEPERS),
    )


def links(page: MisPage) -> list[tuple[str, str]]:
    """Text and address of the pages below this one that other sections bring, and that the user may open."""
    items = [item for section in page.services.sections for item in section.nav]
    return [
        (page.gettext(item.text), item.href)
        for item in items
        if stands_below(item) and page.user.roles & set(item.roles)
    ]
