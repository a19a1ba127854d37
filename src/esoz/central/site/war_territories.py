"""Territories of hostilities and occupation for everyone: where medicines are handed over without a prescription."""

from collections.abc import Mapping
from datetime import date

from starlette.responses import Response

from esoz.central import war_territories
from esoz.central.war_territories import Kind, TerritoryFilter
from esoz.kernel.pages import Pages, mark

from .frame import CentralServices, Page, Visitor, working
from .lists import query_choice, query_text

pages: Pages[CentralServices, Visitor] = Pages()

KINDS: Mapping[Kind, tuple[str, str]] = {  # words and colour of the tag
    Kind.ACTIVE: (mark("Активні бойові дії"), "red"),
    Kind.OCCUPIED: (mark("Тимчасово окупована"), "red"),
    Kind.ACTIVE_WITH_REGISTERS: (mark("Активні бойові дії, реєстри працюють"), "yellow"),
    Kind.POSSIBLE: (mark("Можливі бойові дії"), "yellow"),
}
NO_DAY = mark("Введіть справжню дату.")


@pages.add("GET /war-territories", public=True)
async def territories(page: Page) -> Response:
    values = {"name": query_text(page, "name") or "", "on": page.query.get("on", page.today.isoformat())[:20]}
    values["kind"] = query_choice(page, "kind", {str(each) for each in Kind}) or ""
    day, errors = _day(values["on"])
    filters = TerritoryFilter(
        name=values["name"] or None, kind=Kind(values["kind"]) if values["kind"] else None, on=day
    )
    async with working(page, "GET /war-territories") as work:
        rows, found = await war_territories.territories(work, filters, page.list_page())
    return page.render(
        "war_territories.html",
        status=422 if errors else 200,
        keep=False,
        rows=rows,
        found=found,
        values=values,
        errors=errors,
        kinds=KINDS,
        without_prescription=war_territories.WITHOUT_PRESCRIPTION,
    )


def _day(text: str) -> tuple[date | None, dict[str, str]]:
    """The day asked for, none for all days; a day that is none is told at its field."""
    try:
        return (date.fromisoformat(text) if text else None), {}
    except ValueError:
        return None, {"on": NO_DAY}
