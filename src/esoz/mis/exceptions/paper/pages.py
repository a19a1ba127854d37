"""Pages of prescriptions on paper: record, picture, hand over, sign, the journal, mistakes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.mis.base import tables
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import PHARMACY
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain, field_faults
from esoz.sdk import CentralRefused

from ..emergency import divisions
from . import commands, forms, queries, store
from .model import DISPENSE_STATUSES, LINES, STATUSES, Prepared
from .texts import (
    CANCELLED,
    GIVEN,
    KNOWN,
    NOT_A_PICTURE,
    NOT_SENT,
    PICTURED,
    RECORDED,
    TAKEN_BACK,
)

pages: MisPages = MisPages()

HOME = "/paper"
DISPENSING = frozenset({"PHARMACIST"})  # the scopes medication_dispense:write and :reject
MOST_BYTES = 10 * 1024 * 1024
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


@pages.add(f"GET {HOME}", roles=PHARMACY)
async def journal(page: MisPage) -> Response:
    values = _wanted(page)
    return page.render(
        "paper/journal.html",
        found=await queries.journal(page, values),
        values=values,
        statuses=STATUSES,
        may_dispense=bool(page.user.roles & DISPENSING),
    )


def _wanted(page: MisPage) -> dict[str, str]:
    """The filters as the address has them; what is no day and no status asks for nothing."""
    status = page.query.get("status", "")
    return {
        "number": page.query.get("number", "").strip()[:60],
        "name": page.query.get("name", "").strip()[:100],
        "status": status if status in STATUSES else "",
        **{name: _day(page.query.get(name, "")) for name in ("from", "to")},
    }


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


@pages.add(f"GET {HOME}/list.csv", roles=PHARMACY)
async def as_file(page: MisPage) -> Response:
    """The journal as it is shown, whole: a row for each medicine of a blank."""
    answer = await queries.all_of(page, _wanted(page))
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
    found = await queries.search(page, page.query.get("q", ""))
    return page.json([{"value": id, "text": name} for id, name in found])


@pages.add(f"GET {HOME}/new", roles=DISPENSING)
async def new(page: MisPage) -> Response:
    return await _form(page, {"division": str(page.user.work.division_id or "")}, {})


async def _form(
    page: MisPage,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    refused: CentralRefused | None = None,
    *,
    find: str = "",
) -> Response:
    options = {find: await queries.search(page, values.get(f"{find}_text", ""))} if find else {}
    return page.render(
        "paper/new.html",
        status=422 if errors or refused else 200,
        keep=False,
        values=values,
        errors=errors,
        refused=explain(page, refused) if refused else [],
        options=options,
        divisions=await divisions(page, await calling(page)),
        lines=range(1, LINES + 1),
    )


@pages.add(f"POST {HOME}/new", roles=DISPENSING)
async def record_blank(page: MisPage) -> Response:
    values = page.form.values()
    if page.form.text("find"):
        return await _form(page, values, {}, find=page.form.text("find"))
    central = await calling(page)
    known = await queries.known_dosages(central, forms.chosen(values, "medicine"))
    blank, errors = forms.read_blank(values, known.keys(), dict(await divisions(page, central)), page.today)
    if blank is None:
        return await _form(page, values, errors)
    try:
        id = await commands.record_blank(page, blank)
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
    paper = await queries.one(page, central, page.id())
    may_dispense = bool(page.user.roles & DISPENSING)
    waits = any(not each["has_come"] for each in paper["documents"])
    may_give = may_dispense and not waits and paper["status"] in {"ACTIVE", "EXPIRED"}
    usual = {"dispensed_at": page.today.isoformat(), "division": str(page.user.work.division_id or "")}
    return page.render(
        "paper/blank.html",
        status=422 if errors or refused else 200,
        keep=False,
        paper=paper,
        issued_at=date.fromisoformat(paper["issued_at"]),
        valid_to=date.fromisoformat(paper["valid_to"]),
        left={each["medication_id"]: each["medication_qty"] for each in paper["remaining"]},
        status_tag=STATUSES[paper["status"]],
        dispense_statuses=DISPENSE_STATUSES,
        waits=waits,
        may_dispense=may_dispense,
        offers=await queries.offers(central, paper) if may_give else {},
        divisions=await divisions(page, central) if may_give else [],
        may_give=may_give,
        prepared=await store.of_paper(page.db, page.id(), page.user.work.clinic_id) if may_dispense else [],
        values=dict(values) or usual,
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


@pages.add(f"POST {HOME}/{{id}}/picture", roles=DISPENSING)
async def picture(page: MisPage) -> Response:
    paper = await queries.one(page, await calling(page), page.id())
    upload = page.form.file("picture")
    if upload is None or not upload.content.startswith(b"\xff\xd8\xff") or len(upload.content) > MOST_BYTES:
        return await _one(page, {}, {"picture": NOT_A_PICTURE})
    if paper["documents"]:
        try:
            await commands.send_picture(page, paper, upload.content)
        except CentralRefused as refused:
            return await _one(page, {}, {"picture": NOT_A_PICTURE}, refused)
        page.flash(PICTURED)
    return page.redirect(f"{HOME}/{page.id()}")


@pages.add(f"POST {HOME}/{{id}}/dispense", roles=DISPENSING)
async def dispense(page: MisPage) -> Response:
    values, central = page.form.values(), await calling(page)
    paper = await queries.one(page, central, page.id())
    places = dict(await divisions(page, central))
    handover, errors = forms.read_handover(values, paper, await queries.offers(central, paper), places, page.today)
    if handover is None:
        return await _one(page, values, errors)
    prepared = await commands.prepare(page, handover, places[str(handover.division_id)])
    return page.redirect(f"{HOME}/dispenses/{prepared.id}/sign")


@pages.add(f"GET {HOME}/dispenses/{{id}}/sign", roles=DISPENSING)
async def to_sign(page: MisPage) -> Response:
    prepared = await store.find(page.db, page.id(), page.user.work.clinic_id)
    return _sign(page, prepared, {}) if prepared else page.redirect(HOME)


def _sign(
    page: MisPage, prepared: Prepared, errors: Mapping[str, str], refused: CentralRefused | None = None
) -> Response:
    """The text to be signed in full, and the signature."""
    return page.render(
        "paper/sign.html",
        status=422 if errors or refused else 200,
        keep=False,
        prepared=prepared,
        day=date.fromisoformat(prepared.document["dispensed_at"]),
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


@pages.add(f"POST {HOME}/dispenses/{{id}}/sign", roles=DISPENSING)
async def sign(page: MisPage) -> Response:
    prepared = await store.find(page.db, page.id(), page.user.work.clinic_id, lock=True)
    if prepared is None or prepared.signed is not None:
        return page.redirect(HOME if prepared is None else f"{HOME}/dispenses/{page.id()}/sign")
    try:
        signed = await receive_signed(page, prepared.content)
        done = await commands.sign(page, prepared, signed)
    except Rejected as problem:
        return _sign(page, prepared, faults(problem))
    except CentralRefused as refused:
        return _sign(page, prepared, {}, refused)
    return _after(page, prepared, done)


def _after(page: MisPage, prepared: Prepared, done: bool) -> Response:
    page.flash(GIVEN if done else NOT_SENT, "success" if done else "important")
    return page.redirect(f"{HOME}/{prepared.paper_id}" if done else f"{HOME}/dispenses/{prepared.id}/sign")


@pages.add(f"POST {HOME}/dispenses/{{id}}/send", roles=DISPENSING)
async def send_again(page: MisPage) -> Response:
    """After a lost answer: central is given the same signed document, which it takes once."""
    prepared = await store.find(page.db, page.id(), page.user.work.clinic_id, lock=True)
    if prepared is None or prepared.signed is None:
        return page.redirect(HOME)
    try:
        return _after(page, prepared, await commands.send(page, prepared))
    except CentralRefused as refused:
        return _sign(page, prepared, {}, refused)


@pages.add(f"POST {HOME}/dispenses/{{id}}/forget", roles=DISPENSING)
async def forget(page: MisPage) -> Response:
    prepared = await store.find(page.db, page.id(), page.user.work.clinic_id, lock=True)
    if prepared is None:
        return page.redirect(HOME)
    await commands.forget(page, prepared.id)
    return page.redirect(f"{HOME}/{prepared.paper_id}")


@pages.add(f"POST {HOME}/{{id}}/cancel", roles=DISPENSING)
async def cancel(page: MisPage) -> Response:
    """The record was a mistake; with `dispense` in the form, one act of handing over was."""
    reason, given = page.form.text("error_reason").strip(), page.form.text("dispense")
    least, most = forms.REASON
    if not least <= len(reason) <= most:
        return await _one(page, page.form.values(), {"error_reason": forms.NO_REASON})
    try:
        if given:
            await commands.take_back(page, _id(given), reason)
        else:
            await commands.cancel(page, page.id(), reason)
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        return await _one(page, {}, {}, refused)
    page.flash(TAKEN_BACK if given else CANCELLED)
    return page.redirect(f"{HOME}/{page.id()}")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise NotFound() from fault


section = Section(
    "paper",
    pages,
    nav=(NavItem(_("Паперові рецепти"), HOME, PHARMACY),),
    errors=KNOWN,
)
