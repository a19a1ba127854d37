"""The audit log of what happens to people without a page: their clinic is the actor."""

from datetime import datetime
from uuid import UUID

from esoz.kernel import audit
from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.work import Actor, AuditEntry

from ..model.employees import Event


async def note(
    db: Connection, event: Event, resource_id: UUID, *, clinic_id: UUID, at: datetime, **facts: object
) -> None:
    """Leave a line in the transaction of the act. No personal data in `facts`."""
    about = audit.AuditContext(at, str(new_id()), str(event), Actor(client_id=clinic_id))
    await audit.write(db, about, [AuditEntry(str(event), str(resource_id), None, facts)])
