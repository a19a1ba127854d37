"""Registrations of the clinic: what is not finished stands first; thrown away is what nobody needs."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import REGISTERING
from esoz.mis.link.access import calling

from .. import queries, store
from ..commands import asking, drafts
from ..model.registrations import AT_CENTRAL, OPEN, SHOWN, Event, State
from .registry import HOME, pages

SIZE = 25
DISCARDED = _("Реєстрацію видалено.")
FILTERS: Mapping[str, tuple[State, ...]] = {
    "": OPEN,
    "done": (State.DONE,),
    "all": tuple(state for state in State if state is not State.DISCARDED),
}


@pages.add(f"GET {HOME}", roles=REGISTERING)
async def listed(page: MisPage) -> Response:
    asked, name = page.query.get("state", ""), page.query.get("name", "").strip()[:100]
    states = [str(state) for state in FILTERS.get(asked, FILTERS[""])]
    clinic_id = page.user.work.clinic_id
    found = await store.listed(page.db, clinic_id, name=name, states=states, page=page.list_page(SIZE))
    await record(page, Event.LISTED, clinic_id, found=found.total)
    return page.render(
        "registration/list.html", found=found, values={"state": asked, "name": name}, labels=SHOWN, now=page.now
    )


@pages.add(f"GET {HOME}/{{id}}/discard", roles=REGISTERING)
async def discard_form(page: MisPage) -> Response:
    found = await queries.find(page, page.id())
    if not found.is_editable:
        return page.redirect(f"{HOME}/{found.id}")
    return page.render("registration/discard.html", registration=found)


@pages.add(f"POST {HOME}/{{id}}/discard", roles=REGISTERING)
async def discard(page: MisPage) -> Response:
    """Central forgets it too, when it has it."""
    found = await queries.find(page, page.id(), lock=True)
    if found.central_id is not None and found.state in AT_CENTRAL and not found.is_over(page.now):
        await asking.give_up(await calling(page), found.central_id)
    await drafts.discard(page, found)
    page.flash(page.gettext(DISCARDED))
    return page.redirect(HOME)
