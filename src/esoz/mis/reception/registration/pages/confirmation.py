"""One registration: where it is, and the patient's word: a code, or scans of their papers."""

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import REGISTERING
from esoz.mis.link.errors import explain
from esoz.sdk import CentralBusy, CentralRefused

from .. import queries
from ..commands import asking
from ..model.codes import BAD_CODE, read_code
from ..model.papers import scan_fault, scan_words
from ..model.registrations import SHOWN, Event, Registration, State
from ..model.summary import sections
from .check import CODE_SENT, words_of
from .form import refusal_of
from .listing import DISCARDED
from .registry import HOME, pages

WAIT = _("Новий код можна надіслати трохи пізніше: за хвилину після попереднього, не більше п’яти разів.")
NOT_ALL = _("Додайте спершу всі скани зі списку.")
SENT = _("Скан передано до ЕСОЗ.")


@pages.add(f"GET {HOME}/{{id}}", roles=REGISTERING)
async def one(page: MisPage) -> Response:
    found = await queries.find(page, page.id())
    await record(page, Event.READ, found.id, patient_id=found.person_id)
    if found.state is State.DISCARDED:  # nobody's any more
        page.flash(page.gettext(DISCARDED))
        return page.redirect(HOME)
    if found.state is State.ASKED and not found.is_over(page.now):
        return _asking(page, found, {})
    return _state(page, found)


def _state(page: MisPage, found: Registration) -> Response:
    return page.render(
        "registration/one.html",
        registration=found,
        labels=SHOWN,
        is_over=found.is_over(page.now),
        refused=refusal_of(page, found),
        sections=sections(found, page.services.dictionaries.describe, page.gettext) if found.person else [],
    )


def _asking(page: MisPage, found: Registration, errors: dict[str, str]) -> Response:
    return page.render(
        "registration/confirm.html",
        status=422 if errors else 200,
        keep=bool(errors),
        registration=found,
        papers=[(paper, number, _words(page, paper["type"])) for number, paper in enumerate(found.papers, 1)],
        pause=found.pause_left(page.now),
        errors=errors,
    )


def _words(page: MisPage, type: str) -> str:
    words, book, code = scan_words(type)
    return page.gettext(words) if words else page.services.dictionaries.describe(book, code)


async def _asked(page: MisPage) -> Registration | Response:
    """The registration while the patient's word is waited for; where it is now when it is not."""
    found = await queries.find(page, page.id(), lock=True)
    if found.state is not State.ASKED or found.is_over(page.now):
        return page.redirect(f"{HOME}/{found.id}")
    return found


@pages.add(f"POST {HOME}/{{id}}/confirm", roles=REGISTERING)
async def confirm(page: MisPage) -> Response:
    found = await _asked(page)
    if isinstance(found, Response):
        return found
    code = read_code(page.form.text("code")) if found.needs_code else None
    if found.needs_code and code is None:
        return _asking(page, found, {"code": BAD_CODE})
    if found.missing:
        return _asking(page, found, {f"scan_{_first_missing(found)}": NOT_ALL})
    try:
        await asking.confirm(page, found, code)
    except CentralRefused as refused:
        if refused.status == 409:
            return _over(page, found, refused)
        return _asking(page, found, {"code" if found.needs_code else "": words_of(page, refused)})
    return page.redirect(f"{HOME}/{found.id}/sign")


def _first_missing(found: Registration) -> int:
    return next(number for number, paper in enumerate(found.papers, 1) if not paper["sent"])


def _over(page: MisPage, found: Registration, refused: CentralRefused) -> Response:
    """Central waits for it no longer: a newer request took its place, or its term is over."""
    return page.refuse(
        "registration/one.html",
        keep=False,
        status=409,
        registration=found,
        labels=SHOWN,
        is_over=True,
        refused=explain(page, refused),
        sections=sections(found, page.services.dictionaries.describe, page.gettext),
    )


@pages.add(f"POST {HOME}/{{id}}/resend", roles=REGISTERING)
async def resend(page: MisPage) -> Response:
    found = await _asked(page)
    if isinstance(found, Response):
        return found
    try:
        await asking.resend(page, found)
        page.flash(page.gettext(CODE_SENT))
    except CentralBusy:
        page.flash(page.gettext(WAIT), "important")
    return page.redirect(f"{HOME}/{found.id}")


@pages.add(f"POST {HOME}/{{id}}/scan", roles=REGISTERING)
async def scan(page: MisPage) -> Response:
    """One scan; which one says the number of its paper."""
    found = await _asked(page)
    if isinstance(found, Response):
        return found
    number = page.form.text("number")
    if not (number.isascii() and number.isdecimal() and len(number) < 3 and 1 <= int(number) <= len(found.papers)):
        return page.redirect(f"{HOME}/{found.id}")
    upload, field = page.form.file("scan"), f"scan_{int(number)}"
    if fault := scan_fault(upload.content if upload else None):
        return _asking(page, found, {field: fault})
    assert upload is not None
    try:
        await asking.send_scan(page, found, found.papers[int(number) - 1]["type"], upload.content)
    except CentralRefused as refused:
        return _asking(page, found, {field: words_of(page, refused)})
    page.flash(page.gettext(SENT))
    return page.redirect(f"{HOME}/{found.id}")


@pages.add(f"POST {HOME}/{{id}}/renew", roles=REGISTERING)
async def renew(page: MisPage) -> Response:
    """The same once more, when central has given it up."""
    found = await queries.find(page, page.id(), lock=True)
    if found.state in (State.ASKED, State.CONFIRMED):
        await asking.renew(page, found)
    return page.redirect(f"{HOME}/{found.id}/check")
