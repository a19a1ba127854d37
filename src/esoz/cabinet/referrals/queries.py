"""Asking central for the patient's referrals."""

from uuid import UUID

from esoz.sdk import whole

from ..access import CentralSession
from .model import Referral

REQUESTS = "/api/pis/person/service_requests"


async def listed(central: CentralSession) -> list[Referral]:
    """All of them, the newest first."""
    answer = await whole(central, REQUESTS)
    return [Referral(content) for content in answer.data]


async def one(central: CentralSession, request_id: UUID) -> Referral:
    """One of them. Raises CentralRefused when it is not theirs."""
    return Referral((await central.get(f"{REQUESTS}/{request_id}")).record())
