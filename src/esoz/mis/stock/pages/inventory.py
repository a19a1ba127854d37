"""Counting: what is on the shelves beside what the books say, the difference shown before it is entered."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from esoz.kernel.db import Paged
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import PHARMACY

from .. import commands
from ..forms import read_count
from ..model.batches import Counted, Event
from ..queries import Counter
from ..store import batches
from .registry import HOME, INVENTORY, SIZE, here, pages, words
from .shelf import medicine_of

COUNTED = _("Інвентаризацію записано.")
OVERTAKEN = _("Поки Ви рахували, з партії відпустили більше, ніж є різниці. Перерахуйте партії ще раз.")


@pages.add(f"GET {INVENTORY}", roles=PHARMACY, reads=True)
async def count_form(page: MisPage) -> Response:
    counter, found = await _page_of(page)
    await record(page, Event.READ, counter.place.division_id)
    return _shown(page, counter, found, {}, {})


async def _page_of(page: MisPage) -> tuple[Counter, Paged]:
    counter = await here(page)
    return counter, await batches.all_batches(page.db, counter.place, words(page), page.list_page(SIZE))


def _shown(
    page: MisPage,
    counter: Counter,
    found: Paged,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    differences: Sequence[Counted] = (),
) -> Response:
    return page.render(
        "stock/inventory.html",
        status=422 if errors else 200,
        keep=False,
        counter=counter,
        found=found,
        values={"q": words(page), **values},
        errors=errors,
        differences={each.batch_id: each for each in differences},
        medicine=medicine_of,
    )


@pages.add(f"POST {INVENTORY}", roles=PHARMACY)
async def count(page: MisPage) -> Response:
    """First the differences, then, confirmed, the act."""
    counter, found = await _page_of(page)
    values = page.form.values()
    medicines = {str(row["medication_id"]): medicine_of(row) for row in found.rows}
    read = read_count(values, found.rows, medicines)
    if read.errors or not read.counted:
        return _shown(page, counter, found, values, read.errors)
    if values.get("confirmed") != "yes":
        return _shown(page, counter, found, values, {}, differences=read.counted)
    try:
        await commands.count(page, counter.place, read.counted)
    except commands.Overtaken:
        return _shown(page, counter, found, values, {f"packages-{read.counted[0].batch_id}": OVERTAKEN})
    page.flash(COUNTED)
    return page.redirect(HOME)
