"""Whether patients see what a division has: the switch of the head, and how the telling goes."""

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import HEADS, PHARMACY

from .. import commands
from ..model.batches import Event
from ..store import shares
from .registry import HOME, here, pages

SHARING = f"{HOME}/sharing"
SWITCHING = PHARMACY & HEADS
ON, OFF = _("Пацієнти бачитимуть, що є в цьому підрозділі."), _("Пацієнти більше не бачитимуть цього підрозділу.")


@pages.add(f"GET {SHARING}", roles=PHARMACY, reads=True)
async def sharing(page: MisPage) -> Response:
    counter = await here(page)
    share = await shares.find(page.db, counter.place)
    await record(page, Event.READ, counter.place.division_id)
    return page.render("stock/sharing.html", counter=counter, share=share, may_switch=bool(page.user.roles & SWITCHING))


@pages.add(f"POST {SHARING}", roles=SWITCHING)
async def switch(page: MisPage) -> Response:
    counter, is_on = await here(page), page.form.text("is_on") == "yes"
    await commands.switch_sharing(page, counter.place, is_on=is_on)
    page.flash(ON if is_on else OFF)
    return page.redirect(SHARING)
