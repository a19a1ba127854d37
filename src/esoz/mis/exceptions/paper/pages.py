"""Pages of prescriptions on paper: record, picture, hand over, sign, the journal, mistakes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.mis.base import tables
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import PHARMACY
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain, field_faults
from esoz.sdk import CentralRefused

from .. import handover
from ..handover import DISPENSING, Made, Prepared, Way, Words
from . import forms, queries
from .model import LINES, STATUSES, Event
from .texts import (
    CANCELLED,
    GIVEN,
    KNOWN,
    NOT_A_PICTURE,
    NOT_SENT,
    PICTURED,
    RECORDED,
    TAKEN_BACK,
    UNANSWERED,
)

pages: MisPages = MisPages()

HOME = "/paper"
HEADS = (
    _("Серія"),
    _("Номер"),
    _("Дата рецепта"),
    _("Дійсний до"),
    _("Заклад"),
    _("Код закладу"),
    _("Лікар"),
    _("Ліки"),
    _("Кількість"),
    _("Стан"),
)
_FIELDS = {
    f"$.{name}": name
    for name in (
        "series",
        "number",
        "institution_name",
        "institution_edrpou",
        "doctor_name",
        "issued_at",
        "valid_to",
    )
} | {"$.division_id": "division", "$.medicines[].medication_id": "medicine_1"}


def _rows_to_sign(prepared: Prepared) -> list[tuple[str, object]]:
    return [(_("День відпуску"), f"{date.fromisoformat(prepared.document['dispensed_at']):%d.%m.%Y}")]


WAY = Way(
    kind="paper",
    home=HOME,
    documents=f"{HOME}/dispenses",
    path=queries.DISPENSES,
    record=queries.PATH,
    acts="dispenses",
    field="signed_paper_dispense",
    prepared=Event.PREPARED,
    sent=Event.SENT,
    words=Words(
        section=_("Паперові рецепти"),
        heading=_("Підпишіть відпуск за паперовим рецептом"),
        sign=_("Підписати й відпустити"),
        file="vidpusk-za-paperovym.json",
        unanswered=UNANSWERED,
        not_sent=NOT_SENT,
        forget=_("Не відпускати"),
        done=GIVEN,
    ),
    rows=_rows_to_sign,
)
handover.add_signing(pages, WAY)


@pages.add(f"GET {HOME}", roles=PHARMACY)
async def journal(page: MisPage) -> Response:
    values = _wanted(page)
    return page.render(
        "paper/journal.html",
        found=await handover.queries.journal(page, queries.PATH, queries.filters(values), Event.LIST_READ),
        values=values,
        statuses=STATUSES,
        may_dispense=bool(page.user.roles & DISPENSING),
    )


def _wanted(page: MisPage) -> dict[str, str]:
    return handover.wanted(page, {"status": STATUSES}, number=60, name=100)


@pages.add(f"GET {HOME}/list.csv", roles=PHARMACY)
async def as_file(page: MisPage) -> Response:
    """The journal as it is shown, whole: a row for each medicine of a blank."""
    wanted = queries.filters(_wanted(page))
    answer = await handover.queries.all_of(page, queries.PATH, wanted, Event.LIST_EXPORTED)
    rows = [row for each in answer.rows() for row in _rows(page, each)]
    return tables.file(page, HEADS, rows, "paper-prescriptions")


def _rows(page: MisPage, each: Mapping[str, Any]) -> Sequence[Sequence[object]]:
    days = (date.fromisoformat(each["issued_at"]), date.fromisoformat(each["valid_to"]))
    of_blank = (each["series"], each["number"], *days, each["institution_name"], each["institution_edrpou"])
    status, _color = STATUSES[each["status"]]
    return [
        (*of_blank, each["doctor_name"], line["medication_name"], line["medication_qty"], page.gettext(status))
        for line in each["medicines"]
    ]


@pages.add(f"GET {HOME}/medicines", roles=DISPENSING)
async def medicines(page: MisPage) -> Response:
    """What a picker of medicines asks for."""
    found = await handover.queries.search_dosages(page, page.query.get("q", ""))
    return page.json([{"value": id, "text": name} for id, name in found])


@pages.add(f"GET {HOME}/new", roles=DISPENSING)
async def new(page: MisPage) -> Response:
    return await _form(page, {"division": await handover.queries.usual_place(page)}, {})


async def _form(
    page: MisPage,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    refused: CentralRefused | None = None,
    *,
    find: str = "",
) -> Response:
    divisions = await handover.queries.places(page, await calling(page), values.get("division", ""))
    options = {find: await handover.queries.search_dosages(page, values.get(f"{find}_text", ""))} if find else {}
    return page.render(
        "paper/new.html",
        status=422 if errors or refused else 200,
        keep=False,
        values=values,
        errors=errors,
        refused=explain(page, refused) if refused else [],
        options=options,
        divisions=list(divisions.items()),
        lines=range(1, LINES + 1),
    )


@pages.add(f"POST {HOME}/new", roles=DISPENSING)
async def record_blank(page: MisPage) -> Response:
    values = page.form.values()
    if page.form.text("find"):
        return await _form(page, values, {}, find=page.form.text("find"))
    central = await calling(page)
    known = await handover.queries.known_dosages(central, handover.forms.chosen(values, "medicine", LINES))
    divisions = await handover.queries.places(page, central, values.get("division", ""))
    blank, errors = forms.read_blank(values, known.keys(), divisions, page.today)
    if blank is None:
        return await _form(page, values, errors)
    try:
        id = await handover.commands.record_asked(page, queries.PATH, blank.body(), Event.RECORDED)
    except CentralRefused as refused:
        found = field_faults(page, refused, _FIELDS)
        return await _form(page, values, {name: text for name, text in found.items() if name}, refused)
    page.flash(RECORDED)
    return page.redirect(f"{HOME}/{id}")


@pages.add(f"GET {HOME}/{{id}}", roles=PHARMACY)
async def one(page: MisPage) -> Response:
    return await _one(page, {}, {})


async def _one(
    page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], refused: CentralRefused | None = None
) -> Response:
    """A blank: its picture, what is left of it, what was handed over by it."""
    central = await calling(page)
    paper = await _paper(page)
    await handover.commands.put_mistakes_back(page, paper["dispenses"])
    may_dispense = bool(page.user.roles & DISPENSING)
    waits = any(not each["has_come"] for each in paper["documents"])
    may_give = may_dispense and not waits and paper["status"] in {"ACTIVE", "EXPIRED"}
    divisions = await handover.queries.places(page, central, values.get("division", "")) if may_give else {}
    usual = {"dispensed_at": page.today.isoformat(), "division": await handover.queries.usual_place(page)}
    return page.render(
        "paper/blank.html",
        status=422 if errors or refused else 200,
        keep=False,
        paper=paper,
        issued_at=date.fromisoformat(paper["issued_at"]),
        valid_to=date.fromisoformat(paper["valid_to"]),
        left={each["medication_id"]: each["medication_qty"] for each in paper["remaining"]},
        status_tag=STATUSES[paper["status"]],
        dispense_statuses=handover.STATUSES,
        waits=waits,
        may_dispense=may_dispense,
        offers=await handover.queries.offers(central, paper["medicines"]) if may_give else {},
        divisions=list(divisions.items()),
        may_give=may_give,
        prepared=await handover.store.about(page.db, page.id(), page.user.work.clinic_id) if may_dispense else [],
        values=usual | dict(values),
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


@pages.add(f"POST {HOME}/{{id}}/picture", roles=DISPENSING)
async def picture(page: MisPage) -> Response:
    paper = await _paper(page)
    upload = page.form.file("picture")
    if upload is None or not handover.forms.is_picture(upload.content):
        return await _one(page, {}, {"picture": NOT_A_PICTURE})
    if paper["documents"]:
        try:
            await handover.commands.send_picture(page, paper, upload.content, Event.PICTURED)
        except CentralRefused as refused:
            return await _one(page, {}, {"picture": NOT_A_PICTURE}, refused)
        page.flash(PICTURED)
    return page.redirect(f"{HOME}/{page.id()}")


async def _paper(page: MisPage) -> Mapping[str, Any]:
    return await handover.queries.one(page, queries.PATH, page.id(), Event.READ)


@pages.add(f"POST {HOME}/{{id}}/dispense", roles=DISPENSING)
async def dispense(page: MisPage) -> Response:
    values, central = page.form.values(), await calling(page)
    paper = await _paper(page)
    places = await handover.queries.places(page, central, values.get("division", ""))
    offers = await handover.queries.offers(central, paper["medicines"])
    given, errors = forms.read_handover(values, paper, offers, places, page.today)
    if given is None:
        return await _one(page, values, errors)
    id = uuid4()
    made = Made(
        id=id,
        about_id=given.paper_id,
        content=given.content(id),
        lines=given.lines,
        division=places[str(given.division_id)],
        form=handover.forms.typed(values),
    )
    await handover.commands.prepare(page, WAY, made)
    return page.redirect(f"{WAY.documents}/{id}/sign")


@pages.add(f"POST {HOME}/{{id}}/cancel", roles=DISPENSING)
async def cancel(page: MisPage) -> Response:
    """The record was a mistake; with `dispense` in the form, one act of handing over was."""
    reason, given = handover.reason_of(page), page.form.text("dispense")
    if reason is None:
        return await _one(page, page.form.values(), {"error_reason": handover.forms.NO_REASON})
    try:
        if given:
            id, event = handover.id_of(given), Event.DISPENSE_CANCELLED
            await handover.commands.mark_mistaken(page, queries.DISPENSES, id, reason, event)
        else:
            await handover.commands.mark_mistaken(page, queries.PATH, page.id(), reason, Event.CANCELLED)
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        return await _one(page, page.form.values(), {}, refused)
    page.flash(TAKEN_BACK if given else CANCELLED)
    return page.redirect(f"{HOME}/{page.id()}")


section = Section(
    "paper",
    pages,
    nav=(NavItem(_("Паперові рецепти"), HOME, PHARMACY),),
    errors=(*KNOWN, *handover.KNOWN),
)
