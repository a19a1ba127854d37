"""The printed form of a declaration, as its patient reads and signs it."""

import asyncio
from urllib.parse import quote

from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.mis.base.services import MisPage

from .. import queries
from ..model import as_pdf
from .registry import READING, pages


@pages.add("GET /declarations/{id}/form.pdf", roles=READING)
async def printed(page: MisPage) -> Response:
    """The form of a declaration that was signed, for another copy of it."""
    number, content = await queries.printed(page, page.id())
    if not content:
        raise NotFound()
    return await as_answer(content, number)


async def as_answer(content: str, number: str) -> Response:
    """A form shown in the browser and printed from there; made beside the loop."""
    pdf = await asyncio.to_thread(as_pdf, content, number)
    name = quote(f"deklaratsiia-{number}.pdf")
    return Response(
        pdf, media_type="application/pdf", headers={"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    )
