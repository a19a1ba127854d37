"""Pages of information: for everyone, and for administrators who edit it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from starlette.responses import Response

from esoz.central import identity
from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import Pages, mark

from ..frame import CentralServices, Page, Visitor, working
from ..lists import query_choice, query_text
from . import store
from .model import MOST_PLACE, Entry, Event, Section, State, faults

pages: Pages[CentralServices, Visitor] = Pages()

ADMINISTRATORS = (identity.ADMINISTRATOR,)
SECTIONS = {
    Section.CONTACT: mark("Контакт-центри"),
    Section.NEWS: mark("Новини"),
    Section.LEARNING: mark("Навчання для лікарів"),
    Section.TELECONSULTATION: mark("Консультації на відстані"),
}
STATES = {  # words and colour of the tag
    State.CURRENT: (mark("чинне"), "green"),
    State.OUTDATED: (mark("застаріле"), "yellow"),
    State.HIDDEN: (mark("приховано"), "grey"),
}
FAULTS = {
    "title": mark("Введіть назву, до 200 символів."),
    "body": mark("Введіть текст, посилання або телефон; текст має до 4000 символів."),
    "url": mark("Введіть адресу, що починається з https://."),
    "phone": mark("Введіть номер телефону."),
    "checked_on": mark("Введіть день перевірки, не пізніший за сьогодні."),
    "ends_on": mark("Введіть день, не раніший за день перевірки."),
}
KEPT = mark("Збережено.")
CHECKED = mark("Запис перевірено сьогодні.")


@pages.add("GET /information", public=True)
async def information(page: Page) -> Response:
    filters = _filters(page, ())
    entries, found = await store.listed(page.db, filters, page.list_page(), page.today, shown_only=True)
    grouped = [
        (name, heading, [each for each in entries if each.section is name]) for name, heading in SECTIONS.items()
    ]
    return page.render(
        "information/public.html",
        sections=grouped,
        found=found,
        names=SECTIONS,
        values=page.query,
        is_whole=filters == store.InformationFilter() and found.total == len(entries),
    )


@pages.add("GET /administration/information", roles=ADMINISTRATORS)
async def overview(page: Page) -> Response:
    filters = _filters(page, State)
    entries, found = await store.listed(page.db, filters, page.list_page(), page.today, shown_only=False)
    return page.render(
        "information/overview.html",
        entries=entries,
        found=found,
        sections=SECTIONS,
        states=STATES,
        values=page.query,
        is_filtered=filters != store.InformationFilter(),
    )


def _filters(page: Page, states: Iterable[State]) -> store.InformationFilter:
    section = query_choice(page, "section", set(Section))
    state = query_choice(page, "state", set(states))
    return store.InformationFilter(
        text=query_text(page, "words"),
        section=Section(section) if section else None,
        state=State(state) if state else None,
    )


@pages.add("GET /administration/information/new", roles=ADMINISTRATORS)
async def new_form(page: Page) -> Response:
    return _form(page, {"section": str(Section.NEWS), "checked_on": page.today.isoformat(), "place": "100"}, {})


@pages.add("POST /administration/information/new", roles=ADMINISTRATORS)
async def add(page: Page) -> Response:
    async with working(page, "POST /administration/information/new") as work:
        id = work.new_id()
        if wrong := await _save(page, id):
            return _form(page, page.form.values(), wrong)
        work.record(Event.ADDED, id)
    page.flash(KEPT)
    return page.redirect("/administration/information")


@pages.add("GET /administration/information/{id}", roles=ADMINISTRATORS)
async def edit_form(page: Page) -> Response:
    entry = await _found(page)
    values = {name: str(getattr(entry, name) or "") for name in Entry.__dataclass_fields__}
    return _form(page, values | {"is_shown": "yes" if entry.is_shown else ""}, {})


@pages.add("POST /administration/information/{id}", roles=ADMINISTRATORS)
async def edit(page: Page) -> Response:
    entry = await _found(page)
    async with working(page, "POST /administration/information/{id}") as work:
        if wrong := await _save(page, entry.id):
            return _form(page, page.form.values(), wrong)
        work.record(Event.CHANGED, entry.id)
    page.flash(KEPT)
    return page.redirect("/administration/information")


@pages.add("POST /administration/information/{id}/checked", roles=ADMINISTRATORS)
async def checked(page: Page) -> Response:
    entry = await _found(page)
    async with working(page, "POST /administration/information/{id}/checked") as work:
        await store.save(page.db, replace(entry, checked_on=page.today), by=page.user.id, at=page.now)
        work.record(Event.CHANGED, entry.id)
    page.flash(CHECKED)
    return page.redirect("/administration/information")


async def _found(page: Page) -> Entry:
    entry = await store.find(page.db, page.id())
    if entry is None:
        raise NotFound()
    return entry


async def _save(page: Page, id: UUID) -> dict[str, str]:
    """Save what the form says; or what is wrong with it, by field."""
    text = page.form.text
    try:
        checked_on, ends_on = page.form.date("checked_on") or page.today, page.form.date("ends_on")
    except Rejected as refusal:
        return {each.entry.removeprefix("$."): each.description for each in refusal.invalid}
    if text("section") not in set(Section):
        raise NotFound()
    place = int(text("place")) if text("place").isdecimal() and len(text("place")) < 4 else MOST_PLACE
    shown = text("is_shown") == "yes"
    entry = Entry(
        id,
        Section(text("section")),
        text("title"),
        text("body"),
        text("url"),
        text("phone"),
        place,
        checked_on,
        ends_on,
        shown,
    )
    wrong = {name: FAULTS[name] for name in faults(entry, page.today)}
    if not wrong:
        await store.save(page.db, entry, by=page.user.id, at=page.now)
    return wrong


def _form(page: Page, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    return page.render(
        "information/edit.html",
        status=422 if errors else 200,
        keep=False,
        values=values,
        errors=errors,
        sections=SECTIONS,
    )
