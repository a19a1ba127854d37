"""What every page of the simulator has at hand; it signs nobody in for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.pages import Page, Pages
from esoz.kernel.supervision import Supervisor
from esoz.kernel.vault import Vault

from ..door.holders import Holder, Holders
from .model import Client


@dataclass(frozen=True, slots=True)
class Services:
    """The same for all requests of the process."""

    database: Database
    clock: Clock
    vault: Vault
    people: Holders
    clients: Mapping[str, Client]
    supervisor: Supervisor = field(default_factory=Supervisor)


IdPage: TypeAlias = Page[Services, Holder]
IdPages: TypeAlias = Pages[Services, Holder]
