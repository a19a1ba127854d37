"""Pages of help: whom to ask, which browser, what a browser keeps of this site."""

from starlette.responses import Response

from esoz.mis.base.section import Section
from esoz.mis.base.services import MisPage, MisPages

from . import store
from .model import BROWSERS

pages: MisPages = MisPages()


# What a browser deletes of ours; the second also ends the session.
STORED = '"cache", "storage"'


EVERYTHING = '"cache", "cookies", "storage"'


@pages.add("GET /help", public=True)
async def help(page: MisPage) -> Response:
    return page.render("door/page.html", browsers=BROWSERS)


@pages.add("GET /help/clear", public=True)
async def ask_to_clear(page: MisPage) -> Response:
    drafts = await store.drafts_of(page.db, page.visitor.id) if page.visitor else 0
    return page.render("door/clear.html", drafts=drafts)


@pages.add("POST /help/clear", public=True)
async def clear(page: MisPage) -> Response:
    """The browser deletes what it keeps of this site; drafts are ours and stay."""
    signs_out = page.form.text("cookies") == "yes" and page.visitor is not None
    if signs_out:
        page.sign_out()
    response = page.render("door/cleared.html", signs_out=signs_out)
    response.headers["Clear-Site-Data"] = EVERYTHING if signs_out else STORED
    return response


section = Section("support", pages)
