"""The holder changes their own data: contacts as typed, the address as the registers know it; signed, taken at once.

Names and papers are not changed here: central wants scans of them, which no register hands over.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from esoz.kernel.errors import Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading
from esoz.sdk import CentralRefused

from . import printout
from .access import CentralSession, calling, signed_content
from .fields import NO_NAME, NO_SURNAME, name_of, phone_of
from .services import DoorPage, DoorPages
from .texts import explain

pages: DoorPages = DoorPages()

PERSON, REQUESTS, TRUSTED = "/api/pis/person", "/api/pis/person_requests", "/api/pis/trusted/person_requests"
NOT_TOLD = ("id", "verification")  # of a record, when it is told anew
WAITS, TAKEN = "APPROVED", "SIGNED"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")

WRONG_EMAIL = _("Перевірте адресу електронної пошти, наприклад name@example.com.")
UNCHANGED = _("Ви нічого не змінили.")
CHANGED = _("Дані змінено.")
CANCELLED = _("Зміну скасовано. Дані лишилися, як були.")
OVER = _("Ця зміна вже не чекає на Ваш підпис.")


@pages.add("GET /person/change", signed_in=True)
async def change_form(page: DoorPage) -> Response:
    person = (await (await calling(page)).get(PERSON)).record()
    return _form(page, person, _as_typed(person), {})


def _form(
    page: DoorPage,
    person: Mapping[str, Any],
    values: Mapping[str, str],
    errors: Mapping[str, str],
    refused: CentralRefused | None = None,
) -> Response:
    status = 422 if errors or refused else 200
    address = page.user.papers["address"] if page.user.papers else None
    shown = {"person": person, "values": values, "errors": errors}
    return page.render(
        "person_change.html",
        status=status,
        keep=False,
        address=None if _lives_there(person, address) else address,
        refused=explain(refused) if refused else (),
        central_id=refused.request_id if refused else "",
        **shown,
    )


def _as_typed(person: Mapping[str, Any]) -> dict[str, str]:
    """The record as the form shows it first."""
    other = person["emergency_contact"]
    return {
        "phone": _mobile(person),
        "email": str(person.get("email") or ""),
        "last_name": str(other["last_name"]),
        "first_name": str(other["first_name"]),
        "other_phone": str(other["phones"][0]["number"]) if other["phones"] else "",
    }


def _mobile(person: Mapping[str, Any]) -> str:
    return next((str(each["number"]) for each in person.get("phones") or () if each["type"] == "MOBILE"), "")


def _lives_there(person: Mapping[str, Any], address: Mapping[str, Any] | None) -> bool:
    """Whether the record has the address of the papers already, or the papers have none."""
    return address is None or any(
        all(each.get(name) == value for name, value in address.items()) for each in person["addresses"]
    )


@pages.add("POST /person/change", signed_in=True)
async def change(page: DoorPage) -> Response:
    """Write the change down in central; what is to be signed is shown next."""
    central = await calling(page)
    person = (await central.get(PERSON)).record()
    form = Reading(page.form.values())
    told = {
        "phone": phone_of(form, "phone"),
        "email": form.typed("email"),
        "last_name": name_of(form, "last_name", NO_SURNAME),
        "first_name": name_of(form, "first_name", NO_NAME),
        "other_phone": phone_of(form, "other_phone"),
    }
    if told["email"] and (_EMAIL.fullmatch(told["email"]) is None or len(told["email"]) > 255):
        form.fault("email", WRONG_EMAIL)
    papers = page.user.papers if form.tick("address") else None
    changed = changed_person(person, told, papers["address"] if papers else None)
    if not form.faults and changed == _told_anew(person):
        form.fault("phone", UNCHANGED)
    if form.faults:
        return _form(page, person, page.form.values(), form.faults)
    body = {"person": changed, "patient_signed": True, "process_disclosure_data_consent": True}
    try:
        made = (await central.post(TRUSTED, body, key=page.form.text("form_token"))).record()
    except CentralRefused as refused:
        return _form(page, person, page.form.values(), {}, refused)
    return page.redirect(f"/person/requests/{made['id']}")


def _told_anew(person: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in person.items() if name not in NOT_TOLD and value is not None}


def changed_person(
    person: Mapping[str, Any], told: Mapping[str, str], address: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The whole record with what was typed in its place: what is not told would be forgotten."""
    record = _told_anew(person)
    kept = [each for each in person.get("phones") or () if each["type"] != "MOBILE"]
    other = person["emergency_contact"]
    names = {name: told[name] for name in ("last_name", "first_name")}
    is_same = all(other[name] == value for name, value in names.items())
    call = [{"type": "MOBILE", "number": told["other_phone"]}, *other["phones"][1:]]
    record["phones"] = [{"type": "MOBILE", "number": told["phone"]}, *kept]
    record["emergency_contact"] = (dict(other) if is_same else names) | {"phones": call}
    record.pop("email", None)
    if told["email"]:
        record["email"] = told["email"]
    if address is not None:
        others = [each for each in person["addresses"] if each["type"] != address["type"]]
        record["addresses"] = [dict(address), *others]
    return record


@pages.add("GET /person/requests/{id}", signed_in=True)
async def read(page: DoorPage) -> Response:
    """The text to be signed, in full."""
    request = await _request(page, await calling(page))
    if request["status"] != WAITS:
        page.flash(OVER, "important")
        return page.redirect("/person")
    return _shown(page, request)


async def _request(page: DoorPage, central: CentralSession) -> Mapping[str, Any]:
    return (await central.get(f"{REQUESTS}/{page.id()}")).record()


def _text(request: Mapping[str, Any]) -> str:
    """What is signed: the very text that the page shows."""
    return json.dumps(request, ensure_ascii=False, indent=1)


def _shown(
    page: DoorPage,
    request: Mapping[str, Any],
    refused: CentralRefused | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return page.render(
        "person_sign.html",
        status=422 if refused or errors else 200,
        keep=False,
        request=request,
        form_text=printout.shown(str(request.get("content") or "")),
        text=_text(request),
        errors=errors or {},
        refused=explain(refused) if refused else (),
        central_id=refused.request_id if refused else "",
    )


@pages.add("POST /person/requests/{id}", signed_in=True)
async def sign(page: DoorPage) -> Response:
    central = await calling(page)
    request = await _request(page, central)
    if request["status"] not in (WAITS, TAKEN):
        page.flash(OVER, "important")
        return page.redirect("/person")
    try:
        document = await page.services.sign(page, _text(request).encode())
    except Rejected as fault:
        return _shown(page, request, errors=faults(fault))
    try:
        await central.patch(f"{REQUESTS}/{request['id']}/actions/complete", signed_content(document))
    except CentralRefused as refused:
        if (await _request(page, central))["status"] != TAKEN:  # else an earlier answer was lost, and all is done
            return _shown(page, request, refused)
    page.flash(CHANGED)
    return page.redirect("/person")


@pages.add("POST /person/requests/{id}/cancel", signed_in=True)
async def cancel(page: DoorPage) -> Response:
    await (await calling(page)).patch(f"{REQUESTS}/{page.id()}/actions/reject", {})
    page.flash(CANCELLED, "important")
    return page.redirect("/person")
