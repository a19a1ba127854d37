"""Doctors' load for everyone: by region, speciality, clinics of a region; as a page, JSON and CSV."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from babel.dates import get_month_names
from starlette.responses import Response

from esoz.central import dictionaries, statistics
from esoz.central.statistics import Load, LoadBy, Loads
from esoz.kernel.db import Paged
from esoz.kernel.errors import rejected
from esoz.kernel.pages import Pages, mark
from esoz.kernel.spreadsheets import as_table

from .frame import CentralServices, Page, Visitor, working

pages: Pages[CentralServices, Visitor] = Pages()

PATH = "/doctors-load"
NUMBERS = ("doctors", "declared", "limit", "free", "visits")
OLDEST = timedelta(
    minutes=5
)  # the registers of a whole country are not read for each visitor; the page says the moment
NO_REGION = mark("Такої області немає в таблиці. Оберіть зі списку.")
UNNAMED = {LoadBy.REGION: mark("Область не вказано"), LoadBy.SPECIALITY: mark("Спеціальність не вказано")}


@pages.add(f"GET {PATH}", public=True)
async def load(page: Page) -> Response:
    found, at = await _known(page)
    region = page.query.get("region", "")
    regions = found.by[LoadBy.REGION]
    errors = {"region": NO_REGION} if region and region not in {each.key for each in regions} else {}
    part = page.list_page()
    clinics = [each for each in found.by[LoadBy.CLINIC] if each.region == region] if region else []
    part = part.within(len(clinics))
    return page.render(
        "doctors_load.html",
        status=422 if errors else 200,
        keep=False,
        region=region,
        regions=regions,
        specialities=found.by[LoadBy.SPECIALITY],
        clinics=Paged(clinics[part.offset : part.offset + part.size], part, len(clinics)),
        options=[
            ("", page.gettext(mark("Оберіть область"))),
            *((each.key, _name(page, LoadBy.REGION, each)) for each in regions if each.key),
        ],
        named=lambda by, each: _name(page, LoadBy(by), each),
        month=f"{get_month_names('wide', 'stand-alone', page.language)[found.month.month]} {found.month.year}",
        at=at,
        values=page.query,
        errors=errors,
        least=_least(page),
    )


@pages.add(f"GET {PATH}.json", public=True)
async def as_json(page: Page) -> Response:
    by, lines, found, at = await _table(page)
    content = {
        "by": by,
        "visits_month": f"{found.month:%Y-%m}",
        "at": at,
        "least": _least(page),
        "lines": [
            {"key": each.key, "name": _name(page, by, each), "region": each.region} | _numbers(each) for each in lines
        ],
    }
    return Response(msgspec.json.encode(content), media_type="application/json")


@pages.add(f"GET {PATH}.csv", public=True)
async def as_csv(page: Page) -> Response:
    by, lines, _, _ = await _table(page)
    rows = [(each.key, _name(page, by, each), each.region, *_numbers(each).values()) for each in lines]
    return Response(as_table(["key", "name", "region", *NUMBERS], rows), media_type="text/csv; charset=utf-8")


async def _table(page: Page) -> tuple[LoadBy, Sequence[Load], Loads, datetime]:
    """The one table that a file has; clinics of the whole country, or of a region. Raises Rejected."""
    found, at = await _known(page)
    by, region = page.query.get("by", LoadBy.REGION.value), page.query.get("region", "")
    if by not in set(LoadBy):
        raise rejected("$.by", "is not region, speciality or clinic", rule="inclusion")
    if region and (by != LoadBy.CLINIC or region not in {each.key for each in found.by[LoadBy.REGION]}):
        raise rejected("$.region", "is not known", rule="inclusion")
    lines = found.by[LoadBy(by)]
    return LoadBy(by), [each for each in lines if not region or each.region == region], found, at


async def _known(page: Page) -> tuple[Loads, datetime]:
    """The load as it is told now, and the moment of which it is."""
    kept = page.services.loads
    async with kept.turn:  # several who come at once share one question
        if kept.found is None or page.now - kept.found[1] >= OLDEST:
            async with working(page, f"GET {PATH}") as work:
                kept.found = await statistics.loads(work, _least(page)), page.now
        return kept.found


def _least(page: Page) -> int:
    return page.services.dependencies.settings.number("ESOZ_STATISTICS_LEAST")


def _name(page: Page, by: LoadBy, load: Load) -> str:
    if by is LoadBy.SPECIALITY and load.key:
        return dictionaries.dictionaries.describe("SPECIALITY_TYPE", load.key) or load.key
    return load.name or page.gettext(UNNAMED.get(by, ""))


def _numbers(load: Load) -> dict[str, int | None]:
    return {name: getattr(load, name) for name in NUMBERS}
