"""What the portal has at hand beyond what every door has."""

from dataclasses import dataclass

from esoz.gateways.govid import GovId

from ..door.holders import Holders
from ..door.services import DoorPage, Services


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalServices(Services):
    """The same for all requests of the process."""

    govid: GovId
    registers: Holders  # what the state's registers know of people


def portal(page: DoorPage) -> PortalServices:
    """The services of a page of the portal."""
    services = page.services
    assert isinstance(services, PortalServices), "a page of the portal stands on the portal"
    return services
