"""What a division has: medicines, their batches, what expires, writing off."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.db import Row, as_model
from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.quantities import unit_in_words
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import PHARMACY
from esoz.mis.link.access import calling

from .. import commands, queries
from ..forms import MORE_THAN_LEFT, read_write_off
from ..model.batches import REASONS, Event, Medicine
from ..store import batches, movements
from .registry import DIVISIONS, HOME, SIZE, here, pages, words

WRITTEN_OFF = _("Списано.")
SETTLED = _("Врегульовано. Запис є в журналі руху.")
NO_DIVISION = _("Оберіть підрозділ зі списку.")


@pages.add(f"GET {HOME}", roles=PHARMACY, reads=True)
async def stock(page: MisPage) -> Response:
    """Medicines of the division, searched by name or by a scanned barcode."""
    counter = await here(page)
    found = await batches.in_stock(page.db, counter.place, words(page), page.today, page.list_page(SIZE))
    beyond = await movements.beyond_books(page.db, counter.place, page.list_page(SIZE, "beyond"))
    await record(page, Event.READ, counter.place.division_id)
    return page.render(
        "stock/stock.html",
        counter=counter,
        found=found,
        beyond=beyond,
        values={"q": words(page)},
        medicine=medicine_of,
        unit_in_words=unit_in_words,
    )


def medicine_of(row: Mapping[str, Any] | Row) -> Medicine:
    """The medicine of a row that was joined with it."""
    return as_model(Medicine, {name: row[name] for name in Medicine.__dataclass_fields__})


@pages.add(f"GET {DIVISIONS}", roles=PHARMACY)
async def divisions(page: MisPage) -> Response:
    return await _divisions(page, {})


async def _divisions(page: MisPage, errors: Mapping[str, str]) -> Response:
    counter = await queries.counter(page)
    chosen = str(counter.place.division_id) if counter else ""
    asked = page.query.get("place", "").strip()[:100]
    found, in_all = await queries.divisions(page, await calling(page), chosen, asked)
    return page.render(
        "stock/divisions.html",
        status=422 if errors else 200,
        keep=False,
        found=found,
        in_all=in_all,
        values={"division": chosen, "place": asked},
        errors=errors,
    )


@pages.add(f"POST {DIVISIONS}", roles=PHARMACY)
async def choose(page: MisPage) -> Response:
    """Work at another division of the pharmacy: remembered until another is chosen."""
    asked = page.form.text("division")
    found, _in_all = await queries.divisions(page, await calling(page), asked, "")
    chosen = next(((UUID(id), name) for id, name in found if id == asked), None)
    if chosen is None:
        return await _divisions(page, {"division": NO_DIVISION})
    await commands.choose(page, chosen)
    return page.redirect(page.next_path(HOME))


@pages.add(f"GET {HOME}/medicines", roles=PHARMACY)
async def look_up(page: MisPage) -> Response:
    """What the picker of medicines asks for."""
    found = await queries.look_up(page, page.query.get("q", ""))
    return page.json([{"value": str(each.medication_id), "text": in_one_line(each)} for each in found])


def in_one_line(medicine: Medicine) -> str:
    """«АМОКСИЛ, 10 капс., Виробник»"""
    quantity = f"{medicine.package_qty.normalize():f} {medicine.unit_word}"
    return ", ".join(part for part in (medicine.name, quantity, medicine.manufacturer) if part)


@pages.add(f"GET {HOME}/medicines/{{id}}", roles=PHARMACY, reads=True)
async def one(page: MisPage) -> Response:
    """Batches of one medicine, the first to go at the top."""
    counter = await here(page)
    medicine = await batches.medicine(page.db, counter.place.clinic_id, page.id())
    if medicine is None:
        raise NotFound()
    found = await batches.batches_of(page.db, counter.place, page.id(), page.list_page(SIZE))
    await record(page, Event.READ, page.id())
    return page.render("stock/medicine.html", counter=counter, medicine=medicine, found=found)


@pages.add(f"GET {HOME}/expiring", roles=PHARMACY, reads=True)
async def expiring(page: MisPage) -> Response:
    """Batches whose term is over or ends within three months."""
    counter = await here(page)
    found = await batches.expiring(page.db, counter.place, page.today, page.list_page(SIZE))
    await record(page, Event.READ, counter.place.division_id)
    return page.render("stock/expiring.html", counter=counter, found=found, medicine=medicine_of)


@pages.add(f"GET {HOME}/batches/{{id}}/write-off", roles=PHARMACY)
async def write_off_form(page: MisPage) -> Response:
    return await _write_off(page, {}, {})


async def _batch(page: MisPage) -> Row:
    row = await batches.batch(page.db, page.user.work.clinic_id, page.id())
    if row is None:
        raise NotFound()
    return row


async def _write_off(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    row = await _batch(page)
    medicine = medicine_of(row)
    packages, units = medicine.split(row["quantity"])
    if not values:
        over = row["expires_on"] < page.today
        values = {
            "packages": str(packages) if over else "",
            "units": f"{units.normalize():f}" if over and units else "",
            "reason": "EXPIRED" if over else "",
        }
    return page.render(
        "stock/write_off.html",
        status=422 if errors else 200,
        keep=False,
        batch=row,
        medicine=medicine,
        reasons=REASONS,
        values=values,
        errors=errors,
    )


@pages.add(f"POST {HOME}/batches/{{id}}/write-off", roles=PHARMACY)
async def write_off(page: MisPage) -> Response:
    row, values = await _batch(page), page.form.values()
    quantity, code, about, errors = read_write_off(values, medicine_of(row), row["quantity"])
    if errors:
        return await _write_off(page, values, errors)
    try:
        await commands.write_off(page, page.id(), quantity, code, about)
    except commands.Overtaken:
        return await _write_off(page, values, {"packages": MORE_THAN_LEFT})
    page.flash(WRITTEN_OFF)
    return page.redirect(f"{HOME}/medicines/{row['medication_id']}")


@pages.add(f"POST {HOME}/medicines/{{id}}/settle", roles=PHARMACY)
async def settle(page: MisPage) -> Response:
    """Somebody has looked why the books lacked what was dispensed."""
    counter = await here(page)
    await commands.settle(page, counter.place, page.id())
    page.flash(SETTLED)
    return page.redirect(HOME)
