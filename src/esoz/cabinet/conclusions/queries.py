"""Asking central for the patient's conclusions."""

from uuid import UUID

from esoz.sdk import whole

from ..access import CentralSession
from .model import Conclusion, all_of

CONCLUSIONS = "/api/pis/person/compositions"


async def listed(central: CentralSession) -> list[Conclusion]:
    """All of them, the newest first."""
    answer = await whole(central, CONCLUSIONS)
    return all_of(list(answer.rows()))


async def one(central: CentralSession, id: UUID) -> Conclusion:
    """One of them. Raises CentralRefused when it is not theirs."""
    found = (await central.get(f"{CONCLUSIONS}/{id}")).record()
    replaced = {each.id for each in await listed(central) if each.is_replaced}
    return Conclusion(found, found.get("id") in replaced)
