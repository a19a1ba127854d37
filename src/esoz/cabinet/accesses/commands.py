"""Taking permissions back."""

from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.sdk import CentralRefused

from ..access import CentralSession
from ..journal import record
from ..services import CabinetPage
from . import queries
from .model import CANCELED, Event


async def end_approval(page: CabinetPage, central: CentralSession, id: UUID) -> None:
    """The doctor sees nothing by it any more; one that is over stays so. Raises CentralRefused, NotFound."""
    try:
        await central.call("PATCH", f"{queries.APPROVALS}/{id}/actions/cancel")
    except CentralRefused:
        if (await queries.approval(central, id)).status != CANCELED:
            raise
    await record(page, Event.APPROVAL_ENDED, id)


async def end_system(page: CabinetPage, central: CentralSession, id: UUID) -> None:
    """The system's access ends at once; a copy of the form finds it ended already. Raises CentralRefused."""
    try:
        await central.call("DELETE", f"{queries.APPS}/{id}")
    except CentralRefused as refused:
        if refused.status != NotFound.status:
            raise
    await record(page, Event.SYSTEM_ENDED, id)
