"""Pages of the search for a doctor, and of one of them."""

from collections.abc import Sequence

from starlette.responses import Response

from esoz.kernel.db import Page as ListPage
from esoz.kernel.db import Paged
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import full_years
from esoz.kernel.spelling import plain_name

from ..access import calling
from ..declarations import current
from ..journal import record
from ..listing import several
from ..services import CabinetPage, CabinetPages
from . import queries, store
from .asking import LONGEST, Asked, place_asked
from .model import (
    AROUND_WORDS,
    DAY_WORDS,
    SPECIALITY_WORDS,
    Around,
    Event,
    Search,
    Speciality,
    fitting,
    takes,
    week,
)

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10
ANY = _("Будь-який")


@pages.add("GET /doctors", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    """The search. Opened without a question it shows who receives where the patient lives."""
    me = await queries.me(page)
    asked = await place_asked(page, me.settlement_id)
    specialities = fitting(full_years(me.born, page.today))
    search = _search(asked, specialities)
    number = page.list_page(PAGE_SIZE)
    is_shown = not asked.errors and not search.is_empty
    found = await store.doctors(page.db, search, number) if is_shown else Paged([], ListPage(1, PAGE_SIZE), 0)
    await record(page, Event.SEARCHED)
    options = [("", page.gettext(ANY))]
    options += [(each, " – ".join(map(page.gettext, SPECIALITY_WORDS[each]))) for each in specialities]
    return page.render(
        "doctors/doctors.html",
        status=422 if asked.errors else 200,
        keep=bool(asked.errors),
        asked=asked,
        search=search,
        found=found,
        is_shown=is_shown,
        is_filled=await store.is_filled(page.db),
        specialities=options,
        surroundings=[(each, page.gettext(words)) for each, words in AROUND_WORDS.items()],
        speciality_words=SPECIALITY_WORDS,
    )


def _search(asked: Asked, specialities: Sequence[Speciality]) -> Search:
    chosen = [each for each in specialities if each == asked.values.get("speciality")]
    around = asked.values.get("around", "")
    return Search(
        specialities=chosen or specialities,
        centre=asked.centre,
        around=Around(around) if around in AROUND_WORDS else Around.HERE,
        key=plain_name(asked.values.get("words", "")[:LONGEST]),
        only_free=asked.values.get("free") == "yes",
    )


@pages.add("GET /doctors/settlements", signed_in=True)
async def settlements(page: CabinetPage) -> Response:
    """For the picker: settlements whose name begins so."""
    found = await queries.settlements(page.db, page.query.get("q", "")[:LONGEST])
    return page.json([{"value": each.settlement_id, "text": each.label} for each in found])


@pages.add("GET /doctors/{id}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    """A doctor with all that helps to choose; central says whether there is a place at this moment."""
    kept = await queries.doctor(page.db, page.id())
    me = await queries.me(page)
    central = await calling(page)
    answer, declaration = await several(queries.asked(central, kept.id), current(central))
    found = queries.as_now(kept, answer)
    await record(page, Event.READ, kept.id)
    return page.render(
        "doctors/doctor.html",
        doctor=found.doctor,
        experience=found.experience,
        declaration=declaration,
        hours=[(_days(page, each.first, each.last), each.times) for each in week(kept.hours)],
        speciality_words=SPECIALITY_WORDS,
        takes_me=takes(kept.speciality, full_years(me.born, page.today)),
    )


def _days(page: CabinetPage, first: str, last: str) -> str:
    """Понеділок – п’ятниця"""
    names = " – ".join(page.gettext(DAY_WORDS[day]) for day in dict.fromkeys((first, last)))
    return names[:1].upper() + names[1:]
