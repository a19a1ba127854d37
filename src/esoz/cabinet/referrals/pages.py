"""Pages of referrals: the list, one with number, bars and square, and its sheet for paper."""

from uuid import UUID

from starlette.responses import Response

from esoz.kernel.barcodes import barcode, picture, qr_code

from ..access import calling
from ..journal import record
from ..listing import cut
from ..services import CabinetPage, CabinetPages
from . import queries
from .model import CATEGORY_WORDS, PRIORITY_WORDS, STATUS_WORDS, Event, Referral, Status
from .sheet import sheet

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10
LONGEST = 100


@pages.add("GET /referrals", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    asked = page.query.get("status", "")
    status = asked if asked in STATUS_WORDS else ""
    words = page.query.get("words", "")[:LONGEST]
    found = [
        each
        for each in await queries.listed(await calling(page))
        if each.is_named(words) and status in ("", each.status_on(page.today))
    ]
    await record(page, Event.LIST_READ)
    options = [("", page.gettext("Усі"))] + [(each, page.gettext(said[0])) for each, said in STATUS_WORDS.items()]
    return page.render(
        "referrals/referrals.html",
        found=cut(found, page.list_page(PAGE_SIZE)),
        options=options,
        values={"status": status, "words": words},
        status_words=STATUS_WORDS,
    )


@pages.add("GET /referrals/{id}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    referral = await queries.one(await calling(page), page.id())
    await record(page, Event.READ, UUID(referral.id))
    status = referral.status_on(page.today)
    is_usable = status is Status.ACTIVE
    is_coded = is_usable and referral.has_codes
    return page.render(
        "referrals/referral.html",
        referral=referral,
        state=status,
        status_words=STATUS_WORDS[status],
        priority_words=PRIORITY_WORDS,
        category_words=CATEGORY_WORDS,
        is_usable=is_usable,
        bars=picture(barcode(referral.number)) if is_coded else "",
        square=picture(qr_code(referral.number)) if is_coded else "",
    )


@pages.add("GET /referrals/{id}/sheet.pdf", signed_in=True)
async def print_sheet(page: CabinetPage) -> Response:
    """Number, bars and square on paper; one that no clinic takes any more is not printed."""
    referral = await queries.one(await calling(page), page.id())
    if referral.status_on(page.today) is not Status.ACTIVE or not referral.has_codes:
        return page.redirect(f"/referrals/{referral.id}")
    await record(page, Event.PRINTED, UUID(referral.id))
    pdf = sheet(referral, patient=page.user.name, words=_words(page, referral), today=page.today)
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": "inline"})


def _words(page: CabinetPage, referral: Referral) -> tuple[str, str]:
    """Category and priority; the sheet is in Ukrainian, as the clinic reads it."""
    priority = str(referral.content.get("priority") or "")
    category = CATEGORY_WORDS.get(referral.category[1]) or page.services.dictionaries.describe(*referral.category)
    return category, PRIORITY_WORDS.get(priority, priority)
