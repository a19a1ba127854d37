"""Everything once more before the patient is asked; the telephone is confirmed where nobody has done it yet."""

from starlette.responses import Response

from esoz.kernel.errors import Conflict
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import REGISTERING
from esoz.mis.link.errors import explain
from esoz.sdk import CentralBusy, CentralRefused

from .. import queries
from ..commands import asking, drafts
from ..commands.asking import Outcome
from ..model.codes import BAD_CODE, is_id, read_code
from ..model.registrations import WAY, Event, Registration, State
from ..model.summary import sections, way_words
from .form import needs_speaker
from .registry import HOME, pages

CODE_SENT = _("Код надіслано.")
TOO_SOON = _("Код щойно надіслано. Повторити можна за хвилину.")


@pages.add(f"GET {HOME}/{{id}}/check", roles=REGISTERING)
async def check(page: MisPage) -> Response:
    found = await queries.find(page, page.id())
    if not found.is_editable or not found.person:
        return page.redirect(f"{HOME}/{found.id}")
    if needs_speaker(found):
        return page.redirect(f"{HOME}/{found.id}/confidant")
    await record(page, Event.READ, found.id, patient_id=found.person_id)
    ways = await queries.ways(page, found.person_id) if found.is_change and found.person_id else ()
    return page.render(
        "registration/check.html",
        ways=[(way["id"], way_words(way, page.gettext)) for way in ways],
        registration=found,
        sections=sections(found, page.services.dictionaries.describe, page.gettext),
        phone=asking.own_phone(found),
    )


@pages.add(f"POST {HOME}/{{id}}/check", roles=REGISTERING)
async def ask(page: MisPage) -> Response:
    found = await queries.find(page, page.id(), lock=True)
    if needs_speaker(found):
        raise Conflict()
    way = page.form.text(WAY)
    if found.is_change and found.state is State.DRAFT and way != found.form.get(WAY, "") and is_id(way):
        found = await drafts.choose_way(page, found, way)
    if found.state is State.CONFIRMED or found.is_over(page.now):
        return page.redirect(f"{HOME}/{found.id}")
    return await _ask(page, found)


async def _ask(page: MisPage, found: Registration) -> Response:
    outcome = await asking.ask(page, found)
    if outcome is Outcome.REFUSED:
        return page.redirect(f"{HOME}/{found.id}/edit")
    if outcome is Outcome.PHONE:
        await asking.ask_phone(page, found)
        return page.redirect(f"{HOME}/{found.id}/phone")
    return page.redirect(f"{HOME}/{found.id}")


@pages.add(f"GET {HOME}/{{id}}/phone", roles=REGISTERING)
async def phone_form(page: MisPage) -> Response:
    found = await queries.find(page, page.id())
    if found.state is not State.DRAFT or not asking.own_phone(found):
        return page.redirect(f"{HOME}/{found.id}")
    return _phone(page, found, {})


def _phone(page: MisPage, found: Registration, errors: dict[str, str]) -> Response:
    return page.render(
        "registration/phone.html",
        status=422 if errors else 200,
        keep=bool(errors),
        registration=found,
        phone=asking.own_phone(found),
        pause=found.pause_left(page.now),
        errors=errors,
    )


@pages.add(f"POST {HOME}/{{id}}/phone", roles=REGISTERING)
async def confirm_phone(page: MisPage) -> Response:
    """The code of the telephone; the right one, and the patient is asked at once."""
    found = await queries.find(page, page.id(), lock=True)
    if found.state is not State.DRAFT or not asking.own_phone(found):
        return page.redirect(f"{HOME}/{found.id}")
    code = read_code(page.form.text("code"))
    if code is None:
        return _phone(page, found, {"code": BAD_CODE})
    try:
        await asking.confirm_phone(page, found, code)
    except CentralRefused as refused:
        return _phone(page, found, {"code": words_of(page, refused)})
    return await _ask(page, found)


def words_of(page: MisPage, refused: CentralRefused) -> str:
    """What central says, and what to do, in one text beside a field."""
    [first, *_others] = explain(page, refused)
    return f"{first.filled(page.gettext(first.text))} {first.filled(page.gettext(first.advice))}"


@pages.add(f"POST {HOME}/{{id}}/phone/again", roles=REGISTERING)
async def phone_again(page: MisPage) -> Response:
    found = await queries.find(page, page.id(), lock=True)
    if found.state is State.DRAFT and asking.own_phone(found):
        try:
            await asking.ask_phone(page, found)
            page.flash(page.gettext(CODE_SENT))
        except CentralBusy:
            page.flash(page.gettext(TOO_SOON), "important")
    return page.redirect(f"{HOME}/{found.id}/phone")
