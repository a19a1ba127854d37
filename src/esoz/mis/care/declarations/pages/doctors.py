"""Declarations of the clinic by doctor: how many, how many more, how it grows."""

from dataclasses import dataclass

from starlette.responses import Response

from esoz.kernel.clock import kyiv_date
from esoz.kernel.db import Page as ListPage
from esoz.kernel.db import Paged
from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_name
from esoz.mis.base import tables
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling

from .. import queries, store
from ..model import GROWTH, Doctor, Event, Load
from .registry import READING, pages

HOME = "/declarations/doctors"
SIZE = 50
HEADS = (
    *(_("Лікар"), _("Спеціальність"), _("Декларацій усього"), _("Межа"), _("Вільних місць")),
    *(_("У закладі"), _("Нових за 30 днів"), _("Станом на")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A doctor with what central tells of them, and what the clinic's own copy tells; None before it was read."""

    doctor: Doctor
    load: Load | None


@pages.add(f"GET {HOME}", roles=READING)
async def doctors(page: MisPage) -> Response:
    """Everybody who can be chosen, those with the fewest free places first."""
    lines = await _lines(page)
    found = _part(lines, page.list_page(SIZE))
    await record(page, Event.LOADS_READ, page.user.work.clinic_id)
    return page.render(
        "declarations/doctors.html",
        found=found,
        values={"name": page.query.get("name", "")},
        count=sum(each.doctor.count for each in lines),
        free=sum(each.doctor.free for each in lines),
        here=sum(each.load.here for each in lines if each.load),
        recent=sum(each.load.recent for each in lines if each.load),
        unread=sum(each.load is None for each in lines),
    )


async def _lines(page: MisPage) -> list[Line]:
    words = plain_name(page.query.get("name", "").strip()).split()
    everybody = [each for each in await queries.doctors(page, await calling(page)) if each.limit]
    loads = await store.loads(page.db, page.user.work.clinic_id, page.today - GROWTH)
    chosen = [each for each in everybody if all(word in plain_name(_names(each)) for word in words)]
    return [
        Line(each, loads.get(each.employee_id)) for each in sorted(chosen, key=lambda each: (each.free, _names(each)))
    ]


def _names(doctor: Doctor) -> str:
    return f"{doctor.last_name} {doctor.first_name} {doctor.second_name}".strip()


def _part(lines: list[Line], here: ListPage) -> Paged:
    last = max(1, -(-len(lines) // here.size))
    here = ListPage(min(here.number, last), here.size)
    return Paged(lines[here.offset : here.offset + here.size], here, len(lines))


@pages.add(f"GET {HOME}/list.csv", roles=READING)
async def as_file(page: MisPage) -> Response:
    """The same as a file, whole."""
    lines = await _lines(page)
    await record(page, Event.LOADS_EXPORTED, page.user.work.clinic_id, found=len(lines))
    describe = page.services.dictionaries.describe
    rows = [
        (
            _names(each.doctor),
            describe("SPECIALITY_TYPE", each.doctor.speciality),
            *(each.doctor.count, each.doctor.limit, each.doctor.free),
            *((each.load.here, each.load.recent, kyiv_date(each.load.read_at)) if each.load else ("", "", "")),
        )
        for each in lines
    ]
    return tables.file(page, HEADS, rows, "doctors")
