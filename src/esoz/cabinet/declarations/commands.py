"""Ending a declaration."""

from uuid import UUID

from esoz.sdk import CentralRefused

from ..access import calling
from ..journal import record
from ..services import CabinetPage
from . import queries
from .model import Event
from .queries import PATH


async def end(page: CabinetPage, id: UUID, reason: str) -> None:
    """End the patient's own declaration (CB-6); one that they ended already stays so. Raises CentralRefused."""
    central = await calling(page)
    try:
        body = {"reason_description": reason} if reason else {}
        await central.call("PATCH", f"{PATH}/{id}/actions/terminate", body=body)
    except CentralRefused:
        if not (await queries.one(central, id)).was_ended_by_patient:
            raise
    await record(page, Event.ENDED, id)
