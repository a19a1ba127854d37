"""What every page of the telephone has at hand besides its request."""

import asyncio
from dataclasses import dataclass, field
from typing import TypeAlias

import httpx

from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.pages import Page, Pages
from esoz.kernel.supervision import Supervisor
from esoz.kernel.vault import Vault
from esoz.sdk import Central, Dictionaries, OAuthClient

from .acquirers import Acquirers
from .holders import Holder, Holders
from .pushes import Pushes


@dataclass(frozen=True, slots=True)
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
    holders: Holders
    acquirers: Acquirers
    pushes: Pushes
    dictionaries: Dictionaries
    inbox: httpx.AsyncClient
    places: asyncio.Semaphore
    supervisor: Supervisor = field(default_factory=Supervisor)


PhonePage: TypeAlias = Page[Services, Holder]
PhonePages: TypeAlias = Pages[Services, Holder]
