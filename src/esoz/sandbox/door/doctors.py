"""The holder's doctor: looking for one, asking for a declaration, signing it, seeing it, ending it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.db import Page
from esoz.kernel.errors import Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused, whole

from . import printout
from .access import CentralSession, calling, signed_content
from .declarations import Declaration, as_signed
from .lists import paged
from .services import DoorPage, DoorPages
from .texts import explain

pages: DoorPages = DoorPages()

DOCTORS = "/api/stats/employees"
DECLARATIONS = "/api/pis/declarations"
REQUESTS = "/api/pis/declaration_requests"
WAITS, TAKEN = "NEW", "SIGNED"
LIVE = ("active", "pending_verification")  # with these the holder has chosen a doctor
PAGE_SIZE = 10
LONGEST_REASON = 1000  # as central takes it
# Who takes patients by a declaration.
SPECIALITIES: Sequence[tuple[str, str]] = (
    ("FAMILY_DOCTOR", _("Сімейний лікар: діти й дорослі")),
    ("THERAPIST", _("Терапевт: дорослі")),
    ("PEDIATRICIAN", _("Педіатр: діти до 18 років")),
)
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "active": (_("Чинна"), "green"),
    "pending_verification": (_("Перевіряють"), "yellow"),
    "terminated": (_("Припинена"), "grey"),
}
SIGNED = _("Декларацію підписано. Тепер у Вас є лікар.")
CANCELLED = _("Запит скасовано. Декларацію не підписано.")
ENDED = _("Декларацію припинено.")
TOO_LONG = _("Скоротіть причину до 1000 знаків.")
NOTHING_ACTIVE = _("Запит уже не чекає на Ваш підпис.")


async def current(central: CentralSession) -> Declaration | None:
    """The active declaration, else one that is verified still; None when the holder has no doctor."""
    for status in LIVE:
        found = (await central.get(DECLARATIONS, status=status, page=1, page_size=1)).rows()
        if found:
            return Declaration((await central.get(f"{DECLARATIONS}/{found[0]['id']}")).record())
    return None


@pages.add("GET /doctor", signed_in=True)
async def own(page: DoorPage) -> Response:
    central = await calling(page)
    waiting = (await whole(central, REQUESTS, status="new", channel="PIS")).rows()
    former = (await whole(central, DECLARATIONS, status="terminated")).rows()
    return page.render(
        "doctor_own.html", declaration=await current(central), waiting=waiting, former=former, words=STATUS_WORDS
    )


@pages.add("GET /doctors", signed_in=True)
async def search(page: DoorPage) -> Response:
    values = {name: page.query.get(name, "").strip()[:100] for name in ("name", "speciality", "settlement")}
    if values["speciality"] not in dict(SPECIALITIES):
        values["speciality"] = SPECIALITIES[0][0]
    asked = page.list_page(PAGE_SIZE)
    answer = await page.services.central.get(
        DOCTORS,
        full_name=values["name"] or None,
        speciality=values["speciality"],
        settlement=values["settlement"] or None,
        page=asked.number,
        page_size=asked.size,
    )
    last = Page(min(asked.number, max(answer.pages, 1)), asked.size)
    options = [(code, page.gettext(words)) for code, words in SPECIALITIES]
    return page.render("doctors.html", found=paged(answer, last), values=values, options=options)


@pages.add("GET /doctors/{id}", signed_in=True)
async def one(page: DoorPage) -> Response:
    return await _doctor(page, page.id())


async def _doctor(page: DoorPage, id: UUID, refused: CentralRefused | None = None) -> Response:
    doctor = (await page.services.central.get(f"{DOCTORS}/{id}")).record()
    return page.render(
        "doctor.html",
        status=422 if refused else 200,
        keep=False,
        doctor=doctor,
        refused=explain(refused) if refused else (),
        central_id=refused.request_id if refused else "",
    )


@pages.add("POST /doctors/{id}", signed_in=True)
async def ask(page: DoorPage) -> Response:
    """Ask central for a declaration with this doctor; what is to be signed is shown next."""
    central, doctor_id = await calling(page), page.id()
    doctor = (await page.services.central.get(f"{DOCTORS}/{doctor_id}")).record()
    body = {"employee_id": str(doctor_id), "division_id": doctor["division"]["id"]}
    try:
        made = (await central.post(REQUESTS, body, key=page.form.text("form_token"))).record()
    except CentralRefused as refused:
        return await _doctor(page, doctor_id, refused)
    return page.redirect(f"/declarations/requests/{made['id']}")


@pages.add("GET /declarations/requests/{id}", signed_in=True)
async def show(page: DoorPage) -> Response:
    """The text to be signed, in full."""
    request = await _request(page, await calling(page))
    if request["status"] != WAITS:
        page.flash(NOTHING_ACTIVE, "important")
        return page.redirect("/doctor")
    return _shown(page, request)


def _shown(
    page: DoorPage,
    request: Mapping[str, Any],
    refused: CentralRefused | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return page.render(
        "declaration_sign.html",
        status=422 if refused or errors else 200,
        keep=False,
        request=request,
        form_text=printout.shown(str(request["data_to_be_signed"]["content"])),
        text=_text(request),
        errors=errors or {},
        refused=explain(refused) if refused else (),
        central_id=refused.request_id if refused else "",
    )


def _text(request: Mapping[str, Any]) -> str:
    """What is signed: the very text that the page shows."""
    return json.dumps(as_signed(request["data_to_be_signed"]), ensure_ascii=False, indent=1)


async def _request(page: DoorPage, central: CentralSession) -> Mapping[str, Any]:
    return (await central.get(f"{REQUESTS}/{page.id()}")).record()


@pages.add("POST /declarations/requests/{id}", signed_in=True)
async def sign(page: DoorPage) -> Response:
    central = await calling(page)
    request = await _request(page, central)
    if request["status"] not in (WAITS, TAKEN):
        page.flash(NOTHING_ACTIVE, "important")
        return page.redirect("/doctor")
    if request["status"] == WAITS:
        try:
            document = await page.services.sign(page, _text(request).encode())
        except Rejected as fault:
            return _shown(page, request, errors=faults(fault))
        if refused := await _refusal(page, central, request, document):
            return _shown(page, request, refused)
    page.flash(SIGNED)
    return page.redirect("/doctor")


async def _refusal(
    page: DoorPage, central: CentralSession, request: Mapping[str, Any], document: bytes
) -> CentralRefused | None:
    """What central has against the signed request; nothing when it has taken it, now or before."""
    try:
        await central.patch(f"{REQUESTS}/{request['id']}/actions/sign", signed_content(document))
    except CentralRefused as refused:
        # Else an earlier answer was lost on its way, and all is done.
        return refused if (await _request(page, central))["status"] != TAKEN else None
    return None


@pages.add("POST /declarations/requests/{id}/cancel", signed_in=True)
async def cancel(page: DoorPage) -> Response:
    await (await calling(page)).patch(f"{REQUESTS}/{page.id()}/actions/reject", {})
    page.flash(CANCELLED, "important")
    return page.redirect("/doctor")


@pages.add("GET /declarations/{id}/end", signed_in=True)
async def end_form(page: DoorPage) -> Response:
    return _end_form(page, await _own_declaration(page), {})


def _end_form(page: DoorPage, declaration: Declaration, errors: Mapping[str, str]) -> Response:
    return page.render(
        "declaration_end.html",
        status=422 if errors else 200,
        keep=False,
        declaration=declaration,
        errors=errors,
        values=page.form.values(),
    )


async def _own_declaration(page: DoorPage) -> Declaration:
    return Declaration((await (await calling(page)).get(f"{DECLARATIONS}/{page.id()}")).record())


@pages.add("POST /declarations/{id}/end", signed_in=True)
async def end(page: DoorPage) -> Response:
    reason = page.form.text("reason")
    if len(reason) > LONGEST_REASON:
        return _end_form(page, await _own_declaration(page), {"reason": TOO_LONG})
    body = {"reason_description": reason} if reason else {}
    await (await calling(page)).patch(
        f"{DECLARATIONS}/{page.id()}/actions/terminate", body, key=page.form.text("form_token")
    )
    page.flash(ENDED)
    return page.redirect("/doctor")
