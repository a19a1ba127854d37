"""Receipts: what a supplier has brought, line by line with a scanner or from a file."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_name
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import PHARMACY

from .. import commands, queries
from ..forms import NO_FILE, NO_MEDICINE, read_head, read_line, read_table, with_day
from ..model.batches import Event, Kind, Line, Medicine, Receipt
from ..store import batches, movements
from .registry import RECEIPTS, SIZE, here, pages
from .shelf import in_one_line, medicine_of

RECEIVED = _("Накладну оприбутковано: препарати є на складі.")
DROPPED = _("Чернетку накладної вилучено.")
NO_LINES = _("Додайте хоча б один препарат.")
MOST_TOLD = 50  # faults of a file that are shown at once


@pages.add(f"GET {RECEIPTS}", roles=PHARMACY, reads=True)
async def receipts(page: MisPage) -> Response:
    counter = await here(page)
    found = await movements.acts(page.db, counter.place, str(Kind.RECEIVED), page.list_page(SIZE))
    await record(page, Event.READ, counter.place.division_id)
    return page.render("stock/receipts.html", counter=counter, found=found)


@pages.add(f"GET {RECEIPTS}/new", roles=PHARMACY)
async def new(page: MisPage) -> Response:
    return page.render(
        "stock/receipt_new.html", counter=await here(page), values={"day": page.today.isoformat()}, errors={}
    )


@pages.add(f"POST {RECEIPTS}/new", roles=PHARMACY)
async def create(page: MisPage) -> Response:
    counter, values = await here(page), page.form.values()
    head, errors = read_head(values, page.today)
    if head is None:
        return page.refuse("stock/receipt_new.html", keep=False, counter=counter, values=values, errors=errors)
    id = await commands.begin_receipt(page, counter.place, head.day, head.document, head.supplier)
    return page.redirect(f"{RECEIPTS}/{id}")


@pages.add(f"GET {RECEIPTS}/{{id}}", roles=PHARMACY)
async def receipt(page: MisPage) -> Response:
    found = await queries.receipt(page)
    await record(page, Event.READ, found.id)
    return await _shown(page, found, {}, {})


async def _shown(
    page: MisPage,
    found: Receipt,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    told: Sequence[str] = (),
    options: Sequence[tuple[str, str]] | None = None,
) -> Response:
    rows = await movements.lines(page.db, found.id)
    return page.render(
        "stock/receipt.html",
        status=422 if errors or told else 200,
        keep=False,
        receipt=found,
        lines=rows,
        total=sum(row["price"] * row["quantity"] / row["package_qty"] for row in rows),
        medicine=medicine_of,
        values=values,
        errors=errors,
        told=told,
        options=options,
    )


@pages.add(f"POST {RECEIPTS}/{{id}}", roles=PHARMACY)
async def add_line(page: MisPage) -> Response:
    """One more line: the package is scanned, or its name chosen."""
    found, values = await queries.receipt(page, lock=True), page.form.values()
    if not found.is_open:
        return page.redirect(f"{RECEIPTS}/{found.id}")
    if values.get("find"):
        options = [(str(each.medication_id), in_one_line(each)) for each in await _found(page, values)]
        return await _shown(page, found, values, {}, options=options)
    medicine = await _medicine(page, values)
    line, barcode, errors = read_line(values, medicine, page.today)
    if line is None or medicine is None:
        return await _shown(page, found, values, errors)
    await commands.add_lines(page, found, [(medicine, line, barcode)])
    return page.redirect(f"{RECEIPTS}/{found.id}#medicine")


async def _found(page: MisPage, values: Mapping[str, str]) -> Sequence[Medicine]:
    return await queries.look_up(page, values.get("medicine_text", ""))


async def _medicine(page: MisPage, values: Mapping[str, str]) -> Medicine | None:
    """The chosen medicine; the one of the scanned barcode, or the only one of the typed words, when none was chosen."""
    chosen = values.get("medicine", "").strip()
    if chosen:
        try:
            return await queries.medicine(page, UUID(chosen))
        except ValueError:
            return None
    barcode = "".join(values.get("barcode", "").split())
    known = await batches.by_barcode(page.db, page.user.work.clinic_id, barcode) if barcode else None
    if known is not None:
        return known
    found = await _found(page, values)
    return found[0] if len(found) == 1 else None


@pages.add(f"POST {RECEIPTS}/{{id}}/file", roles=PHARMACY)
async def add_file(page: MisPage) -> Response:
    """Lines from a file: all of them, or none with what is wrong by line."""
    found, upload = await queries.receipt(page, lock=True), page.form.file("file")
    if not found.is_open:
        return page.redirect(f"{RECEIPTS}/{found.id}")
    rows, fault = read_table(upload.content) if upload and upload.content else ([], NO_FILE)
    if fault or not rows:
        return await _shown(page, found, {}, {"file": fault or NO_FILE})
    lines, told = await _lines(page, rows)
    if told:
        return await _shown(page, found, {}, {}, told=told)
    await commands.add_lines(page, found, lines)
    page.flash(page.ngettext("Додано %(num)d рядок.", "Додано %(num)d рядків.", len(lines)))
    return page.redirect(f"{RECEIPTS}/{found.id}")


async def _lines(
    page: MisPage, rows: Sequence[Mapping[str, str]]
) -> tuple[list[tuple[Medicine, Line, str]], Sequence[str]]:
    """Lines of a file, and what is wrong with it in words, by its lines."""
    lines: list[tuple[Medicine, Line, str]] = []
    told: list[str] = []
    known: dict[str, Medicine | None] = {}
    for number, row in enumerate(rows, 2):
        name = "|".join(row.get(each, "") for each in ("medication_id", "barcode", "name"))
        if name not in known:
            known[name] = await _named(page, row)
        line, barcode, errors = read_line(with_day(row), known[name], page.today)
        medicine = known[name]
        if line is not None and medicine is not None:
            lines.append((medicine, line, barcode))
        told += [_told(page, number, text) for text in errors.values()]
    return lines, told[:MOST_TOLD]


def _told(page: MisPage, number: int, text: str) -> str:
    words = page.gettext(_("Препарат не знайдено. Вкажіть штрихкод або точну назву.")) if text == NO_MEDICINE else ""
    return page.gettext(_("Рядок {number}: {text}")).format(number=number, text=words or page.gettext(text))


async def _named(page: MisPage, row: Mapping[str, str]) -> Medicine | None:
    """The medicine of a line of a file: by central's id, by the barcode, by the only one of this name."""
    if row.get("medication_id") or row.get("barcode"):
        found = await _medicine(page, {"medicine": row.get("medication_id", ""), "barcode": row.get("barcode", "")})
        if found is not None:
            return found
    name = row.get("name", "")
    known = await batches.by_name(page.db, page.user.work.clinic_id, name) if name else ()
    listed = known or [each for each in await queries.look_up(page, name) if plain_name(each.name) == plain_name(name)]
    return listed[0] if len(listed) == 1 else None


@pages.add(f"POST {RECEIPTS}/{{id}}/lines/{{line}}/remove", roles=PHARMACY)
async def drop_line(page: MisPage) -> Response:
    found = await queries.receipt(page, lock=True)
    if found.is_open:
        await commands.drop_line(page, found, page.id("line"))
    return page.redirect(f"{RECEIPTS}/{found.id}")


@pages.add(f"POST {RECEIPTS}/{{id}}/drop", roles=PHARMACY)
async def drop(page: MisPage) -> Response:
    found = await queries.receipt(page, lock=True)
    if found.is_open:
        await commands.drop_receipt(page, found)
        page.flash(DROPPED)
    return page.redirect(RECEIPTS)


@pages.add(f"POST {RECEIPTS}/{{id}}/receive", roles=PHARMACY)
async def receive(page: MisPage) -> Response:
    """Enter it into the books; a second click finds it entered."""
    found = await queries.receipt(page, lock=True)
    if not found.is_open:
        return page.redirect(f"{RECEIPTS}/{found.id}")
    if not await movements.lines(page.db, found.id):
        return await _shown(page, found, {}, {"medicine": NO_LINES})
    await commands.receive(page, found)
    page.flash(RECEIVED)
    return page.redirect(f"{RECEIPTS}/{found.id}")
