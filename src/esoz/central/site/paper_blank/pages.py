"""The page of the blank: filled in, printed; nothing of it is kept."""

import asyncio
from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.pages import Pages

from ..frame import CentralServices, Page, Visitor, must_be_calm
from .model import LINES, LONGEST_TERM, printed, read

pages: Pages[CentralServices, Visitor] = Pages()

PATH = "/paper-prescription"


@pages.add(f"GET {PATH}", public=True)
async def form(page: Page) -> Response:
    days = {"issued_on": page.today.isoformat(), "valid_to": (page.today + LONGEST_TERM).isoformat()}
    return _form(page, days, {})


def _form(page: Page, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    return page.render(
        "paper_blank.html",
        status=422 if errors else 200,
        keep=False,
        values=values,
        errors=errors,
        lines=range(1, LINES + 1),
    )


@pages.add(f"POST {PATH}", public=True)
async def fill_in(page: Page) -> Response:
    """The blank as a file. A document is typeset in a thread: it takes a processor for a while."""
    await must_be_calm(page, "blank")
    values = page.form.values()
    blank, errors = read(values, page.today)
    if blank is None:
        return _form(page, values, errors)
    content = await asyncio.to_thread(printed, blank)
    return page.download(content, f"recept-f1-{blank.issued_on}.pdf", "application/pdf")
