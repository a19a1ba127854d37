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
    acting = visitor.applicant if visitor else None
    user_id = acting.id if acting else visitor.id if visitor else None
    actor = Actor(user_id=user_id, person_id=person_id, applicant_id=acting.person_id if acting else None)
    about = audit.AuditContext(page.now, page.request_id, str(event), actor)
    await audit.write(page.db, about, [AuditEntry(str(event), str(resource_id), person_id, {})])
