"""Asking central for the patient's devices on prescription."""

from uuid import UUID

from esoz.kernel.db import Page, Paged

from ..access import CentralSession
from .model import Device

REQUESTS = "/api/pis/person/device_requests"


async def listed(central: CentralSession, page: Page) -> Paged:
    """A page of devices, the newest first."""
    answer = await central.get(REQUESTS, page=page.number, page_size=page.size)
    return Paged([Device(content) for content in answer.rows()], page, answer.total)


async def one(central: CentralSession, request_id: UUID) -> Device:
    """One of them with its code. Raises CentralRefused when it is not theirs."""
    answer = await central.get(f"{REQUESTS}/{request_id}")
    return Device(answer.record(), str((answer.urgent or {}).get("verification_code") or ""))
