"""For whom the patient speaks, asked of central."""

from uuid import UUID

from esoz.kernel.errors import NotFound

from ..access import CentralSession
from .model import Ward

PATH = "/api/pis/person/wards"


async def wards(central: CentralSession) -> list[Ward]:
    """All of them today. Raises CentralRefused, CentralUnavailable, SignInNeeded."""
    return [Ward(content) for content in (await central.get(PATH)).rows()]


async def ward(central: CentralSession, id: UUID) -> Ward:
    """One of them. Raises NotFound as well."""
    found = next((each for each in await wards(central) if each.id == id and each.is_nameable), None)
    if found is None:
        raise NotFound()
    return found
