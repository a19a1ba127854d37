"""Choosing a doctor: asked once however often it is asked, signed, given up."""

import base64
from uuid import UUID

from esoz.sdk import CentralRefused

from ..access import CentralSession, calling
from ..journal import record
from ..services import CabinetPage
from . import queries
from .model import Event, Request, Status
from .queries import PATH


async def ask(page: CabinetPage, employee_id: UUID, division_id: UUID) -> str:
    """The id of the request to this doctor: one that waits for a signature, else a new one. Raises CentralRefused."""
    central = await calling(page)
    waiting = [each for each in await queries.listed(central) if each.waits_for_me]
    found = next((each.id for each in waiting if each.is_with(str(employee_id), str(division_id))), None)
    if found is not None:
        return found
    body = {"employee_id": str(employee_id), "division_id": str(division_id)}
    token = page.form.text("form_token")
    key = f"choice-{token}" if token else ""  # a copy after a lost answer makes no second request
    made = (await central.call("POST", PATH, body=body, idempotency_key=key)).record()
    await record(page, Event.BEGUN, made["id"])
    return str(made["id"])


async def sign(page: CabinetPage, central: CentralSession, request: Request, document: bytes) -> Request:
    """Make the declaration. A signature whose answer was lost is found again. Raises CentralRefused."""
    body = {"signed_content": base64.b64encode(document).decode(), "signed_content_encoding": "base64"}
    try:
        await central.call("PATCH", f"{PATH}/{request.id}/actions/sign", body=body)
    except CentralRefused:
        now = await queries.one(central, UUID(request.id))
        if now.status is not Status.SIGNED:
            raise
    await record(page, Event.SIGNED, request.id)
    return request


async def withdraw(page: CabinetPage, id: UUID) -> None:
    """Give the request up; one that is given up already stays so. Raises CentralRefused."""
    central = await calling(page)
    try:
        await central.call("PATCH", f"{PATH}/{id}/actions/reject")
    except CentralRefused:
        if (await queries.one(central, id)).status is not Status.REJECTED:
            raise
    await record(page, Event.WITHDRAWN, id)
