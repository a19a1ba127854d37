"""The status page, for people and for programs that gather such pages."""

from datetime import timedelta

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.health import Component, State
from esoz.mis.base.section import Section
from esoz.mis.base.services import MisPage, MisPages, Services
from esoz.mis.help import register

from . import queries, wire

pages: MisPages = MisPages()

LOOK_EVERY = timedelta(seconds=15)
NAMES = {
    Component.MIS: _("Робоче місце"),
    Component.DATABASE: _("База даних робочого місця"),
    Component.TASKS: _("Фонові завдання робочого місця"),
    Component.EXCHANGE: _("Обмін з ЕСОЗ"),
    Component.CENTRAL: _("ЕСОЗ (центральна база даних)"),
    Component.TRUST: _("Надавачі довірчих послуг (перевірка ключів)"),
}
STATES = {
    State.OPERATIONAL: (_("Працює"), "green"),
    State.DEGRADED: (_("Записи чекають"), "yellow"),
    State.UNREACHABLE: (_("Не відповідає"), "red"),
    State.UNKNOWN: (_("Не запитували"), "grey"),
}


@pages.add("GET /status", public=True)
async def status(page: MisPage) -> Response:
    seen = queries.seen(page)
    incidents = await queries.history(page)
    return page.render(
        "status/status.html",
        seen=seen,
        incidents=incidents,
        names=NAMES,
        states=STATES,
        register_tags=register.tags(page),
        register_asked_at=page.services.register.asked_at,
    )


@pages.add("GET /status.json", public=True)
async def status_for_programs(page: MisPage) -> Response:
    """Components and their states, how many documents wait, incidents that go on, what the register says."""
    seen = queries.seen(page)
    kept = page.services.register
    standing = wire.register_standing(kept.entry, register.standings_now(page), kept.asked_at)
    return page.json(wire.short(seen, await queries.history(page)) | {"mis_register": standing})


@pages.add("GET /api/v2/summary.json", public=True)
async def summary(page: MisPage) -> Response:
    """The same in the form of public status pages."""
    seen = queries.seen(page)
    incidents = await queries.history(page)
    return page.json(wire.summary(seen, incidents, name=page.profile.name, url=f"{page.profile.base_url}/status"))


def works(services: Services) -> list[Periodic]:
    """Looking, so that sign-in knows without waiting, and the history has it."""
    return [Periodic("status", LOOK_EVERY, lambda: queries.note(services))]


section = Section("status", pages, works=works)
