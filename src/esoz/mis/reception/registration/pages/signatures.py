"""The form on paper, and the worker's signature."""

from typing import Any

import msgspec
from starlette.responses import HTMLResponse, Response

from esoz.kernel.errors import NotFound, Problem, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import REGISTERING
from esoz.mis.documents.signing import receive_signed

from .. import queries
from ..commands import signing
from ..model.registrations import Event, Registration, State
from ..model.summary import sections
from .registry import HOME, pages

NOT_ON_PAPER = _("Спершу надрукуйте форму й дайте пацієнтові (представникові) її підписати.")


@pages.add(f"GET {HOME}/{{id}}/print", roles=REGISTERING)
async def printed(page: MisPage) -> Response:
    """Central's form: the very text that becomes a part of what is signed (DC-12)."""
    found = await queries.find(page, page.id())
    content = _content(found)
    await record(page, Event.PRINTED, found.id, patient_id=found.person_id)
    return HTMLResponse(str(content.get("content") or ""))


def _content(found: Registration) -> dict[str, Any]:
    """What will be signed. Raises NotFound before the patient has confirmed."""
    if found.content is None:
        raise NotFound()
    content: dict[str, Any] = msgspec.json.decode(found.content)
    return content


@pages.add(f"GET {HOME}/{{id}}/sign", roles=REGISTERING)
async def sign_form(page: MisPage) -> Response:
    found = await queries.find(page, page.id())
    if found.state is not State.CONFIRMED or found.is_over(page.now):
        return page.redirect(f"{HOME}/{found.id}")
    await record(page, Event.READ, found.id, patient_id=found.person_id)
    return _sign(page, found, {})


def _sign(page: MisPage, found: Registration, errors: dict[str, str]) -> Response:
    return page.render(
        "registration/sign.html",
        status=422 if errors else 200,
        keep=False,
        registration=found,
        sections=sections(found, page.services.dictionaries.describe, page.gettext),
        errors=errors,
    )


@pages.add(f"POST {HOME}/{{id}}/paper", roles=REGISTERING)
async def on_paper(page: MisPage) -> Response:
    """The worker says that the printed form is signed by hand."""
    found = await queries.find(page, page.id(), lock=True)
    if found.state is State.CONFIRMED and not found.is_over(page.now):
        if not page.form.text("on_paper"):
            return _sign(page, found, {"on_paper": NOT_ON_PAPER})
        await signing.note_paper(page, found)
    return page.redirect(f"{HOME}/{found.id}/sign")


@pages.add(f"POST {HOME}/{{id}}/sign", roles=REGISTERING)
async def sign(page: MisPage) -> Response:
    found = await queries.find(page, page.id(), lock=True)
    if found.state is not State.CONFIRMED or found.content is None or found.is_over(page.now):
        return page.redirect(f"{HOME}/{found.id}")
    if not found.is_on_paper:
        return page.redirect(f"{HOME}/{found.id}/sign")
    try:
        signed = await receive_signed(page, found.content)
    except Rejected as problem:
        return _sign(page, found, _faults(problem))
    await signing.sign(page, found, signed)
    return page.redirect(f"{HOME}/{found.id}")


def _faults(problem: Problem) -> dict[str, str]:
    return dict(faults(problem))


@pages.add(f"GET {HOME}/{{id}}/progress", roles=REGISTERING)
async def progress(page: MisPage) -> Response:
    """What htmx asks every two seconds; without scripts the page itself is opened again."""
    found = await queries.find(page, page.id())
    if not page.is_fragment or found.state is not State.QUEUED:
        return page.redirect(f"{HOME}/{found.id}")
    return page.render("registration/progress.html", registration=found)
