"""Pages of a change: what is changed, the scans and the signature, the history."""

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from esoz.kernel import signing
from esoz.kernel.db import Paged
from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused

from ..access import calling, connected, encoded
from ..doctors.queries import forget_me
from ..errors import explain, explain_of_child
from ..journal import record
from ..registration import commands as places
from ..registration import forms
from ..registration.pages import found_places, place_of
from ..services import CabinetPage, CabinetPages
from .model import NO_SCAN, STATUS_WORDS, Event, Part, changed, holder_of, is_child, is_scan, to_be_signed, values_of

pages: CabinetPages = CabinetPages()

PATH = "/api/pis/person_requests"
PAGE_SIZE = 10
SCANNED = _("Знімок отримано.")
CHANGED = _("Дані змінено.")
GIVEN_UP = _("Зміну скасовано. Дані лишилися, як були.")
REGISTERED = _("Дитину зареєстровано в ЕСОЗ. Відкрийте її дані, щоб обрати лікаря.")
NOT_REGISTERED = _("Дитину не зареєстровано. Введене ЕСОЗ забуде за 30 днів.")
OLD_PAGE = _("Сторінка застаріла. Перевірте дані й підпишіть ще раз.")
WAITING = "APPROVED"

Values = Mapping[str, str]


@pages.add("GET /person/changes", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    part, central = page.list_page(PAGE_SIZE), await calling(page)
    answer = await central.get(PATH, page=part.number, page_size=part.size)
    await record(page, Event.LISTED)
    found = Paged(answer.rows(), part.within(answer.total), answer.total)
    return page.render("changes/changes.html", found=found, status_words=STATUS_WORDS)


@pages.add("GET /person/changes/{id}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    await record(page, Event.READ, page.id())
    return await _request(page)


@pages.add("POST /person/changes/{id}/scan", signed_in=True)
async def scan(page: CabinetPage) -> Response:
    """One page of one document, to central's link; the link is asked for anew and never comes from the form."""
    answer = await (await calling(page)).get(f"{PATH}/{page.id()}")
    type, file = page.form.text("type"), page.form.file("scan")
    link = next((each["url"] for each in _documents(answer.urgent) if each["type"] == type), None)
    if link is None:
        raise NotFound()
    field = f"scan-{type}"
    if file is None or not is_scan(file.content):
        return await _request(page, {field: NO_SCAN})
    _client, central = await connected(page)
    try:
        await central.upload(link, file.content)
    except CentralRefused as refused:
        return await _request(page, {field: explain(refused)[0].text})
    await record(page, Event.SCANNED, page.id())
    page.flash(SCANNED)
    return page.redirect(f"/person/changes/{page.id()}")


@pages.add("POST /person/changes/{id}/sign", signed_in=True)
async def sign(page: CabinetPage) -> Response:
    central = await calling(page)
    request = (await central.get(f"{PATH}/{page.id()}")).record()
    content = to_be_signed(request)
    try:
        if _posted(page) != content:
            return await _request(page, {"signed_file": OLD_PAGE})
        document = encoded((await signing.receive(page, [content]))[0])
    except Rejected as fault:
        return await _request(page, faults(fault))
    body = {"signed_content": document, "signed_content_encoding": "base64"}
    try:
        await central.patch(f"{PATH}/{page.id()}/actions/complete", body)
    except CentralRefused as refused:
        return await _request(page, refused=refused)
    await record(page, Event.SIGNED, page.id())
    if is_child(request):
        page.flash(REGISTERED)
        return page.redirect("/family")
    forget_me(page)
    page.flash(CHANGED)
    return page.redirect("/person")


def _posted(page: CabinetPage) -> bytes:
    try:
        return base64.b64decode(page.form.text("content"), validate=True)
    except ValueError:
        return b""


@pages.add("POST /person/changes/{id}/give-up", signed_in=True)
async def give_up(page: CabinetPage) -> Response:
    given_up = await (await calling(page)).patch(f"{PATH}/{page.id()}/actions/reject")
    await record(page, Event.GIVEN_UP, page.id())
    if is_child(given_up.record()):
        page.flash(NOT_REGISTERED)
        return page.redirect("/family")
    page.flash(GIVEN_UP)
    return page.redirect("/person")


@pages.add("GET /person/settlements", signed_in=True)
async def settlements(page: CabinetPage) -> Response:
    """What the picker of places asks for."""
    return page.json([{"value": id, "text": text} for id, text in await found_places(page, page.query.get("q", ""))])


@pages.add("GET /person/change/{part}", signed_in=True)
async def form(page: CabinetPage) -> Response:
    part, person = _part(page), await _person(page)
    return _form(page, part, person, values_of(part, person))


@pages.add("POST /person/change/{part}", signed_in=True)
async def ask(page: CabinetPage) -> Response:
    """Write the new data down in central; they are signed on the next page."""
    part, typed, person = _part(page), page.form.values(), await _person(page)
    if typed.get("find"):
        options = await found_places(page, typed.get("settlement_text", ""))
        return _form(page, part, person, typed, options=options)
    values, errors = await _read(page, part, typed, person)
    if errors:
        return _form(page, part, person, typed, errors)
    body = {
        "person": changed(part, person, values),
        "patient_signed": False,
        "process_disclosure_data_consent": True,
    }
    try:
        made = await (await calling(page)).post(PATH, body)
    except CentralRefused as refused:
        return _form(page, part, person, typed, refused=refused)
    id = made.record()["id"]
    await record(page, Event.ASKED, id)
    return page.redirect(f"/person/changes/{id}")


def _part(page: CabinetPage) -> Part:
    try:
        return Part(page.params["part"])
    except ValueError as fault:
        raise NotFound() from fault


async def _person(page: CabinetPage) -> Mapping[str, Any]:
    return (await (await calling(page)).get("/api/pis/person")).record()


async def _read(page: CabinetPage, part: Part, typed: Values, person: Mapping[str, Any]) -> forms.Read:
    if part is Part.NAME:
        return forms.read_name(typed)
    if part is Part.CONTACTS:
        return forms.read_contacts(typed)
    if part is Part.DOCUMENT:
        born = date.fromisoformat(person["birth_date"])
        return forms.read_document(typed, page.today, holder_of(person), born)
    place = await places.settlement(page, typed.get("settlement", ""))
    return forms.read_address(typed, place and place_of(place), page.services.dictionaries.words("STREET_TYPE"))


def _form(
    page: CabinetPage,
    part: Part,
    person: Mapping[str, Any],
    values: Values,
    errors: Values | None = None,
    *,
    refused: CentralRefused | None = None,
    options: Sequence[tuple[str, str]] | None = None,
) -> Response:
    born = date.fromisoformat(person["birth_date"])
    return page.render(
        f"changes/{part}.html",
        status=422 if errors or refused else 200,
        keep=False,
        holder=holder_of(person),
        values=values,
        errors=errors or {},
        refused=explain(refused) if refused else (),
        central_id=refused.request_id if refused else "",
        documents=forms.offered_documents(born, page.today),
        street_types=page.services.dictionaries.words("STREET_TYPE"),
        options=options,
    )


def _documents(urgent: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = urgent.get("documents") or ()
    return found


async def _request(
    page: CabinetPage, errors: Values | None = None, *, refused: CentralRefused | None = None
) -> Response:
    """A request with all that is signed of it."""
    central = await calling(page)
    answer = await central.get(f"{PATH}/{page.id()}")
    request, documents = answer.record(), _documents(answer.urgent)
    told = explain_of_child if is_child(request) else explain
    return page.render(
        "changes/change.html",
        status=422 if errors or refused else 200,
        keep=False,
        request=request,
        person=request["person"],
        documents=documents,
        is_ready=request["status"] == WAITING and all(each["is_uploaded"] for each in documents),
        is_child=is_child(request),
        is_waiting=request["status"] == WAITING and request["channel"] == "PIS",
        content=to_be_signed(request),
        status_words=STATUS_WORDS,
        errors=errors or {},
        refused=told(refused) if refused else (),
        central_id=refused.request_id if refused else "",
    )
