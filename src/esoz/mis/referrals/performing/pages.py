"""Pages of who answers referrals: the search by number, the lists, one that was taken."""

from collections.abc import Mapping
from string import digits
from typing import Any

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL, holders
from esoz.mis.link.errors import explain
from esoz.sdk import CentralRefused

from ..writing import CATEGORY_WORDS, PRIORITIES, STATUSES, Way, status_tag
from . import commands, model, queries

pages: MisPages = MisPages()

HOME = "/referrals"
PERFORMING = holders("service_request:complete") & holders("service_request:use")
SEEING = PERFORMING | (MEDICAL & holders("service_request:read"))
NO_NUMBER = _("Введіть номер направлення: 16 цифр.")
NOTHING = _("Направлення з таким номером немає. Перевірте номер.")
NO_ANSWER = _("Оберіть запис, яким виконано направлення, або причину, чому запису немає.")
ASKED = {
    model.USE: _("Направлення береться в роботу."),
    model.RELEASE: _("Направлення повертається пацієнтові."),
    model.COMPLETE: _("Направлення завершується."),
}
# Words of what the lists know beside central's statuses.
STATES = {**STATUSES, "released": (_("Повернено"), "grey"), "refused": (_("Не взято"), "red")}


@pages.add(f"GET {HOME}", roles=SEEING)
async def home(page: MisPage) -> Response:
    return await _home(page, {})


async def _home(page: MisPage, errors: Mapping[str, str]) -> Response:
    way = Way.SENT if page.query.get("way") == Way.SENT else Way.TAKEN
    text = page.query.get("text", "").strip()[:100]
    values = {"number": page.query.get("number", "").strip()[:60], "text": text, "way": str(way)}
    return page.render(
        "referrals/home.html",
        status=422 if errors else 200,
        keep=False,
        found=await queries.rows(page, way, text, own=way is Way.SENT),
        way=way,
        values=values,
        errors=errors,
        states=STATES,
    )


@pages.add(f"GET {HOME}/found", roles=SEEING)
async def find(page: MisPage) -> Response:
    """By the number that was typed, or read from the bars of the paper."""
    number = page.query.get("number", "").strip()[:60]
    if sum(each in digits for each in number) != 16:
        return await _home(page, {"number": NO_NUMBER})
    request = await queries.by_number(page, number)
    return await _home(page, {"number": NOTHING}) if request is None else await _found(page, request)


async def _found(page: MisPage, request: Mapping[str, Any], refused: CentralRefused | None = None) -> Response:
    reason = await queries.verdict(page, request)
    explained = page.services.explanations.of(CentralRefused(422, "validation_failed", reason, [], ""))
    return page.render(
        "referrals/found.html",
        status=422 if refused else 200,
        keep=False,
        request=request,
        patient_name=model.called(request["identity"]),
        tag=status_tag(request),
        may_take=model.is_free(request) and bool(page.user.roles & PERFORMING),
        not_paid=explained[0] if reason else None,
        categories=CATEGORY_WORDS,
        priorities=PRIORITIES,
        refused=explain(page, refused) if refused else [],
    )


@pages.add(f"POST {HOME}/found", roles=PERFORMING)
async def take(page: MisPage) -> Response:
    number = page.form.text("number").strip()[:60]
    request = await queries.by_number(page, number)
    if request is None:
        return page.redirect(HOME)
    try:
        row = await commands.take(page, request)
    except CentralRefused as refused:
        return await _found(page, request, refused)
    return page.redirect(f"{HOME}/{row.id}")


@pages.add(f"GET {HOME}/{{id}}", roles=SEEING)
async def one(page: MisPage) -> Response:
    return await _one(page, {}, {})


async def _one(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    row, refused = await queries.settled(page, await queries.taken(page, page.id(), lock=True))
    request = None if row.act else await queries.one(page, row)
    is_ours = request is not None and _user(request) == str(page.user.work.clinic_id)
    may_act = is_ours and request is not None and request["status"] in ("active", "in_progress")
    may_act = may_act and bool(page.user.roles & PERFORMING)
    return page.render(
        "referrals/taken.html",
        status=422 if errors else 200,
        keep=True,
        row=row,
        request=request if is_ours else None,
        asked=ASKED.get(row.act, ""),
        tag_of=status_tag(request) if request is not None and is_ours else STATES.get(row.status, STATES["refused"]),
        may_act=may_act,
        answers=[(each.value, each.words) for each in await queries.answers(page, row)] if may_act else [],
        reasons=page.services.dictionaries.choices(model.COMPLETE_REASONS),
        categories=CATEGORY_WORDS,
        priorities=PRIORITIES,
        values=values,
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


def _user(request: Mapping[str, Any]) -> str:
    user = request.get("used_by_legal_entity") or {}
    return str((user.get("identifier") or {}).get("value") or "")


@pages.add(f"POST {HOME}/{{id}}/release", roles=PERFORMING)
async def release(page: MisPage) -> Response:
    row = await queries.taken(page, page.id(), lock=True)
    if not row.act:
        await commands.release(page, row)
    return page.redirect(f"{HOME}/{row.id}")


@pages.add(f"POST {HOME}/{{id}}/complete", roles=PERFORMING)
async def complete(page: MisPage) -> Response:
    values = {name: page.form.text(name) for name in ("answer", "reason")}
    row = await queries.taken(page, page.id(), lock=True)
    if row.act:
        return page.redirect(f"{HOME}/{row.id}")
    known = {each.value for each in await queries.answers(page, row)}
    reasons = dict(page.services.dictionaries.choices(model.COMPLETE_REASONS))
    answer = values["answer"] if values["answer"] in known else ""
    reason = values["reason"] if values["reason"] in reasons else ""
    if not answer and not reason:
        return await _one(page, values, {"answer": NO_ANSWER})
    await commands.complete(page, row, answer, reason)
    return page.redirect(f"{HOME}/{row.id}")


section = Section("referrals_taken", pages, nav=(NavItem(_("Направлення"), HOME, SEEING),))
