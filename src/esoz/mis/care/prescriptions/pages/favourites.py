"""Favourites: what a doctor writes often, kept from a prescription and offered on the first screen."""

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage

from ..commands import favourites, prescriptions
from ..model.favourites import FavouriteEvent
from .registry import PRESCRIBING, pages

SAVED = _("Збережено. Оберете це призначення на сторінці «Новий рецепт».")
NOT_SAVED = _("Не збережено: у Вас уже 50 звичних призначень або в рецепті не вказано дозу. Видаліть непотрібні.")
REMOVED = _("Звичне призначення видалено.")
HERE = "/prescriptions/favourites"


@pages.add(f"GET {HERE}", roles=PRESCRIBING)
async def favourites_list(page: MisPage) -> Response:
    await record(page, FavouriteEvent.READ, page.user.id)
    found = await favourites.mine(page)
    return page.render("prescriptions/favourites.html", found=found, own=page.user.id)


@pages.add("POST /prescriptions/{rx}/favourite", roles=PRESCRIBING)
async def save_favourite(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"))
    done = await favourites.save(page, rx, is_shared=page.form.text("shared") == "yes")
    page.flash(SAVED if done else NOT_SAVED, "success" if done else "important")
    return page.redirect(HERE)


@pages.add(f"POST {HERE}/{{favourite}}/remove", roles=PRESCRIBING)
async def remove_favourite(page: MisPage) -> Response:
    await favourites.remove(page, page.id("favourite"))
    page.flash(REMOVED)
    return page.redirect(HERE)
