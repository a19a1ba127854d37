"""What the telephone has at hand beyond what every door has."""

from dataclasses import dataclass

import httpx

from ..door.holders import Holders
from ..door.services import DoorPage, Services
from .acquirers import Acquirers
from .keys import Keys
from .pushes import Pushes


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneServices(Services):
    """The same for all requests of the process."""

    holders: Holders
    keys: Keys
    acquirers: Acquirers
    pushes: Pushes
    inbox: httpx.AsyncClient


def phone(page: DoorPage) -> PhoneServices:
    """The services of a page of the telephone."""
    services = page.services
    assert isinstance(services, PhoneServices), "a page of the telephone stands on the telephone"
    return services
