"""Pages of the pharmacy in a territory of war: write down, sign, the journal, a mistake."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.quantities import unit_of
from esoz.mis.base import tables
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import PHARMACY
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain, field_faults
from esoz.sdk import CentralRefused

from . import commands, forms, queries, store
from .model import LINES, REASONS, STATUSES, Prepared
from .store import UNSIGNED_FOR
from .texts import CANCELLED, FORGOTTEN, KNOWN, NOT_SENT

pages: MisPages = MisPages()

HOME = "/emergency"
DISPENSING = frozenset({"PHARMACIST"})  # the scopes medication_dispense:write and :reject
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


@pages.add(f"GET {HOME}", roles=PHARMACY)
async def journal(page: MisPage) -> Response:
    values = _wanted(page)
    found = await queries.journal(page, values)
    waiting = await store.waiting(page.db, page.user.work.clinic_id, page.now - UNSIGNED_FOR)
    return page.render(
        "emergency/journal.html",
        found=found,
        values=values,
        statuses=STATUSES,
        waiting=waiting if page.user.roles & DISPENSING else (),
        may_dispense=bool(page.user.roles & DISPENSING),
    )


def _wanted(page: MisPage) -> dict[str, str]:
    """The filters as the address has them; what is no day and no status asks for nothing."""
    status = page.query.get("status", "")
    return {
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
    """The journal as it is shown, whole."""
    answer = await queries.all_of(page, _wanted(page))
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
    found = await queries.search(page, page.query.get("q", ""))
    return page.json([{"value": str(each.id), "text": each.label} for each in found])


@pages.add(f"GET {HOME}/new", roles=DISPENSING)
async def new(page: MisPage) -> Response:
    """An empty form; or the one of before, when what was signed was refused."""
    values = {"dispensed_at": page.today.isoformat(), "division": str(page.user.work.division_id or "")}
    earlier = await _earlier(page)
    return await _form(page, dict(earlier.form) if earlier else values, {})


async def _earlier(page: MisPage) -> Prepared | None:
    """What `?again=` names, of this pharmacy."""
    try:
        id = UUID(page.query.get("again", ""))
    except ValueError:
        return None
    return await store.find(page.db, id, page.user.work.clinic_id)


@pages.add(f"POST {HOME}/new", roles=DISPENSING)
async def prepare(page: MisPage) -> Response:
    values = page.form.values()
    if page.form.text("find"):
        return await _form(page, values, {}, find=page.form.text("find"))
    central = await calling(page)
    known = await queries.packages(central, forms.chosen(values))
    divisions = await queries.divisions(page, central)
    entry, errors = forms.read(values, known, dict(divisions), page.today)
    if entry is None:
        return await _form(page, values, errors)
    prepared = await commands.prepare(page, entry, _typed(values), dict(divisions)[str(entry.division_id)])
    return page.redirect(f"{HOME}/{prepared.id}/sign")


def _typed(values: Mapping[str, str]) -> dict[str, str]:
    """What was typed, to be mended later: nothing of the form's own workings."""
    return {name: value for name, value in values.items() if name not in ("csrf", "form_token", "find")}


async def _form(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], *, find: str = "") -> Response:
    found = await queries.search(page, values.get(f"{find}_text", "")) if find else []
    options = {find: [(str(each.id), each.label) for each in found]} if find else {}
    return page.render(
        "emergency/new.html",
        status=422 if errors else 200,
        keep=False,
        values=values,
        errors=errors,
        options=options,
        divisions=await queries.divisions(page, await calling(page)),
        lines=range(1, LINES + 1),
        reasons=REASONS,
    )


@pages.add(f"GET {HOME}/{{id}}/sign", roles=DISPENSING)
async def to_sign(page: MisPage) -> Response:
    prepared = await store.find(page.db, page.id(), page.user.work.clinic_id)
    return _sign(page, prepared, {}) if prepared else page.redirect(f"{HOME}/{page.id()}")


def _sign(
    page: MisPage, prepared: Prepared, errors: Mapping[str, str], refused: CentralRefused | None = None
) -> Response:
    """The text to be signed in full, and the signature."""
    return page.render(
        "emergency/sign.html",
        status=422 if errors or refused else 200,
        keep=False,
        prepared=prepared,
        document=prepared.document,
        day=date.fromisoformat(prepared.document["dispensed_at"]),
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


@pages.add(f"POST {HOME}/{{id}}/sign", roles=DISPENSING)
async def sign(page: MisPage) -> Response:
    prepared = await store.find(page.db, page.id(), page.user.work.clinic_id, lock=True)
    if prepared is None or prepared.signed is not None:
        return page.redirect(f"{HOME}/{page.id()}" if prepared is None else f"{HOME}/{page.id()}/sign")
    try:
        signed = await receive_signed(page, prepared.content)
        done = await commands.sign(page, prepared, signed)
    except Rejected as problem:
        return _sign(page, prepared, faults(problem))
    except CentralRefused as refused:
        return _sign(page, prepared, {}, refused)
    return _after(page, done)


def _after(page: MisPage, done: bool) -> Response:
    if not done:
        page.flash(NOT_SENT, "important")
    return page.redirect(f"{HOME}/{page.id()}" if done else f"{HOME}/{page.id()}/sign")


@pages.add(f"POST {HOME}/{{id}}/send", roles=DISPENSING)
async def send_again(page: MisPage) -> Response:
    """After a lost answer: central is given the same signed document, which it takes once."""
    prepared = await store.find(page.db, page.id(), page.user.work.clinic_id, lock=True)
    if prepared is None or prepared.signed is None:
        return page.redirect(f"{HOME}/{page.id()}")
    try:
        return _after(page, await commands.send(page, prepared))
    except CentralRefused as refused:
        return _sign(page, prepared, {}, refused)


@pages.add(f"POST {HOME}/{{id}}/forget", roles=DISPENSING)
async def forget(page: MisPage) -> Response:
    prepared = await store.find(page.db, page.id(), page.user.work.clinic_id, lock=True)
    if prepared is not None:
        await commands.forget(page, prepared.id)
        page.flash(FORGOTTEN)
    return page.redirect(HOME)


@pages.add(f"GET {HOME}/{{id}}", roles=PHARMACY)
async def one(page: MisPage) -> Response:
    return await _one(page, {}, {})


async def _one(
    page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], refused: CentralRefused | None = None
) -> Response:
    found = await queries.one(page, page.id())
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
    reason = page.form.text("error_reason").strip()
    if not 5 <= len(reason) <= forms.LONGEST:
        return await _one(page, page.form.values(), {"error_reason": forms.SAY_REASON})
    try:
        await commands.cancel(page, page.id(), reason)
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
    errors=KNOWN,
)
