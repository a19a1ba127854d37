"""What every page of a door has at hand besides its request."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.pages import Page, Pages
from esoz.kernel.supervision import Supervisor
from esoz.kernel.vault import Vault
from esoz.sdk import Central, Dictionaries, OAuthClient

from .holders import Holder

# The document with the signature of the page's holder. Raises Rejected, and Detour where they sign elsewhere.
Sign: TypeAlias = Callable[[Page["Services", Holder], bytes], Awaitable[bytes]]
# What ЕСОЗ sent to the holder, the newest first. Raises CentralError.
Notices: TypeAlias = Callable[[Page["Services", Holder]], Awaitable[Sequence[object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The same for all requests of a process.

    `places` bounds the pages that wait for central at once: a page holds one database connection, and renewing a
    token takes a second one, so some are always left for that.
    """

    central: Central
    client: OAuthClient
    database: Database
    clock: Clock
    vault: Vault
    dictionaries: Dictionaries
    places: asyncio.Semaphore
    sign: Sign
    notices: Notices | None = None  # None: the door does not show them
    supervisor: Supervisor = field(default_factory=Supervisor)


DoorPage: TypeAlias = Page[Services, Holder]
DoorPages: TypeAlias = Pages[Services, Holder]
