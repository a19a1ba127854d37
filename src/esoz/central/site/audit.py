"""Anchors of the audit log for everyone: where its chain stood, signed with the seal, and how to check it."""

import msgspec
from starlette.responses import Response

from esoz.central import anchors
from esoz.central.anchors import Anchor
from esoz.kernel.db import Page as Part
from esoz.kernel.errors import NotFound
from esoz.kernel.pages import Pages

from .frame import CentralServices, Page, Visitor

pages: Pages[CentralServices, Visitor] = Pages()

HOME = "/audit"
MOST_IN_JSON = 100
LONGEST_NUMBER = 19  # digits of a bigint


@pages.add(f"GET {HOME}", public=True)
async def listed(page: Page) -> Response:
    found = await anchors.anchors(page.db, page.list_page())
    since = await anchors.waiting_since(page.db)
    return page.render(
        "audit.html",
        found=found,
        newest=found.rows[0] if found.rows and found.page.number == 1 else None,
        seconds=int((page.now - since).total_seconds()) if since else 0,
        seals=len(await anchors.seals(page.db)),
    )


@pages.add(f"GET {HOME}/anchors.json", public=True)
async def as_json(page: Page) -> Response:
    """The newest anchors for programs that keep them elsewhere; `?page=` for older ones."""
    asked = page.list_page(MOST_IN_JSON)
    found = await anchors.anchors(page.db, Part(asked.number, MOST_IN_JSON))
    rows = [
        {"lines": row["number"], "hash": row["hash"].hex(), "at": row["at"], "href": f"{HOME}/anchors/{row['number']}"}
        for row in found.rows
    ]
    body = {"anchors": rows, "page": found.page.number, "total": found.total}
    return Response(msgspec.json.encode(body), media_type="application/json")


@pages.add(f"GET {HOME}/anchors/{{id}}", public=True)
async def signed(page: Page) -> Response:
    found = await _anchor(page)
    return page.download(found.signed, f"esoz-audit-{found.number}.p7s", "application/pkcs7-signature")


async def _anchor(page: Page) -> Anchor:
    found = await anchors.find(page.db, _number(page))
    if found is None:
        raise NotFound()
    return found


def _number(page: Page) -> int:
    """The number in the address; 0, which nothing has, when there is none."""
    text = page.params["id"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0


@pages.add(f"GET {HOME}/seals/{{id}}", public=True)
async def seal(page: Page) -> Response:
    """A certificate of the seal: 1 is the newest one."""
    content = dict(enumerate(await anchors.seals(page.db), 1)).get(number := _number(page))
    if content is None:
        raise NotFound()
    return page.download(content, f"esoz-seal-{number}.cer", "application/pkix-cert")
