"""The patient's word for a change of their ways to confirm: codes, scans."""

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import CONFIRMING
from esoz.mis.care.patients import known_patient
from esoz.mis.link.errors import explain
from esoz.mis.reception.registration import BAD_CODE, read_code, scan_fault, scan_words
from esoz.sdk import CentralBusy, CentralRefused

from .. import commands, queries
from ..model import TITLES, MethodRequest, State
from .registry import HOME, pages

ONE = f"{HOME}/requests/{{request_id}}"
DONE = _("Зміну записано в ЕСОЗ.")
CODE_SENT = _("Код надіслано.")
WAIT = _("Новий код можна надіслати трохи пізніше: за хвилину після попереднього, не більше п’яти разів.")
NOT_ALL = _("Додайте спершу всі скани зі списку.")


@pages.add(f"GET {ONE}", roles=CONFIRMING)
async def one(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    found = await queries.request(page, known.id, page.id("request_id"))
    if found.state is State.DONE:
        return page.redirect(f"/patients/{known.id}/ways")
    return _shown(page, known, found, {})


def _shown(page: MisPage, known: Patient, found: MethodRequest, errors: dict[str, str]) -> Response:
    return page.render(
        "methods/request.html",
        status=422 if errors else 200,
        keep=bool(errors),
        patient=known,
        request=found,
        title=TITLES[found.action],
        address=f"/patients/{known.id}/ways/requests/{found.id}",
        papers=[(paper, number, _words(page, paper["type"])) for number, paper in enumerate(found.papers, 1)],
        pause=found.pause_left(page.now),
        errors=errors,
    )


def _words(page: MisPage, type: str) -> str:
    words, book, code = scan_words(type)
    return page.gettext(words) if words else page.services.dictionaries.describe(book, code)


def _told(page: MisPage, refused: CentralRefused) -> str:
    """What central says, and what to do, in one text."""
    [first, *_others] = explain(page, refused)
    return f"{first.filled(page.gettext(first.text))} {first.filled(page.gettext(first.advice))}"


@pages.add(f"POST {ONE}/phone", roles=CONFIRMING)
async def confirm_phone(page: MisPage) -> Response:
    """The code of the new telephone; the right one, and the patient is asked at once."""
    known = await known_patient(page, page.id())
    found = await queries.request(page, known.id, page.id("request_id"), lock=True)
    if found.state is State.PHONE:
        code = read_code(page.form.text("code"))
        if code is None:
            return _shown(page, known, found, {"code": BAD_CODE})
        try:
            await commands.confirm_phone(page, found, code)
            await commands.ask(page, found)
        except CentralRefused as refused:
            return _shown(page, known, found, {"code": _told(page, refused)})
    return page.redirect(f"/patients/{known.id}/ways/requests/{found.id}")


@pages.add(f"POST {ONE}/confirm", roles=CONFIRMING)
async def confirm(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    found = await queries.request(page, known.id, page.id("request_id"), lock=True)
    if found.state is not State.ASKED:
        return page.redirect(f"/patients/{known.id}/ways/requests/{found.id}")
    code = read_code(page.form.text("code")) if found.needs_code else None
    if found.needs_code and code is None:
        return _shown(page, known, found, {"code": BAD_CODE})
    missing = [number for number, paper in enumerate(found.papers, 1) if not paper["sent"]]
    if missing:
        return _shown(page, known, found, {f"scan_{missing[0]}": NOT_ALL})
    try:
        await commands.confirm(page, found, code)
    except CentralRefused as refused:
        return _shown(page, known, found, {"code" if found.needs_code else "": _told(page, refused)})
    page.flash(page.gettext(DONE))
    return page.redirect(f"/patients/{known.id}/ways")


@pages.add(f"POST {ONE}/resend", roles=CONFIRMING)
async def resend(page: MisPage) -> Response:
    """Another code: of the new telephone, or of the one by which the patient confirms."""
    known = await known_patient(page, page.id())
    found = await queries.request(page, known.id, page.id("request_id"), lock=True)
    try:
        if found.state is State.PHONE:
            await commands.ask_phone(page, found)
        elif found.state is State.ASKED:
            await commands.resend(page, found)
        page.flash(page.gettext(CODE_SENT))
    except CentralBusy:
        page.flash(page.gettext(WAIT), "important")
    return page.redirect(f"/patients/{known.id}/ways/requests/{found.id}")


@pages.add(f"POST {ONE}/scan", roles=CONFIRMING)
async def scan(page: MisPage) -> Response:
    """One scan; which one says the number of its paper."""
    known = await known_patient(page, page.id())
    found = await queries.request(page, known.id, page.id("request_id"), lock=True)
    here = page.redirect(f"/patients/{known.id}/ways/requests/{found.id}")
    number = page.form.text("number")
    if number not in {str(each) for each in range(1, len(found.papers) + 1)}:
        return here
    upload, field = page.form.file("scan"), f"scan_{number}"
    if upload is None or scan_fault(upload.content):
        return _shown(page, known, found, {field: scan_fault(upload.content if upload else None)})
    try:
        await commands.send_scan(page, found, found.papers[int(number) - 1]["type"], upload.content)
    except CentralRefused as refused:
        return _shown(page, known, found, {field: _told(page, refused)})
    return here
