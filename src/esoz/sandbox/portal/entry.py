"""Coming in to the portal through id.gov.ua, and going out."""

import hmac
import secrets

from starlette.responses import Response

from esoz.gateways.govid import NotIdentified, Told
from esoz.kernel import logs
from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_number

from ..door import access
from ..door.holders import id_of
from ..door.services import DoorPage, DoorPages
from . import store
from .services import portal

pages: DoorPages = DoorPages()

BACK = "/sign-in/back"
STATE, NEXT = "identification", "after_identification"  # in the session
STALE = _("Цей вхід застарів або почався в іншому вікні. Увійдіть ще раз.")
DENIED = _("Ви не дозволили передати свої дані, тож портал не знає, хто Ви. Щоб увійти, почніть ще раз.")
REFUSED = _("Система ідентифікації не підтвердила, хто Ви. Увійдіть ще раз.")
AWAY = _("Система ідентифікації не відповідає. Спробуйте за кілька хвилин.")
OUT = _("Ви вийшли з порталу.")


@pages.add("GET /sign-in", public=True)
async def sign_in_form(page: DoorPage) -> Response:
    if page.visitor is not None:
        return page.redirect(page.next_path())
    return page.render("sign_in.html", next=page.next_path())


@pages.add("POST /sign-in", public=True)
async def sign_in(page: DoorPage) -> Response:
    """To id.gov.ua, with a state that only this browser knows."""
    state = secrets.token_urlsafe(32)
    page.session.put(STATE, state)
    page.session.put(NEXT, page.next_path())
    return Response(status_code=303, headers={"Location": portal(page).govid.address(state)})


@pages.add(f"GET {BACK}", public=True)
async def come_back(page: DoorPage) -> Response:
    """From id.gov.ua. A state serves once, whatever came with it."""
    kept, then = page.session.text(STATE), page.session.text(NEXT) or "/"
    page.session.pop(STATE)
    page.session.pop(NEXT)
    asked = page.query
    if not kept or not hmac.compare_digest(kept.encode(), asked.get("state", "").encode()):
        return page.redirect("/") if page.visitor else _not_in(page, STALE)
    if not asked.get("code"):
        return _not_in(page, DENIED if asked.get("error") == "access_denied" else REFUSED)
    try:
        told = await portal(page).govid.identify(asked["code"])
    except NotIdentified as fault:
        logs.warning("id.gov.ua has not identified somebody", fault=str(fault), request_id=page.request_id)
        return _not_in(page, REFUSED)
    except ConnectionError as fault:
        logs.warning("id.gov.ua does not answer", fault=str(fault), request_id=page.request_id)
        return _not_in(page, AWAY)
    await _let_in(page, told)
    return page.redirect(then)


def _not_in(page: DoorPage, why: str) -> Response:
    page.flash(why, "important")
    return page.redirect("/sign-in")


async def _let_in(page: DoorPage, told: Told) -> None:
    tax_id = plain_number(told.drfocode or "")
    id = id_of(tax_id)
    await store.save(page.db, page.services.vault, id, store.Known(tax_id, told.name), page.now)
    page.sign_in(id)


@pages.add("POST /sign-out", public=True)
async def sign_out(page: DoorPage) -> Response:
    """Out of the portal, and with it out of ЕСОЗ."""
    if page.visitor is not None:
        await access.sign_out(page)
        page.sign_out()
        page.flash(OUT)
    return page.redirect("/sign-in")
