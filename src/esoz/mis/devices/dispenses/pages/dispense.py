"""One dispense of devices until it is settled: asked for, signed, handed over, given up."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from esoz.kernel.clock import new_id
from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.mis.base.services import MisPage
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain
from esoz.mis.pharmacy import DEVICES
from esoz.sdk import CentralRefused

from ...requests import device_name
from .. import commands, model, queries, store
from ..model import Act, Begun
from ..texts import RELEASED
from .registry import DISPENSING, ONE, pages
from .request import form


@pages.add(f"GET {ONE}", roles=DISPENSING)
async def one(page: MisPage) -> Response:
    """One dispense: asked for, to be signed, handed over, or over."""
    return await _one(page, {})


@pages.add(f"GET {ONE}/step", roles=DISPENSING)
async def step(page: MisPage) -> Response:
    """Whether central is still at it: a line that renews itself, then the page."""
    begun = await store.find(page.db, page.id(), page.user.work.clinic_id)
    outcome = await queries.outcome(page, begun) if begun else None
    return page.render("device_dispenses/step.html") if outcome and not outcome.is_over else back(page)


async def _one(page: MisPage, errors: Mapping[str, str], refused: CentralRefused | None = None) -> Response:
    central, patient_id = await calling(page), page.id("patient")
    begun = await store.find(page.db, page.id(), page.user.work.clinic_id, lock=True)
    # The job first: what it has done by then stands in the dispense that is read after it.
    outcome = await queries.outcome(page, begun) if begun is not None and refused is None else None
    if outcome is not None and not outcome.is_over:
        return page.render("device_dispenses/waits.html", begun=begun)
    found = await queries.dispense(page, central, patient_id, page.id())
    if found is None and begun is None:
        raise NotFound()
    if begun is not None and outcome is not None:
        is_done = found is not None and found["status"] == model.DONE[begun.act]
        refused = None if is_done else outcome.refused
    if found is None:
        assert begun is not None
        return await _not_held(page, begun, refused)
    return await _shown(page, found, begun, errors, refused)


async def _not_held(page: MisPage, begun: Begun, refused: CentralRefused | None) -> Response:
    """Central holds nothing: it refused, or its answer was lost. The form again, with what was typed."""
    counter = await queries.counter(page, await calling(page), begun.request_number, begun.form.get("division", ""))
    lost = refused is None
    # After a refusal it is another dispense; after a lost answer the same one, which central takes once.
    attempt = str(begun.id) if lost else str(new_id())
    return await form(page, counter, {**begun.form, "attempt": attempt}, {}, refused, lost=lost)


async def _shown(
    page: MisPage,
    found: Mapping[str, Any],
    begun: Begun | None,
    errors: Mapping[str, str],
    refused: CentralRefused | None,
) -> Response:
    request = await queries.request_of(await calling(page), found, page.id("patient"))
    begun = await _gone_on(page, found, request, begun, refused)
    return page.render(
        "device_dispenses/dispense.html",
        status=422 if errors or refused else 200,
        keep=True,  # what central refused is to be signed anew
        dispense=found,
        request=request,
        device=device_name(request),
        left=model.remaining(request),
        begun=begun,
        told=msgspec.json.decode(begun.content) if begun and begun.content else found,
        held_until=model.held_until(found),
        state=model.state_tag(found, page.now),
        price_of=model.price_of,
        reasons=dict(page.services.dictionaries.choices(model.REASONS)),
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


async def _gone_on(
    page: MisPage, found: Mapping[str, Any], request: Mapping[str, Any], begun: Begun | None, refused: object
) -> Begun | None:
    """What is to be signed or sent now; None when nothing is, and then nothing is kept of it here."""
    if not model.is_held(found, page.now):
        lost = begun is not None and begun.act is Act.MISTAKE and not begun.job_id and found["status"] == "completed"
        if begun is not None and not lost:
            await commands.settle(page, begun)
        return begun if lost else None
    if begun is None:
        begun = await commands.adopt(page, page.id("patient"), request["requisition"], found, Act.HOLD)
    if refused is not None and begun.signed is not None:
        begun = await commands.unsign(page, begun)
    return await commands.to_sign(page, begun, found)


@pages.add(f"POST {ONE}", roles=DISPENSING)
async def sign(page: MisPage) -> Response:
    begun = await _begun(page)
    if begun is None or begun.content is None or begun.signed is not None:
        return back(page)
    try:
        await commands.complete(page, begun, await receive_signed(page, begun.content))
    except Rejected as problem:
        return await _one(page, faults(problem))
    except CentralRefused as refused:
        return await _one(page, {}, refused)
    return back(page)


@pages.add(f"POST {ONE}/send", roles=DISPENSING)
async def send_again(page: MisPage) -> Response:
    """After a lost answer: central is given the same signed document, which counts once."""
    begun = await _begun(page)
    if begun is None or begun.signed is None or begun.job_id:
        return back(page)
    try:
        await commands.send(page, begun)
    except CentralRefused as refused:
        return await _one(page, {}, refused)
    return back(page)


@pages.add(f"POST {ONE}/release", roles=DISPENSING)
async def release(page: MisPage) -> Response:
    begun = await _begun(page)
    if begun is None or begun.act is Act.STOP or begun.signed is not None:
        return back(page)
    try:
        await commands.release(page, begun)
    except CentralRefused as refused:
        return await _one(page, {}, refused)
    page.flash(RELEASED)
    return page.redirect("/pharmacy")


async def _begun(page: MisPage) -> Begun | None:
    """What waits for a signature or an answer; a second click waits for the first."""
    return await store.find(page.db, page.id(), page.user.work.clinic_id, lock=True)


def back(page: MisPage) -> Response:
    return page.redirect(f"{DEVICES}/{page.id('patient')}/{page.id()}")
