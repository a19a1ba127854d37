"""Asking central for the patient's care plans."""

from uuid import UUID

from esoz.sdk import whole

from ..access import CentralSession
from .model import Activity, Plan

PLANS = "/api/pis/person/care_plans"


async def listed(central: CentralSession) -> list[Plan]:
    """All of them, the newest first."""
    answer = await whole(central, PLANS)
    return [Plan(content) for content in answer.data]


async def one(central: CentralSession, plan_id: UUID) -> Plan:
    """One of them with all that it plans. Raises CentralRefused when it is not theirs."""
    content = (await central.get(f"{PLANS}/{plan_id}")).record()
    answer = await whole(central, f"{PLANS}/{plan_id}/activities")
    return Plan(content, [Activity(each["detail"]) for each in answer.data])
