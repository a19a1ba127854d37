"""The audit log of mis: who saw and did what, written in the transaction of the act."""

from enum import StrEnum
from uuid import UUID

from esoz.kernel import audit
from esoz.kernel.work import Actor, AuditEntry

from .services import MisPage


async def record(
    page: MisPage, event: StrEnum, resource_id: UUID | str, *, patient_id: UUID | None = None, **facts: object
) -> None:
    """Leave a line about an act of the page's user. No personal data in `facts`."""
    visitor = page.visitor
    actor = Actor(
        user_id=visitor.id if visitor else None,
        client_id=visitor.workplace.clinic_id if visitor and visitor.workplace else None,
    )
    about = audit.AuditContext(page.now, page.request_id, str(event), actor)
    await audit.write(page.db, about, [AuditEntry(str(event), str(resource_id), patient_id, facts)])
