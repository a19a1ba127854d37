"""Pages of shares: the patient's own, and the one that the link opens for somebody without a sign-in."""

import os
from uuid import UUID

import segno
from starlette.responses import Response

from esoz.kernel.pages import devices
from esoz.kernel.pages import mark as _

from ..access import calling
from ..journal import record
from ..prescriptions import chosen, chosen_ids
from ..services import CabinetPage, CabinetPages
from . import commands, store
from .model import STATE_WORDS, Event, State

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10
CHOOSE = "/prescriptions/together?show=1"
TOO_MANY = _("Чекають уже двадцять посилань. Скасуйте ті, які більше не потрібні.")
NOT_NOW = _("Обраними рецептами вже не можна скористатися: подивіться, що з ними, у списку.")
ENDED = _("Посилання скасовано: за ним більше нічого не видно.")


@pages.add("GET /shares", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    found = await store.page_of(page.db, page.services.vault, page.user.person_id, page.list_page(PAGE_SIZE))
    await record(page, Event.LIST_READ)
    return page.render("shares/shares.html", found=found, state_words=STATE_WORDS)


@pages.add("GET /shares/new", signed_in=True)
async def new(page: CabinetPage) -> Response:
    """What will be handed over, before it is."""
    ids = chosen_ids(page.query_pairs)
    found = await chosen(await calling(page), ids, page.today)
    await record(page, Event.READ)
    if not found:
        return page.redirect(CHOOSE)
    return page.render("shares/new.html", found=found, hours=page.services.share_hours)


@pages.add("POST /shares/new", signed_in=True)
async def make(page: CabinetPage) -> Response:
    found = await chosen(await calling(page), chosen_ids([("rx", each) for each in page.form.all("rx")]), page.today)
    if not found:
        page.flash(NOT_NOW, "important")
        return page.redirect("/prescriptions")
    id = await commands.make(page, found)
    if id is None:
        page.flash(TOO_MANY, "important")
        return page.redirect("/shares")
    return page.redirect(f"/shares/{id}")


@pages.add("GET /shares/{id}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    """The link and its QR until it is opened, then when that was."""
    share = await store.own(page.db, page.services.vault, page.user.person_id, page.id())
    await record(page, Event.READ, share.id)
    state = share.state_at(page.now)
    link = f"{page.profile.base_url}/s/{share.secret}" if state is State.WAITING else ""
    image = segno.make(link, error="m", micro=False).svg_data_uri(scale=5, border=4, light="#fff") if link else ""
    return page.render("shares/share.html", share=share, state=state, link=link, image=image, state_words=STATE_WORDS)


@pages.add("POST /shares/{id}/end", signed_in=True)
async def end(page: CabinetPage) -> Response:
    id: UUID = page.id()
    share = await commands.end(page, id)
    if share.opened_at is None:
        page.flash(ENDED)
    return page.redirect(f"/shares/{id}")


@pages.add("GET /s/{secret}", public=True)
async def link(page: CabinetPage) -> Response:
    """Only says what the link is: messengers open links by themselves, and must not use it up."""
    await _must_be_slow(page)
    share = await store.by_secret(page.db, page.services.vault, page.params["secret"])
    state = share.state_at(page.now) if share else None
    if state is not State.WAITING:
        return _over(page, state)
    return page.render("shares/link.html", opener=os.urandom(16).hex())


@pages.add("POST /s/{secret}", public=True)
async def open_link(page: CabinetPage) -> Response:
    """Number and code, once; the page that has shown them may show them again for a few minutes."""
    await _must_be_slow(page)
    share, content = await commands.open_once(page, page.params["secret"], page.form.text("opener"))
    if share is None or content is None:
        return _over(page, share.state_at(page.now) if share else None)
    return page.render("shares/opened.html", content=content)


def _over(page: CabinetPage, state: State | None) -> Response:
    return page.refuse("shares/over.html", status=404, keep=True, is_opened=state is State.OPENED)


async def _must_be_slow(page: CabinetPage) -> None:
    """Raises TooMany for an address that tries link after link."""
    await page.services.openings.admit("share", devices.address(page.request), page.now)
