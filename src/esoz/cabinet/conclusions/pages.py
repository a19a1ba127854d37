"""Pages of conclusions: the list, one with number and square, and its certificate for paper."""

from uuid import UUID

from starlette.responses import Response

from esoz.kernel.barcodes import picture, qr_code
from esoz.kernel.certificates import certificate
from esoz.kernel.pages import mark as _

from ..access import calling
from ..journal import record
from ..listing import cut
from ..services import CabinetPage, CabinetPages
from . import queries
from .model import STATUS_WORDS, Conclusion, Event, Status

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10
LONGEST = 100
PRINTED = frozenset({Status.VALID, Status.AHEAD, Status.OVER})  # what is void proves nothing


@pages.add("GET /conclusions", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    asked = page.query.get("status", "")
    status = asked if asked in STATUS_WORDS else ""
    words = page.query.get("words", "")[:LONGEST]
    found = [
        each
        for each in await queries.listed(await calling(page))
        if each.is_named(words, " ".join(_kind(page, each))) and status in ("", each.status_on(page.today))
    ]
    await record(page, Event.LIST_READ)
    options = [("", page.gettext(_("Усі")))] + [(each, page.gettext(said[0])) for each, said in STATUS_WORDS.items()]
    return page.render(
        "conclusions/conclusions.html",
        found=cut(found, page.list_page(PAGE_SIZE)),
        options=options,
        values={"status": status, "words": words},
        status_words=STATUS_WORDS,
    )


def _kind(page: CabinetPage, conclusion: Conclusion) -> tuple[str, str]:
    """Its type and its category in words."""
    described = page.services.dictionaries.describe
    return described(*conclusion.type), described(*conclusion.category)


@pages.add("GET /conclusions/{id}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    conclusion = await queries.one(await calling(page), page.id())
    await record(page, Event.READ, UUID(conclusion.id))
    status = conclusion.status_on(page.today)
    is_printed = status in PRINTED and conclusion.has_code
    return page.render(
        "conclusions/conclusion.html",
        conclusion=conclusion,
        state=status,
        status_words=STATUS_WORDS[status],
        is_printed=is_printed,
        square=picture(qr_code(conclusion.number)) if is_printed else "",
    )


@pages.add("GET /conclusions/{id}/certificate.pdf", signed_in=True)
async def print_certificate(page: CabinetPage) -> Response:
    """The certificate on paper; of what is void there is none."""
    conclusion = await queries.one(await calling(page), page.id())
    if conclusion.status_on(page.today) not in PRINTED or not conclusion.has_code:
        return page.redirect(f"/conclusions/{conclusion.id}")
    await record(page, Event.PRINTED, UUID(conclusion.id))
    conditions = [page.services.dictionaries.describe(*each) for each in conclusion.conditions]
    pdf = certificate(
        conclusion.content,
        patient=page.user.name,
        words=_kind(page, conclusion),
        conditions=conditions,
        printed_on=page.today,
    )
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": "inline"})
