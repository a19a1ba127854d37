"""Asking central to whom the patient gave a permission."""

from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.sdk import whole

from ..access import CentralSession
from .model import Approval, System

APPROVALS = "/api/pis/approvals"
APPS = "/api/pis/apps"


async def approvals(central: CentralSession) -> list[Approval]:
    """All permissions for doctors, the newest first."""
    return [Approval(content) for content in (await whole(central, APPROVALS)).data]


async def approval(central: CentralSession, id: UUID) -> Approval:
    """One of them. Raises NotFound."""
    found = next((each for each in await approvals(central) if each.id == str(id)), None)
    if found is None:
        raise NotFound()
    return found


async def systems(central: CentralSession, own: UUID) -> list[System]:
    """All systems with a permission; `own` is the client of this cabinet."""
    found = (await whole(central, APPS)).data
    return [System(content, content.get("client_id") == str(own)) for content in found]


async def system(central: CentralSession, own: UUID, id: UUID) -> System:
    """One of them. Raises CentralRefused when there is none."""
    content = (await central.get(f"{APPS}/{id}")).record()
    return System(content, content.get("client_id") == str(own))
