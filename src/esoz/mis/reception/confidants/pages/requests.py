"""What was asked for is confirmed by codes and scans, then signed by the worker."""

from starlette.responses import Response

from esoz.kernel.errors import Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import known_patient
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.errors import explain
from esoz.mis.reception.registration import BAD_CODE, read_code, scan_fault, scan_words
from esoz.sdk import CentralBusy, CentralRefused

from .. import commands, queries
from ..model import ConfidantRequest, Event, State, signed_papers
from .registry import CHANGING, HOME, pages

ONE = f"{HOME}/requests/{{request_id}}"
DONE = _("Зміну записано в ЕСОЗ.")
CODE_SENT = _("Код надіслано.")
WAIT = _("Новий код можна надіслати трохи пізніше: за хвилину після попереднього, не більше п’яти разів.")
NOT_ALL = _("Додайте спершу всі скани зі списку.")


@pages.add(f"GET {ONE}", roles=CHANGING)
async def one(page: MisPage) -> Response:
    """The code and the scans; once they were taken, the signature."""
    known, found = await _of_page(page)
    if found.state is State.DONE:
        return page.redirect(f"/patients/{known.id}/confidants")
    if found.state is State.CONFIRMED:
        await record(page, Event.SHOWN, found.id, patient_id=known.id)
        return _signing(page, known, found, {})
    return _shown(page, known, found, {})


async def _of_page(page: MisPage) -> tuple[Patient, ConfidantRequest]:
    """The patient and the request that the address names, the latter held by who changes it."""
    known = await known_patient(page, page.id())
    lock = page.request.method == "POST"
    return known, await queries.request(page, known.id, page.id("request_id"), lock=lock)


def _here(page: MisPage, found: ConfidantRequest) -> Response:
    return page.redirect(f"/patients/{found.person_id}/confidants/requests/{found.id}")


def _shown(page: MisPage, known: Patient, found: ConfidantRequest, errors: dict[str, str]) -> Response:
    return page.render(
        "confidants/request.html",
        status=422 if errors else 200,
        keep=bool(errors),
        patient=known,
        request=found,
        address=f"/patients/{known.id}/confidants/requests/{found.id}",
        papers=[(paper, number, _words(page, paper["type"])) for number, paper in enumerate(found.papers, 1)],
        pause=found.pause_left(page.now),
        errors=errors,
    )


def _signing(page: MisPage, known: Patient, found: ConfidantRequest, errors: dict[str, str]) -> Response:
    assert found.content is not None
    return page.render(
        "confidants/sign.html",
        status=422 if errors else 200,
        keep=False,
        patient=known,
        request=found,
        address=f"/patients/{known.id}/confidants/requests/{found.id}",
        papers=signed_papers(found.content),
        errors=errors,
    )


def _words(page: MisPage, type: str) -> str:
    words, book, code = scan_words(type)
    return page.gettext(words) if words else page.services.dictionaries.describe(book, code)


def _told(page: MisPage, refused: CentralRefused) -> str:
    """What central says, and what to do, in one text."""
    [first, *_others] = explain(page, refused)
    return f"{first.filled(page.gettext(first.text))} {first.filled(page.gettext(first.advice))}"


@pages.add(f"POST {ONE}/confirm", roles=CHANGING)
async def confirm(page: MisPage) -> Response:
    known, found = await _of_page(page)
    if found.state is not State.ASKED:
        return _here(page, found)
    missing = [number for number, paper in enumerate(found.papers, 1) if not paper["sent"]]
    if missing:
        return _shown(page, known, found, {f"scan_{missing[0]}": NOT_ALL})
    code = read_code(page.form.text("code")) if found.needs_code else None
    if found.needs_code and code is None:
        return _shown(page, known, found, {"code": BAD_CODE})
    try:
        await commands.confirm(page, found, code)
    except CentralRefused as refused:
        return _shown(page, known, found, {"code" if found.needs_code else "": _told(page, refused)})
    return _here(page, found)


@pages.add(f"POST {ONE}/resend", roles=CHANGING)
async def resend(page: MisPage) -> Response:
    _known, found = await _of_page(page)
    try:
        if found.state is State.ASKED:
            await commands.resend(page, found)
        page.flash(page.gettext(CODE_SENT))
    except CentralBusy:
        page.flash(page.gettext(WAIT), "important")
    return _here(page, found)


@pages.add(f"POST {ONE}/scan", roles=CHANGING)
async def scan(page: MisPage) -> Response:
    """One scan; which one says the number of its paper."""
    known, found = await _of_page(page)
    number = page.form.text("number")
    if number not in {str(each) for each in range(1, len(found.papers) + 1)}:
        return _here(page, found)
    upload, field = page.form.file("scan"), f"scan_{number}"
    if upload is None or scan_fault(upload.content):
        return _shown(page, known, found, {field: scan_fault(upload.content if upload else None)})
    try:
        await commands.send_scan(page, found, found.papers[int(number) - 1]["type"], upload.content)
    except CentralRefused as refused:
        return _shown(page, known, found, {field: _told(page, refused)})
    return _here(page, found)


@pages.add(f"POST {ONE}/sign", roles=CHANGING)
async def sign(page: MisPage) -> Response:
    known, found = await _of_page(page)
    if found.state is not State.CONFIRMED or found.content is None:
        return _here(page, found)
    try:
        signed = await receive_signed(page, found.content)
        await commands.sign(page, found, signed)
    except Rejected as problem:
        return _signing(page, known, found, dict(faults(problem)))
    except CentralRefused as refused:
        return _signing(page, known, found, {"": _told(page, refused)})
    page.flash(page.gettext(DONE))
    return page.redirect(f"/patients/{known.id}/confidants")
