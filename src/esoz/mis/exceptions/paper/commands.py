"""A blank is recorded and pictured."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling

from .model import Blank, Event
from .queries import PATH


async def record_blank(page: MisPage, blank: Blank) -> UUID:
    """Record a blank; the same one that comes again, as after a lost answer, is no second. Raises CentralError."""
    central, body = await calling(page), blank.body()
    key = hashlib.sha256(msgspec.json.encode([str(page.user.work.clinic_id), body])).hexdigest()
    answer = await central.call("POST", PATH, body=body, idempotency_key=f"paper {key}")
    id = UUID(answer.record()["id"])
    await record(page, Event.RECORDED, id)
    return id


async def send_picture(page: MisPage, paper: Mapping[str, Any], content: bytes) -> None:
    """Send the picture by the link that central gave for it. Raises CentralError."""
    url = next(each["url"] for each in paper["documents"])
    await page.services.central.upload(url, content)
    await record(page, Event.PICTURED, paper["id"])
