"""What every page handler of the cabinet has at hand besides its page."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.limits import Limiter
from esoz.kernel.pages import Page, Pages
from esoz.kernel.supervision import Supervisor
from esoz.kernel.vault import Vault
from esoz.sdk import Dictionaries

from .connection import Gateway
from .status.watch import Watch

OPENINGS = 30  # tries to open links of prescriptions, of one network address in a minute


@dataclass(frozen=True, slots=True)
class Patient:
    """Whose pages are shown; `id` is central's user, of who acts for another one of the two; `person_id` the record."""

    id: UUID
    person_id: UUID
    last_name: str
    first_name: str
    second_name: str
    signed_in_at: datetime
    applicant: "Patient | None" = None  # who acts for them; None: they act themselves

    @property
    def name(self) -> str:
        """Савченко Тетяна Андріївна"""
        return " ".join(part for part in (self.last_name, self.first_name, self.second_name) if part)

    @property
    def organisation(self) -> str:
        return ""

    @property
    def roles(self) -> frozenset[str]:
        return frozenset()


@dataclass(frozen=True, slots=True)
class Services:
    """The same for all requests of a process.

    `places` bounds the pages that wait for central at once: a page holds one database connection, and renewing a
    token takes a second one, so some are always left for that.
    """

    gateway: Gateway
    database: Database
    clock: Clock
    vault: Vault
    dictionaries: Dictionaries
    watch: Watch
    places: asyncio.Semaphore
    share_hours: int = 24
    openings: Limiter = field(default_factory=lambda: Limiter(OPENINGS, {}))
    supervisor: Supervisor = field(default_factory=Supervisor)


CabinetPage: TypeAlias = Page[Services, Patient]
CabinetPages: TypeAlias = Pages[Services, Patient]
