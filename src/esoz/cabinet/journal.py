"""The audit log of the cabinet: what patients did here, written in the transaction of the act."""

from enum import StrEnum
from uuid import UUID

from esoz.kernel import audit
from esoz.kernel.work import Actor, AuditEntry

from .services import CabinetPage


async def record(page: CabinetPage, event: StrEnum, resource_id: UUID | str = "") -> None:
    """Leave a line about an act of the page's patient."""
    visitor = page.visitor
    person_id = visitor.person_id if visitor else None
    actor = Actor(user_id=visitor.id if visitor else None, person_id=person_id)
    about = audit.AuditContext(page.now, page.request_id, str(event), actor)
    await audit.write(page.db, about, [AuditEntry(str(event), str(resource_id), person_id, {})])
