"""Pages of the clinic and its divisions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.paging import paged
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import STAFF_KEEPERS, STAFF_READERS
from esoz.mis.link.access import CentralSession, calling, several
from esoz.mis.link.errors import explain
from esoz.sdk import CentralError, CentralRefused, whole

from . import model
from .model import DAYS, STATUSES, Event
from .texts import KNOWN

pages: MisPages = MisPages()

HOME, DIVISIONS = "/organisation", "/organisation/divisions"
SIZE, MOST_FOUND, SHORTEST = 25, 20, 2
SAVED = _("Підрозділ збережено в ЕСОЗ.")
OPENED = _("Підрозділ знову діє.")
CLOSED = _("Підрозділ більше не діє.")


@pages.add(f"GET {HOME}", roles=STAFF_READERS)
async def clinic(page: MisPage) -> Response:
    """Who we are for central, and where we work."""
    central, clinic_id = await calling(page), page.user.work.clinic_id
    status, name = page.query.get("status", "ACTIVE"), page.query.get("name", "").strip()[:100]
    part = page.list_page(SIZE)
    entity, found, licenses = await several(
        central.get(f"/api/v2/legal_entities/{clinic_id}"),
        central.get("/api/divisions", name=name or None, status=status or None, page=part.number, page_size=part.size),
        whole(central, "/api/licenses"),
    )
    if isinstance(entity, CentralError):
        raise entity
    if isinstance(found, CentralError):
        raise found
    if isinstance(licenses, CentralError):
        raise licenses
    await record(page, Event.READ, clinic_id)
    return page.render(
        "organisation/clinic.html",
        entity=entity.record(),
        found=paged(found, part),
        values={"name": name, "status": status},
        statuses=STATUSES,
        in_one_line=model.in_one_line,
        licences=[(each, *model.licence_state(each, page.today)) for each in licenses.rows()],
        in_all=licenses.total,
        may_write=bool(page.user.roles & STAFF_KEEPERS),
    )


@pages.add(f"GET {DIVISIONS}/settlements", roles=STAFF_KEEPERS)
async def settlements(page: MisPage) -> Response:
    """What a picker of places asks for."""
    found = await _places(page, page.query.get("q", ""))
    return page.json([{"value": each, "text": text} for each, text in found])


async def _places(page: MisPage, text: str) -> list[tuple[str, str]]:
    name = text.split(",", maxsplit=1)[0].strip()
    if len(name) < SHORTEST:
        return []
    answer = await page.services.central.get("/api/uaddresses/settlements", name=name, page_size=MOST_FOUND)
    return [(each["id"], model.place_label(each)) for each in answer.rows()]


@pages.add(f"GET {DIVISIONS}/new", roles=STAFF_KEEPERS)
async def new(page: MisPage) -> Response:
    return _form(page, {}, {})


@pages.add(f"POST {DIVISIONS}/new", roles=STAFF_KEEPERS)
async def create(page: MisPage) -> Response:
    values = page.form.values()
    if values.get("find"):
        return _form(page, values, {}, options=await _places(page, values.get("settlement_text", "")))
    body, errors = model.read(values, dict(page.services.dictionaries.choices("DIVISION_TYPE")))
    address, more = model.read_address(values, await _settlement(page, values.get("settlement", "")))
    if errors or more:
        return _form(page, values, errors | more)
    key = f"division-{page.form.text('form_token')}"  # a copy after a lost answer makes no second division
    central = await calling(page)
    try:
        answer = await central.call("POST", "/api/divisions", body=body | {"addresses": [address]}, idempotency_key=key)
    except CentralRefused as refused:
        return _refused(page, values, refused)
    await record(page, Event.DIVISION_MADE, answer.record()["id"])
    page.flash(SAVED)
    return page.redirect(HOME)


async def _settlement(page: MisPage, text: str) -> Mapping[str, Any] | None:
    try:
        found = await page.services.central.get(f"/api/uaddresses/settlements/{UUID(text)}")
    except (ValueError, CentralRefused):
        return None
    return found.record()


def _form(
    page: MisPage,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    division: Mapping[str, Any] | None = None,
    *,
    options: list[tuple[str, str]] | None = None,
) -> Response:
    return page.render(
        "organisation/division.html",
        status=422 if errors else 200,
        keep=False,
        values=values,
        errors=errors,
        division=division,
        address=model.in_one_line((division.get("addresses") or [{}])[0]) if division else "",
        types=page.services.dictionaries.choices("DIVISION_TYPE"),
        days=DAYS,
        options=options,
        statuses=STATUSES,
    )


def _refused(
    page: MisPage, values: Mapping[str, str], refused: CentralRefused, division: Mapping[str, Any] | None = None
) -> Response:
    """The form again with what central has against it at its fields. Raises what is about no field."""
    errors = {model.field_of(each.entry): each.filled(page.gettext(each.text)) for each in explain(page, refused)}
    if "" in errors:
        raise refused
    return _form(page, values, errors, division)


@pages.add(f"GET {DIVISIONS}/{{id}}/edit", roles=STAFF_KEEPERS)
async def edit_form(page: MisPage) -> Response:
    division = await _division(page, await calling(page))
    await record(page, Event.DIVISION_READ, page.id())
    return _form(page, model.form_of(division), {}, division)


async def _division(page: MisPage, central: CentralSession) -> Mapping[str, Any]:
    answer = await central.get(f"/api/divisions/{page.id()}")
    return answer.record()


@pages.add(f"POST {DIVISIONS}/{{id}}/edit", roles=STAFF_KEEPERS)
async def edit(page: MisPage) -> Response:
    """Everything but the address, which stays as it is in central."""
    central, values = await calling(page), page.form.values()
    division = await _division(page, central)
    body, errors = model.read(values, dict(page.services.dictionaries.choices("DIVISION_TYPE")))
    if errors:
        return _form(page, values, errors, division)
    # Further phones that central has stay; the form has the first one only.
    body["phones"] = [(division.get("phones") or body["phones"])[0] | {"number": body["phones"][0]["number"]}]
    body["phones"] += (division.get("phones") or [])[1:]
    kept = {name: division[name] for name in ("addresses", "external_id", "location") if division.get(name)}
    try:
        await central.patch(f"/api/divisions/{page.id()}", body | kept)
    except CentralRefused as refused:
        return _refused(page, values, refused, division)
    await record(page, Event.DIVISION_CHANGED, page.id())
    page.flash(SAVED)
    return page.redirect(HOME)


@pages.add(f"POST {DIVISIONS}/{{id}}/activate", roles=STAFF_KEEPERS)
async def activate(page: MisPage) -> Response:
    return await _switch(page, "activate", Event.DIVISION_OPENED, OPENED)


@pages.add(f"GET {DIVISIONS}/{{id}}/deactivate", roles=STAFF_KEEPERS)
async def deactivate_form(page: MisPage) -> Response:
    return page.render("organisation/close.html", division=await _division(page, await calling(page)))


@pages.add(f"POST {DIVISIONS}/{{id}}/deactivate", roles=STAFF_KEEPERS)
async def deactivate(page: MisPage) -> Response:
    return await _switch(page, "deactivate", Event.DIVISION_CLOSED, CLOSED)


async def _switch(page: MisPage, action: str, event: Event, text: str) -> Response:
    central = await calling(page)
    await central.patch(f"/api/divisions/{page.id()}/actions/{action}")
    await record(page, event, page.id())
    page.flash(text)
    return page.redirect(HOME)


section = Section("organisation", pages, nav=(NavItem(_("Заклад"), HOME, STAFF_READERS),), errors=KNOWN)
