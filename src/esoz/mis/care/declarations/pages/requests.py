"""A request on its way: the patient confirms, the doctor signs; or it is withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from esoz.kernel.errors import Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain
from esoz.sdk import CentralBusy, CentralRefused, CentralUnavailable

from .. import commands, queries, wire
from ..forms import field_of_scan, read_code, read_scans
from ..model import REQUEST_STATUSES, Doctor, Event, Request, Standing, is_open, next_step, read_form
from .printing import as_answer
from .registry import APPROVING, READING, REJECTING, SEEING, SIGNING, pages

RESENT = _("Новий код надіслано. Попередній більше не діє.")
APPROVED = _("Пацієнт підтвердив вибір. Тепер декларацію підписує лікар.")
WITHDRAWN = _("Запит відкликано.")
NOT_KNOWN = _("ЕСОЗ не відповіла. Нижче – стан запиту, щойно вона відповість: підписане двічі дає одну декларацію.")
MISSING = _("Додайте цей скан.")
SESSION_KEY = "sent_scans"
ADMIN = "ADMIN"
ROOT = "/declarations/requests/{id}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with what came: by field, or central's refusal."""

    errors: Mapping[str, str] = field(default_factory=dict)
    refused: CentralRefused | None = None
    values: Mapping[str, str] = field(default_factory=dict)


NO_TROUBLE = Trouble()


@pages.add(f"GET {ROOT}", roles=SEEING)
async def show(page: MisPage) -> Response:
    return await _page(page, await queries.request(page, page.id()))


async def _page(page: MisPage, request: Request, trouble: Trouble = NO_TROUBLE) -> Response:
    """The page of the step that is to be done now."""
    step = next_step(request)
    central = await calling(page)
    refused = trouble.refused
    return page.render(
        f"declarations/{step or 'over'}.html",
        status=422 if trouble.errors or refused else 200,
        keep=True,  # what was sent to central before the refusal is told of by its line
        request=request,
        patient=await queries.patient_of(page, request),
        doctor=await _doctor(page, request),
        standing=await queries.standing(page, central, request.patient_id) if is_open(request.status) else Standing(),
        errors=trouble.errors,
        values=trouble.values,
        refused=explain(page, refused) if refused else [],
        statuses=REQUEST_STATUSES,
        **_of_step(page, request, step),
        **await _of_declaration(page, request),
    )


def _of_step(page: MisPage, request: Request, step: str) -> dict[str, Any]:
    """What the step's own page shows."""
    sent = _sent(page, request)
    return {
        "may_approve": bool(page.user.roles & APPROVING),
        "may_reject": bool(page.user.roles & REJECTING),
        "may_sign": _may_sign(page, request),
        "scans": [(field_of_scan(number), scan, scan.type in sent) for number, scan in enumerate(request.scans, 1)],
        "printed": read_form(str(request.document.get("content") or "")),
        "content": wire.to_be_signed(request.document) if step == "sign" else b"",
    }


async def _of_declaration(page: MisPage, request: Request) -> dict[str, Any]:
    """The declaration that came of it, for who may read it."""
    if request.status != "SIGNED" or request.declaration_id is None or page.user.roles.isdisjoint(READING):
        return {"declared": None}
    return {"declared": await queries.declared(page, request.declaration_id)}


async def _doctor(page: MisPage, request: Request) -> Doctor | None:
    found = await queries.doctors(page, await calling(page))
    return next((each for each in found if each.employee_id == request.employee_id), None)


def _may_sign(page: MisPage, request: Request) -> bool:
    """The doctor who was chosen signs, or an administrator of the clinic."""
    return request.employee_id in page.user.employees or ADMIN in page.user.roles


@pages.add(f"POST {ROOT}/confirm", roles=APPROVING)
async def confirm(page: MisPage) -> Response:
    """The patient's code, or the scans of the patient's papers, or both (DC-15, DC-16)."""
    request = await queries.request(page, page.id())
    if next_step(request) != "confirm":
        return page.redirect(request.path)
    scans, errors = read_scans(request.scans, page.form.files)
    code, fault = read_code(page.form.text("code")) if request.by_code else (None, "")
    values = {"code": page.form.text("code")}
    if errors:
        return await _page(page, request, Trouble(errors, values=values))
    try:
        await commands.send_scans(page, request, scans.values())
        _note_sent(page, request, [scan.type for scan, _content in scans.values()])
        if fault:
            return await _page(page, request, Trouble({"code": fault}, values=values))
        await commands.approve(page, request, code)
    except CentralRefused as refused:
        return await _page(page, request, _trouble(request, refused, values))
    page.flash(APPROVED)
    return page.redirect(request.path)


def _trouble(request: Request, refused: CentralRefused, values: Mapping[str, str]) -> Trouble:
    """Central's refusal; scans that it misses are told at their fields."""
    missing = wire.missing_of(refused.message)
    errors = {field_of_scan(number): MISSING for number, scan in enumerate(request.scans, 1) if scan.type in missing}
    return Trouble(errors, None if errors else refused, values)


def _sent(page: MisPage, request: Request) -> set[str]:
    kept = page.session.data.get(SESSION_KEY)
    return set(kept.get(str(request.id), ())) if isinstance(kept, dict) else set()


def _note_sent(page: MisPage, request: Request, types: list[str]) -> None:
    """Remember for the page which scans have gone; central itself does not tell before it misses one."""
    if types:
        page.session.put(SESSION_KEY, {str(request.id): sorted({*_sent(page, request), *types})})


@pages.add(f"POST {ROOT}/resend", roles=APPROVING)
async def resend(page: MisPage) -> Response:
    request = await queries.request(page, page.id())
    try:
        await commands.resend(page, request)
    except CentralBusy as busy:
        [told] = explain(page, busy)
        page.flash(f"{told.told(page.gettext)} {told.filled(page.gettext(told.advice))}", "important")
    else:
        page.flash(RESENT)
    return page.redirect(request.path)


@pages.add(f"GET {ROOT}/withdraw", roles=REJECTING)
async def ask_withdraw(page: MisPage) -> Response:
    request = await queries.request(page, page.id())
    if not is_open(request.status):
        return page.redirect(request.path)
    return page.render(
        "declarations/withdraw.html",
        request=request,
        patient=await queries.patient_of(page, request),
        doctor=await _doctor(page, request),
    )


@pages.add(f"POST {ROOT}/withdraw", roles=REJECTING)
async def withdraw(page: MisPage) -> Response:
    request = await queries.request(page, page.id())
    await commands.withdraw(page, request)
    page.flash(WITHDRAWN)
    return page.redirect(request.path)


@pages.add(f"POST {ROOT}/sign", roles=SIGNING)
async def sign(page: MisPage) -> Response:
    request = await queries.request(page, page.id())
    if next_step(request) != "sign":
        return page.redirect(request.path)
    try:
        signed = await receive_signed(page, wire.to_be_signed(request.document))
        await commands.sign(page, request, signed)
    except Rejected as problem:
        return await _page(page, request, Trouble(faults(problem)))
    except CentralRefused as refused:
        return await _page(page, request, Trouble(refused=refused))
    except CentralUnavailable:
        page.flash(NOT_KNOWN, "important")
        return page.redirect(request.path)
    return page.redirect(request.path)


@pages.add(f"GET {ROOT}/form.pdf", roles=SEEING)
async def printed(page: MisPage) -> Response:
    """The form on paper, as the patient reads and signs it."""
    request = await queries.request(page, page.id())
    content = str(request.document.get("content") or "")
    if not content:
        return page.redirect(request.path)
    await record(page, Event.PRINTED, request.id, patient_id=request.patient_id)
    return await as_answer(content, request.number)
