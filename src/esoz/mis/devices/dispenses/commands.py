"""Handing devices over. Central does each step as a job; what was asked is noted here: nothing is done twice."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling
from esoz.mis.pharmacy import code_judged
from esoz.sdk import CentralUnavailable, job_of

from . import model, store
from .model import Act, Begun, Event, Handover


async def hold(page: MisPage, handover: Handover, code: str, form: Mapping[str, str]) -> None:
    """Ask central to keep the quantity for ten minutes. Raises CodeRefused, CentralRefused.

    The same dispense asked for twice is one: central takes its id once. A lost answer is noted as such.
    """
    await store.wait_turn(page.db, handover.request_id)
    known = await store.find(page.db, handover.id, page.user.work.clinic_id, lock=True)
    if known is not None and known.job_id:
        return
    kept = {name: value for name, value in form.items() if name not in ("csrf", "form_token", "code")}
    paid = {} if handover.to_pay is None else {"to_pay": str(handover.to_pay)}
    begun = Begun(
        id=handover.id,
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        patient_id=handover.patient_id,
        request_id=handover.request_id,
        request_number=handover.number,
        act=Act.HOLD,
        created_at=page.now,
        job_id=await _held(page, handover, code),
        form=kept | paid,
    )
    await (store.save(page.db, begun) if known else store.add(page.db, begun))
    await record(page, Event.HELD, handover.id, patient_id=handover.patient_id)


async def _held(page: MisPage, handover: Handover, code: str) -> str:
    """The job that central has made of it; empty when its answer was lost."""
    central = await calling(page)
    path = f"/api/patients/{handover.patient_id}/device_dispenses"
    try:
        with code_judged():
            return job_of((await central.call("POST", path, body=handover.published(code), renew=False)).record())
    except CentralUnavailable:
        return ""


async def to_sign(page: MisPage, begun: Begun, shown: Mapping[str, Any]) -> Begun:
    """The same with what is signed; it is made once, and again when central did not take it."""
    if begun.content is not None:
        return begun
    ready = replace(begun, content=model.completion(shown, begun.form, page.now))
    await store.save(page.db, ready)
    return ready


async def adopt(page: MisPage, patient_id: UUID, number: str, shown: Mapping[str, Any], act: Act) -> Begun:
    """Go on with a dispense of this pharmacy that was not begun here, or is settled here; of two at once one begins."""
    id, request_id = UUID(shown["id"]), UUID(shown["based_on"]["identifier"]["value"])
    await store.wait_turn(page.db, request_id)
    if known := await store.find(page.db, id, page.user.work.clinic_id, lock=True):
        return known
    begun = Begun(
        id=id,
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        patient_id=patient_id,
        request_id=request_id,
        request_number=number,
        act=act,
        created_at=page.now,
    )
    await store.add(page.db, begun)
    return begun


async def complete(page: MisPage, begun: Begun, signed: bytes) -> None:
    """Send what the pharmacist signed. Raises CentralRefused when central does not take it."""
    await send(page, replace(begun, act=Act.COMPLETE, signed=signed, user_id=page.user.id))


async def take_back(page: MisPage, begun: Begun, content: bytes, signed: bytes) -> None:
    """Send the signed words that nothing was handed over. Raises CentralRefused."""
    await send(page, replace(begun, act=Act.MISTAKE, content=content, signed=signed, user_id=page.user.id))


PATHS = {Act.COMPLETE: "complete", Act.MISTAKE: "mark_in_error"}
EVENTS = {Act.COMPLETE: Event.COMPLETED, Act.MISTAKE: Event.MISTAKEN}


async def send(page: MisPage, begun: Begun) -> None:
    """Send what was signed; a lost answer leaves it signed, to be sent again. Raises CentralRefused."""
    central = await calling(page)
    body = {"signed_data": base64.b64encode(begun.signed or b"").decode()}
    path = f"/api/patients/{begun.patient_id}/device_dispenses/{begun.id}/actions/{PATHS[begun.act]}"
    try:
        job_id = job_of((await central.patch(path, body)).record())
    except CentralUnavailable:
        job_id = ""
    await store.save(page.db, replace(begun, job_id=job_id))
    await record(page, EVENTS[begun.act], begun.id, patient_id=begun.patient_id)


async def release(page: MisPage, begun: Begun) -> None:
    """Let go of what is held. Raises CentralError."""
    central = await calling(page)
    answer = await central.patch(f"/api/patients/{begun.patient_id}/device_dispenses/{begun.id}/actions/stop", {})
    job_id = job_of(answer.record())
    await store.save(page.db, replace(begun, act=Act.STOP, job_id=job_id, content=None, signed=None))
    await record(page, Event.RELEASED, begun.id, patient_id=begun.patient_id)


async def unsign(page: MisPage, begun: Begun) -> Begun:
    """After a refusal: what was signed is of no use, so it is made and signed anew."""
    again = replace(begun, act=Act.HOLD, job_id="", content=None, signed=None)
    await store.save(page.db, again)
    return again


async def settle(page: MisPage, begun: Begun) -> None:
    """Forget what central keeps."""
    await store.drop(page.db, begun.id)
