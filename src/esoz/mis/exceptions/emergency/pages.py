"""Pages of the pharmacy in a territory of war: write down, sign, the journal, a mistake."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.quantities import unit_of
from esoz.mis.base import tables
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import PHARMACY
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain, field_faults
from esoz.sdk import CentralRefused

from .. import handover
from ..handover import DISPENSING, STATUSES, Made, Prepared, Way, Words
from . import forms, queries
from .model import LINES, REASONS, Entry, Event
from .texts import CANCELLED, FORGOTTEN, KNOWN, NOT_SENT, UNANSWERED

pages: MisPages = MisPages()

HOME = "/emergency"
HEADS = (
    _("День"),
    _("Підрозділ"),
    _("Препарат"),
    _("Кількість"),
    _("Одиниця"),
    _("Причина"),
    _("Фармацевт"),
    _("Стан"),
    _("Причина скасування"),
)


def _rows_to_sign(prepared: Prepared) -> list[tuple[str, object]]:
    document = prepared.document
    note = [(_("Зі слів пацієнта"), document["note"])] if document.get("note") else []
    day = date.fromisoformat(document["dispensed_at"])
    return [(_("День відпуску"), f"{day:%d.%m.%Y}"), (_("Причина"), document["reason"]), *note]


WAY = Way(
    kind="emergency",
    home=HOME,
    documents=HOME,
    path=queries.PATH,
    record=queries.PATH,
    acts="",
    field="signed_emergency_dispense",
    prepared=Event.PREPARED,
    sent=Event.SENT,
    words=Words(
        section=_("Відпуск без рецепта"),
        heading=_("Підпишіть запис про відпуск без рецепта"),
        sign=_("Підписати й записати"),
        file="vidpusk-bez-recepta.json",
        unanswered=UNANSWERED,
        not_sent=NOT_SENT,
        forget=_("Видалити чернетку"),
        forgotten=FORGOTTEN,
    ),
    rows=_rows_to_sign,
    mend=f"{HOME}/new",
)
handover.add_signing(pages, WAY)


@pages.add(f"GET {HOME}", roles=PHARMACY)
async def journal(page: MisPage) -> Response:
    values = _wanted(page)
    found = await handover.queries.journal(page, queries.PATH, queries.filters(values), Event.LIST_READ)
    may_dispense = bool(page.user.roles & DISPENSING)
    waiting = await handover.store.waiting(page.db, WAY.kind, page.user.work.clinic_id, page.now)
    return page.render(
        "emergency/journal.html",
        found=found,
        values=values,
        statuses=STATUSES,
        waiting=waiting if may_dispense else (),
        may_dispense=may_dispense,
    )


def _wanted(page: MisPage) -> dict[str, str]:
    return handover.wanted(page, {"status": STATUSES}, name=100)


@pages.add(f"GET {HOME}/list.csv", roles=PHARMACY)
async def as_file(page: MisPage) -> Response:
    """The journal as it is shown, whole."""
    wanted = queries.filters(_wanted(page))
    answer = await handover.queries.all_of(page, queries.PATH, wanted, Event.LIST_EXPORTED)
    rows = [row for each in answer.rows() for row in _rows(page, each)]
    return tables.file(page, HEADS, rows, "without-prescription")


def _rows(page: MisPage, each: Mapping[str, Any]) -> Sequence[Sequence[object]]:
    """A row for each package of an entry."""
    party = each["party"]
    names = " ".join(party.get(name) or "" for name in ("last_name", "first_name", "second_name")).strip()
    status, _color = STATUSES[each["status"]]
    before = (date.fromisoformat(each["dispensed_at"]), each["division"]["name"])
    after = (each["reason"], names, page.gettext(status), each.get("error_reason") or "")
    return [
        (*before, line["medication"]["name"], line["medication_qty"], page.gettext(unit_of(line["medication"])), *after)
        for line in each["dispense_details"]
    ]


@pages.add(f"GET {HOME}/medications", roles=DISPENSING)
async def medications(page: MisPage) -> Response:
    """What a picker of packages asks for."""
    found = await handover.queries.search(page, page.query.get("q", ""), queries.ANTIBACTERIALS)
    return page.json([{"value": str(each.id), "text": each.label} for each in found])


@pages.add(f"GET {HOME}/new", roles=DISPENSING)
async def new(page: MisPage) -> Response:
    """An empty form; or the one of before, when what was signed was refused."""
    if earlier := await _earlier(page):
        return await _form(page, dict(earlier.form), {})
    division = await handover.queries.usual_place(page)
    return await _form(page, {"dispensed_at": page.today.isoformat(), "division": division}, {})


async def _earlier(page: MisPage) -> Prepared | None:
    """What `?again=` names, of this pharmacy."""
    try:
        id = UUID(page.query.get("again", ""))
    except ValueError:
        return None
    return await handover.store.find(page.db, WAY.kind, id, page.user.work.clinic_id)


@pages.add(f"POST {HOME}/new", roles=DISPENSING)
async def prepare(page: MisPage) -> Response:
    values = page.form.values()
    if page.form.text("find"):
        return await _form(page, values, {}, find=page.form.text("find"))
    central = await calling(page)
    known = await handover.queries.packages(central, handover.forms.chosen(values, "medication", LINES))
    divisions = await handover.queries.places(page, central, values.get("division", ""))
    entry, errors = forms.read(values, known, divisions, page.today)
    if entry is None:
        return await _form(page, values, errors)
    made = _made(entry, divisions[str(entry.division_id)], values)
    prepared = await handover.commands.prepare(page, WAY, made)
    return page.redirect(f"{HOME}/{prepared.id}/sign")


def _made(entry: Entry, division: str, values: Mapping[str, str]) -> Made:
    id = uuid4()
    return Made(
        id=id,
        about_id=id,
        content=entry.content(id),
        lines=entry.lines,
        division=division,
        form=handover.forms.typed(values),
    )


async def _form(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], *, find: str = "") -> Response:
    typed = values.get(f"{find}_text", "")
    found = await handover.queries.search(page, typed, queries.ANTIBACTERIALS) if find else []
    options = {find: [(str(each.id), each.label) for each in found]} if find else {}
    divisions = await handover.queries.places(page, await calling(page), values.get("division", ""))
    return page.render(
        "emergency/new.html",
        status=422 if errors else 200,
        keep=False,
        values=values,
        errors=errors,
        options=options,
        divisions=list(divisions.items()),
        lines=range(1, LINES + 1),
        reasons=REASONS,
    )


@pages.add(f"GET {HOME}/{{id}}", roles=PHARMACY)
async def one(page: MisPage) -> Response:
    return await _one(page, {}, {})


async def _one(
    page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], refused: CentralRefused | None = None
) -> Response:
    found = await handover.queries.one(page, queries.PATH, page.id(), Event.READ)
    await handover.commands.put_mistakes_back(page, [found])
    may_cancel = found["status"] == "COMPLETED" and bool(page.user.roles & DISPENSING)
    return page.render(
        "emergency/entry.html",
        status=422 if errors or refused else 200,
        keep=False,
        entry=found,
        day=date.fromisoformat(found["dispensed_at"]),
        status_tag=STATUSES[found["status"]],
        may_cancel=may_cancel,
        values=values,
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


@pages.add(f"POST {HOME}/{{id}}/cancel", roles=DISPENSING)
async def cancel(page: MisPage) -> Response:
    reason = handover.reason_of(page)
    if reason is None:
        return await _one(page, page.form.values(), {"error_reason": handover.forms.NO_REASON})
    try:
        await handover.commands.mark_mistaken(page, queries.PATH, page.id(), reason, Event.CANCELLED)
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        errors = field_faults(page, refused, {"$.error_reason": "error_reason"})
        return await _one(page, page.form.values(), {name: text for name, text in errors.items() if name}, refused)
    page.flash(CANCELLED)
    return page.redirect(f"{HOME}/{page.id()}")


section = Section(
    "emergency",
    pages,
    nav=(NavItem(_("Без рецепта"), HOME, PHARMACY),),
    errors=(*KNOWN, *handover.KNOWN),
)
