"""Whose telephone it is."""

from starlette.responses import Response

from esoz.kernel.errors import NotFound

from ..door import access
from ..door.services import DoorPage, DoorPages
from .services import phone

pages: DoorPages = DoorPages()

PAGE_SIZE = 10


@pages.add("GET /holder", public=True)
async def choose(page: DoorPage) -> Response:
    words = page.query.get("words", "")[:100]
    found = phone(page).holders.search(words, page.list_page(PAGE_SIZE))
    return page.render("holder.html", found=found, values={"words": words}, next=page.next_path())


@pages.add("POST /holder", public=True)
async def hold(page: DoorPage) -> Response:
    holder = phone(page).holders.by_tax_id(page.form.text("tax_id"))
    if holder is None:
        raise NotFound()
    page.sign_in(holder.id)
    return page.redirect(page.next_path())


@pages.add("POST /sign-out", public=True)
async def put_down(page: DoorPage) -> Response:
    """The telephone is put down: the next one who takes it says who they are."""
    if page.visitor is not None:
        await access.sign_out(page)
        page.sign_out()
    return page.redirect("/holder")
