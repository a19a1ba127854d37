"""The search behind every picker of codes."""

from starlette.responses import Response

from esoz.mis.base.section import Section
from esoz.mis.base.services import MisPage, MisPages

pages: MisPages = MisPages()


@pages.add("GET /codes", signed_in=True)
async def codes(page: MisPage) -> Response:
    found = page.services.dictionaries.search(page.query.get("name", ""), page.query.get("q", ""))
    return page.json([{"value": code, "text": text} for code, text in found])


section = Section("dictionaries", pages)
