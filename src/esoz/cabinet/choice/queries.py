"""Asking central for the patient's requests for declarations."""

from uuid import UUID

from esoz.sdk import whole

from ..access import CentralSession
from .model import Request

PATH = "/api/pis/declaration_requests"


async def listed(central: CentralSession) -> list[Request]:
    """All requests, the newest first (central has the oldest first); those in a status of the future are left out."""
    found = (await whole(central, PATH)).data
    return [request for request in map(Request, reversed(found)) if request.is_known]


async def one(central: CentralSession, id: UUID) -> Request:
    """One request; with names from the list when the details of a closed one tell none. Raises CentralRefused."""
    found = Request((await central.get(f"{PATH}/{id}")).record())
    if found.document or found.doctor:
        return found
    in_list = {each.id: each.content for each in await listed(central)}
    return Request({**in_list.get(found.id, {}), **found.content})
