"""The pages that every way of handing over has: signing, sending again, giving up; filters of a journal."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.errors import explain
from esoz.sdk import CentralRefused

from . import commands, store
from .forms import REASON
from .model import Prepared, Way

DISPENSING = frozenset({"PHARMACIST"})  # the scopes medication_dispense:write and :reject


def add_signing(pages: MisPages, way: Way) -> None:
    """The pages on which documents of a way are signed."""
    steps = {"GET {}/sign": to_sign, "POST {}/sign": sign, "POST {}/send": send_again, "POST {}/forget": forget}
    for route, step in steps.items():
        pages.add(route.format(f"{way.documents}/{{id}}"), roles=DISPENSING)(partial(step, way))


async def _found(page: MisPage, way: Way, *, lock: bool = False) -> Prepared | None:
    return await store.find(page.db, way.kind, page.id(), page.user.work.clinic_id, lock=lock)


async def to_sign(way: Way, page: MisPage) -> Response:
    prepared = await _found(page, way)
    return _sign(page, way, prepared, {}) if prepared else page.redirect(way.settled(page.id()))


def _sign(
    page: MisPage,
    way: Way,
    prepared: Prepared,
    errors: Mapping[str, str],
    refused: CentralRefused | None = None,
    *,
    keep: bool = False,
) -> Response:
    """The text to be signed in full, and the signature."""
    return page.render(
        "handover/sign.html",
        status=422 if errors or refused else 200,
        keep=keep,
        way=way,
        prepared=prepared,
        rows=way.rows(prepared),
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


async def sign(way: Way, page: MisPage) -> Response:
    prepared = await _found(page, way, lock=True)
    if prepared is None or prepared.signed is not None:
        here = f"{way.documents}/{page.id()}/sign"
        return page.redirect(here if prepared else way.settled(page.id()))
    try:
        signed = await receive_signed(page, prepared.content)
        done = await commands.sign(page, way, prepared, signed)
    except Rejected as problem:
        return _sign(page, way, prepared, faults(problem))
    except CentralRefused as refused:
        return _sign(page, way, prepared, {}, refused)
    return _after(page, way, prepared, done)


def _after(page: MisPage, way: Way, prepared: Prepared, done: bool) -> Response:
    if not done:
        page.flash(way.words.not_sent, "important")
        return page.redirect(f"{way.documents}/{prepared.id}/sign")
    if way.words.done:
        page.flash(way.words.done)
    return page.redirect(way.after(prepared))


async def send_again(way: Way, page: MisPage) -> Response:
    """After a lost answer: central is given the same signed document, which it takes once."""
    prepared = await _found(page, way, lock=True)
    if prepared is None or prepared.signed is None:
        return page.redirect(way.settled(page.id()))
    try:
        return _after(page, way, prepared, await commands.send(page, way, prepared))
    except CentralRefused as refused:
        return _sign(page, way, replace(prepared, signed=None), {}, refused, keep=True)


async def forget(way: Way, page: MisPage) -> Response:
    prepared = await _found(page, way, lock=True)
    if prepared is None:
        return page.redirect(way.home)
    if not await commands.forget(page, prepared):
        page.flash(way.words.unanswered, "important")
        return page.redirect(f"{way.documents}/{prepared.id}/sign")
    if way.words.forgotten:
        page.flash(way.words.forgotten)
    return page.redirect(way.home if prepared.about_id == prepared.id else way.after(prepared))


def wanted(page: MisPage, choices: Mapping[str, Collection[str]], **longest: int) -> dict[str, str]:
    """Filters as the address has them: texts of so many signs, choices, days; what is none of them asks for nothing."""
    texts = {name: page.query.get(name, "").strip()[:most] for name, most in longest.items()}
    picked = {name: page.query.get(name, "") for name in choices}
    chosen = {name: value if value in choices[name] else "" for name, value in picked.items()}
    return texts | chosen | {name: _day(page.query.get(name, "")) for name in ("from", "to")}


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def reason_of(page: MisPage) -> str | None:
    """Why something was a mistake; None when it says too little, or too much."""
    reason, (least, most) = page.form.text("error_reason").strip(), REASON
    return reason if least <= len(reason) <= most else None


def id_of(text: str) -> UUID:
    """An id that a form brings. Raises NotFound when it is none."""
    try:
        return UUID(text)
    except ValueError as fault:
        raise NotFound() from fault
