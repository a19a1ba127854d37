"""Pages of wholesale supply: record a request, its scan, supply, sign, the journal, mistakes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

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
from ..handover import DISPENSING, Made, Prepared, Way, Words
from . import forms, queries
from .model import REQUESTERS, STATUSES, SUPPLY_STATUSES, Event
from .texts import (
    CANCELLED,
    KNOWN,
    NOT_A_SCAN,
    NOT_SENT,
    RECORDED,
    SCANNED,
    SUPPLIED,
    TAKEN_BACK,
    UNANSWERED,
)

pages: MisPages = MisPages()

HOME = "/wholesale"
SUPPLIES = f"{HOME}/supplies"
HEADS = (
    *(_("День"), _("Кому"), _("Код закладу"), _("Номер вимоги"), _("Дата вимоги"), _("Хто отримав"), _("Підрозділ")),
    *(_("Препарат"), _("Кількість"), _("Одиниця"), _("Фармацевт"), _("Стан"), _("Причина скасування")),
)
_FIELDS = {
    f"$.{name}": name
    for name in (
        *("requester_type", "requester_name", "requester_edrpou", "responsible_name", "responsible_position"),
        *("number", "requested_at"),
    )
} | {"$.division_id": "division", "$.medicines[].medication_id": "medicine_1"}


def _rows_to_sign(prepared: Prepared) -> list[tuple[str, object]]:
    document = prepared.document
    day = date.fromisoformat(document["supplied_at"])
    return [(_("День видачі"), f"{day:%d.%m.%Y}"), (_("Хто отримує"), document["received_by"])]


WAY = Way(
    kind="wholesale",
    home=HOME,
    documents=SUPPLIES,
    path=queries.SUPPLIES,
    record=queries.PATH,
    acts="supplies",
    field="signed_wholesale_supply",
    prepared=Event.PREPARED,
    sent=Event.SENT,
    words=Words(
        section=_("Оптова видача"),
        heading=_("Підпишіть видачу за вимогою"),
        sign=_("Підписати й видати"),
        file="optova-vydacha.json",
        unanswered=UNANSWERED,
        not_sent=NOT_SENT,
        forget=_("Не видавати"),
        done=SUPPLIED,
    ),
    rows=_rows_to_sign,
    day="supplied_at",
)
handover.add_signing(pages, WAY)


@pages.add(f"GET {HOME}", roles=PHARMACY)
async def requests(page: MisPage) -> Response:
    choices = {"status": STATUSES, "type": REQUESTERS}
    values = handover.wanted(page, choices, number=60, requester=100, name=100)
    may_dispense = bool(page.user.roles & DISPENSING)
    waiting = await handover.store.waiting(page.db, WAY.kind, page.user.work.clinic_id, page.now)
    return page.render(
        "wholesale/requests.html",
        found=await handover.queries.journal(page, queries.PATH, queries.filters(values), Event.LIST_READ),
        values=values,
        statuses=STATUSES,
        requesters=REQUESTERS,
        waiting=waiting if may_dispense else (),
        may_dispense=may_dispense,
    )


@pages.add(f"GET {SUPPLIES}", roles=PHARMACY)
async def supplies(page: MisPage) -> Response:
    """The journal of what was supplied."""
    values = _supplies_wanted(page)
    wanted = queries.supply_filters(values)
    return page.render(
        "wholesale/supplies.html",
        found=await handover.queries.journal(page, queries.SUPPLIES, wanted, Event.SUPPLIES_READ),
        values=values,
        statuses=SUPPLY_STATUSES,
    )


def _supplies_wanted(page: MisPage) -> dict[str, str]:
    return handover.wanted(page, {"status": SUPPLY_STATUSES}, name=100)


@pages.add(f"GET {SUPPLIES}/list.csv", roles=PHARMACY)
async def as_file(page: MisPage) -> Response:
    """The journal as it is shown, whole."""
    wanted = queries.supply_filters(_supplies_wanted(page))
    answer = await handover.queries.all_of(page, queries.SUPPLIES, wanted, Event.SUPPLIES_EXPORTED)
    rows = [row for each in answer.rows() for row in _rows(page, each)]
    return tables.file(page, HEADS, rows, "wholesale")


def _rows(page: MisPage, each: Mapping[str, Any]) -> Sequence[Sequence[object]]:
    """A row for each package of a supply."""
    party, request = each["party"], each["wholesale_request"]
    names = " ".join(party.get(name) or "" for name in ("last_name", "first_name", "second_name")).strip()
    before = (
        *(date.fromisoformat(each["supplied_at"]), request["requester_name"], request["requester_edrpou"]),
        *(request["number"], date.fromisoformat(request["requested_at"]), each["received_by"]),
    )
    status, _color = SUPPLY_STATUSES[each["status"]]
    after = (names, page.gettext(status), each.get("error_reason") or "")
    return [
        (
            *(*before, each["division"]["name"], line["medication"]["name"], line["medication_qty"]),
            *(page.gettext(unit_of(line["medication"])), *after),
        )
        for line in each["dispense_details"]
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
    page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], refused: CentralRefused | None = None
) -> Response:
    find = values.get("find", "")
    options = {find: await handover.queries.search_dosages(page, values.get(f"{find}_text", ""))} if find else {}
    divisions = await handover.queries.places(page, await calling(page), values.get("division", ""))
    return page.render(
        "wholesale/new.html",
        status=422 if errors or refused else 200,
        keep=False,
        values=values,
        errors=errors,
        refused=explain(page, refused) if refused else [],
        options=options,
        divisions=list(divisions.items()),
        lines=forms.lines_of(values),
        requesters=REQUESTERS,
    )


@pages.add(f"POST {HOME}/new", roles=DISPENSING)
async def record(page: MisPage) -> Response:
    values = page.form.values()
    if values.get("find") or values.get("more"):
        return await _form(page, values, {})
    central = await calling(page)
    chosen = handover.forms.chosen(values, "medicine", forms.lines_of(values))
    known = await handover.queries.known_dosages(central, chosen)
    divisions = await handover.queries.places(page, central, values.get("division", ""))
    request, errors = forms.read_request(values, known.keys(), divisions, page.today)
    if request is None:
        return await _form(page, values, errors)
    try:
        id = await handover.commands.record_asked(page, queries.PATH, request.body(), Event.RECORDED)
    except CentralRefused as refused:
        found = field_faults(page, refused, _FIELDS)
        return await _form(page, values, {name: text for name, text in found.items() if name}, refused)
    page.flash(RECORDED)
    return page.redirect(f"{HOME}/{id}")


@pages.add(f"GET {HOME}/{{id}}", roles=PHARMACY)
async def one(page: MisPage) -> Response:
    return await _one(page, {}, {})


async def _request(page: MisPage) -> Mapping[str, Any]:
    return await handover.queries.one(page, queries.PATH, page.id(), Event.READ)


async def _one(
    page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], refused: CentralRefused | None = None
) -> Response:
    """A request: its scan, what is left of it, what was supplied by it."""
    central, request = await calling(page), await _request(page)
    await handover.commands.put_mistakes_back(page, request["supplies"])
    may_dispense = bool(page.user.roles & DISPENSING)
    waits = any(not each["has_come"] for each in request["documents"])
    may_give = may_dispense and not waits and request["status"] == "ACTIVE"
    divisions = await handover.queries.places(page, central, values.get("division", "")) if may_give else {}
    usual = {"supplied_at": page.today.isoformat(), "division": await handover.queries.usual_place(page)}
    return page.render(
        "wholesale/request.html",
        status=422 if errors or refused else 200,
        keep=False,
        request=request,
        requested_at=date.fromisoformat(request["requested_at"]),
        left={each["medication_id"]: each["medication_qty"] for each in request["remaining"]},
        requester_type=REQUESTERS[request["requester_type"]],
        status_tag=STATUSES[request["status"]],
        supply_statuses=SUPPLY_STATUSES,
        waits=waits and request["status"] == "ACTIVE",
        may_dispense=may_dispense,
        offers=await handover.queries.offers(central, request["medicines"]) if may_give else {},
        divisions=list(divisions.items()),
        may_give=may_give,
        prepared=await handover.store.about(page.db, page.id(), page.user.work.clinic_id) if may_dispense else [],
        values=usual | dict(values),
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


@pages.add(f"POST {HOME}/{{id}}/scan", roles=DISPENSING)
async def scan(page: MisPage) -> Response:
    request, upload = await _request(page), page.form.file("scan")
    if upload is None or not handover.forms.is_picture(upload.content):
        return await _one(page, {}, {"scan": NOT_A_SCAN})
    if request["documents"]:
        try:
            await handover.commands.send_picture(page, request, upload.content, Event.SCANNED)
        except CentralRefused as refused:
            return await _one(page, {}, {"scan": NOT_A_SCAN}, refused)
        page.flash(SCANNED)
    return page.redirect(f"{HOME}/{page.id()}")


@pages.add(f"POST {HOME}/{{id}}/supply", roles=DISPENSING)
async def supply(page: MisPage) -> Response:
    values, central = page.form.values(), await calling(page)
    request = await _request(page)
    places = await handover.queries.places(page, central, values.get("division", ""))
    offers = await handover.queries.offers(central, request["medicines"])
    given, errors = forms.read_supply(values, request, offers, places, page.today)
    if given is None:
        return await _one(page, values, errors)
    id = uuid4()
    made = Made(
        id=id,
        about_id=given.request_id,
        content=given.content(id),
        lines=given.lines,
        division=places[str(given.division_id)],
        form=handover.forms.typed(values),
    )
    await handover.commands.prepare(page, WAY, made)
    return page.redirect(f"{SUPPLIES}/{id}/sign")


@pages.add(f"POST {HOME}/{{id}}/cancel", roles=DISPENSING)
async def cancel(page: MisPage) -> Response:
    """The record was a mistake; with `supply` in the form, one supply was."""
    reason, given = handover.reason_of(page), page.form.text("supply")
    if reason is None:
        return await _one(page, page.form.values(), {"error_reason": handover.forms.NO_REASON})
    try:
        if given:
            id, event = handover.id_of(given), Event.SUPPLY_CANCELLED
            await handover.commands.mark_mistaken(page, queries.SUPPLIES, id, reason, event)
        else:
            await handover.commands.mark_mistaken(page, queries.PATH, page.id(), reason, Event.CANCELLED)
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        return await _one(page, page.form.values(), {}, refused)
    page.flash(TAKEN_BACK if given else CANCELLED)
    return page.redirect(f"{HOME}/{page.id()}")


section = Section(
    "wholesale",
    pages,
    nav=(NavItem(_("Оптова видача"), HOME, PHARMACY),),
    errors=KNOWN,
)
