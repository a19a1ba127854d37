"""Pages of prescriptions."""

import io
from collections.abc import Sequence
from uuid import UUID

import segno
from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_name

from ..access import calling
from ..journal import record
from ..listing import cut, several
from ..services import CabinetPage, CabinetPages
from . import queries
from .model import (
    DISPENSE_WORDS,
    FILTERS,
    NOTICE_WORDS,
    STATUS_WORDS,
    TOLD_WORDS,
    WAY_WORDS,
    Event,
    Prescription,
    Status,
    places,
)
from .queries import MOST_TOGETHER
from .sheet import sheet

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10
LONGEST = 100
NONE_CHOSEN = _("Оберіть хоча б один рецепт.")
TOO_MANY = _("Оберіть не більше шести рецептів: решту покажіть окремо.")
NOT_NOW = _("Обраними рецептами вже не можна скористатися: подивіться, що з ними, у списку.")


@pages.add("GET /prescriptions", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    asked = page.query.get("status", "")
    status = asked if asked in FILTERS else ""
    words = page.query.get("words", "")[:LONGEST]
    whole = await queries.listed(await calling(page), status or None)
    found = [each for each in whole if _is_named(each, words)]
    await record(page, Event.LIST_READ)
    options = [("", page.gettext("Усі"))] + [(each, page.gettext(STATUS_WORDS[each][0])) for each in FILTERS]
    return page.render(
        "prescriptions/prescriptions.html",
        found=cut(found, page.list_page(PAGE_SIZE)),
        options=options,
        values={"status": status, "words": words},
        places=places(whole),
        status_words=STATUS_WORDS,
    )


def _is_named(prescription: Prescription, words: str) -> bool:
    """By the beginnings of words of the medicine, or by the number."""
    name = f" {plain_name(prescription.substance)}"
    is_number = bool(words) and words.strip().upper() in prescription.number
    return is_number or all(f" {word}" in name for word in plain_name(words).split())


def chosen_ids(pairs: Sequence[tuple[str, str]]) -> list[UUID]:
    """The prescriptions `rx` of an address or form, each once; what is no id is left out."""
    found: dict[UUID, None] = {}
    for name, value in pairs:
        if name == "rx":
            try:
                found[UUID(value)] = None
            except ValueError:
                continue
    return list(found)


def fault_of(ids: Sequence[UUID]) -> str:
    """What is wrong with a choice; empty when nothing."""
    return NONE_CHOSEN if not ids else TOO_MANY if len(ids) > MOST_TOGETHER else ""


@pages.add("GET /prescriptions/together", signed_in=True)
async def together(page: CabinetPage) -> Response:
    """Several prescriptions for one visit to a pharmacy: choosing them, then their numbers and codes on one page."""
    central, ids = await calling(page), chosen_ids(page.query_pairs)
    fault = fault_of(ids)
    if fault:
        return await _choice(page, ids, fault if "show" in page.query else "")
    found = await queries.together(central, ids, page.today)
    if not found:
        return await _choice(page, [], NOT_NOW)
    await record(page, Event.TOGETHER_SHOWN)
    numbers = " ".join(each.number for each in found)
    image = segno.make(numbers, error="m", micro=False).svg_data_uri(scale=6, border=4, light="#fff")
    return page.render("prescriptions/together.html", found=found, image=image, gone=len(ids) - len(found))


async def _choice(page: CabinetPage, ids: Sequence[UUID], fault: str) -> Response:
    found = await queries.usable(await calling(page), page.today)
    await record(page, Event.LIST_READ)
    return page.render(
        "prescriptions/choose.html",
        status=422 if fault else 200,
        keep=True,
        found=found,
        chosen=[str(id) for id in ids],
        errors={"rx": fault} if fault else {},
    )


@pages.add("GET /prescriptions/sheet.pdf", signed_in=True)
async def print_sheet(page: CabinetPage) -> Response:
    """Numbers, codes and QR on paper."""
    ids = chosen_ids(page.query_pairs)
    if fault := fault_of(ids):
        return await _choice(page, ids, fault)
    found = await queries.together(await calling(page), ids, page.today)
    if not found:
        return await _choice(page, [], NOT_NOW)
    await record(page, Event.PRINTED)
    pdf = sheet(found, page.user.name, page.today)
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": "inline"})


@pages.add("GET /prescriptions/{id}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    central, id = await calling(page), page.id()
    whole, told = await several(queries.one(central, id), queries.notices(central, id))
    queries.must_be_here([whole])
    prescription, dispenses = whole
    await record(page, Event.READ, prescription.id)
    return page.render(
        "prescriptions/prescription.html",
        prescription=prescription,
        dispenses=dispenses,
        status_words=STATUS_WORDS,
        dispense_words=DISPENSE_WORDS,
        is_open=prescription.status is Status.ACTIVE,
        notices=told if isinstance(told, list) else None,
        notice_words=NOTICE_WORDS,
        way_words=WAY_WORDS,
        told_words=TOLD_WORDS,
    )


@pages.add("GET /prescriptions/{id}/qr.svg", signed_in=True)
async def qr(page: CabinetPage) -> Response:
    """The number for the pharmacist's scanner; the code is told by word, when the medicine is there."""
    prescription = await queries.without_dispenses(await calling(page), page.id())
    await record(page, Event.QR_SHOWN, prescription.id)
    image = io.BytesIO()
    code = segno.make(prescription.number, error="m", micro=False)
    code.save(image, kind="svg", scale=6, border=4, light="#fff")
    return Response(image.getvalue(), media_type="image/svg+xml")
