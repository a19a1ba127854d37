"""What every page handler of mis has at hand besides its page."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, TypeAlias

from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.pages import Page, Pages
from esoz.kernel.passwords import Passwords
from esoz.kernel.signing import CertificateVerifier
from esoz.kernel.supervision import Supervisor
from esoz.kernel.vault import Vault
from esoz.kernel.work import SignatureVerifier
from esoz.sdk import Central

from .banners import BannerCache
from .dictionaries import Dictionaries
from .explanations import Explanations
from .health import Watch
from .limits import Limits
from .register import RegisterCache
from .section import Section
from .support import Support
from .workplace import Worker

VAULT = "esoz.mis.vault"  # the name from which the key of this part's secrets follows


class Verifier(SignatureVerifier, CertificateVerifier, Protocol):
    """Judges signatures, and the certificates of keys."""


@dataclass(frozen=True, slots=True)
class Services:
    """The same for all requests of a process.

    `calls` bounds the pages that wait for central at once, so that a slow central never takes every database
    connection and pages of our own data stay open.
    """

    central: Central
    database: Database
    clock: Clock
    vault: Vault
    dictionaries: Dictionaries
    verifier: Verifier
    secret: bytes
    base_url: str
    calls: asyncio.Semaphore
    limits: Limits
    mail_from: str
    explanations: Explanations
    passwords: Passwords = field(default_factory=Passwords)
    sections: Sequence["MisSection"] = ()
    consent_life: timedelta = timedelta(days=37)  # of a refresh token of central
    watch: Watch = field(default_factory=Watch)
    supervisor: Supervisor = field(default_factory=Supervisor)
    banners: BannerCache = field(default_factory=BannerCache)
    support: Support = field(default_factory=Support)
    register: RegisterCache = field(default_factory=RegisterCache)

    @property
    def contacts(self) -> Support:
        """Whom the users ask: whom the operator has named, else whom the vendor has named in central's register."""
        entry = self.register.entry
        return self.support if self.support.is_set or entry is None else entry.support


MisPage: TypeAlias = Page[Services, Worker]
MisPages: TypeAlias = Pages[Services, Worker]
MisSection: TypeAlias = Section[Services]
