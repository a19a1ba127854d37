"""The trust centre as an ASGI application: plumbing, public services, the operator's API, pages."""

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from esoz.kernel import audit
from esoz.kernel.admission import Admission
from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.http import API
from esoz.kernel.lifespan import live
from esoz.kernel.metrics import plumbing
from esoz.kernel.objects import Objects
from esoz.kernel.pages import Profile, Site, Terms, delete_expired
from esoz.kernel.pages.translations import mark as _
from esoz.kernel.periodic import Periodic
from esoz.kernel.settings import Settings
from esoz.kernel.strangers import StrangersLog
from esoz.kernel.supervision import Supervisor
from esoz.kernel.work import NOBODY, Work

from . import api, commands, pages
from .centre import Centre, Random
from .formats.addresses import Addresses
from .protocols import Protocols, is_ours

MIGRATIONS = ("esoz.kernel.sql", "esoz.trust_centre.migrations")
NAME = _("Навчальний надавач довірчих послуг")
# Public services take little; the operator's requests for certificates are small as well.
MAX_BODY = 256 * 1024
_PERIODIC_TASKS_EVERY = timedelta(minutes=5)
_CHAIN_EVERY = timedelta(seconds=1)


def secret_of(settings: Settings, name: str) -> str:
    """A secret of this part: the setting, or in the sandbox one that everybody knows; RuntimeError: there is none."""
    given = settings.text(name)
    if given or not settings.sandbox:
        if not given:
            raise RuntimeError(f"Set {name}: the trust centre has known secrets in the sandbox only")
        return given
    return hashlib.sha256(f"sandbox {name}".encode()).hexdigest()


def password_of(settings: Settings) -> str:
    """What opens the key files of the authorities."""
    return secret_of(settings, "ESOZ_TRUST_CENTRE_PASSWORD")


def operator_key(settings: Settings) -> str:
    """What the operator shows."""
    return secret_of(settings, "ESOZ_TRUST_CENTRE_API_KEY")


async def open_centre(database: Database, clock: Clock, settings: Settings, *, random: Random) -> Centre:
    """The centre of a database, in a transaction of its own; what is missing is made and audited."""
    addresses = Addresses(settings.url("trust-centre"))
    async with database.transaction() as db:
        # The dependencies name a centre, and there is none before it is opened.
        work = Work(NOBODY, clock.now(), db, dependencies_of(Centre({}, addresses), settings))
        centre = await commands.establish(work, addresses, password_of(settings), random=random)
        await write_audit(work, "establish")
    return centre


def dependencies_of(centre: Centre, settings: Settings) -> api.CentreGear:
    """The dependencies of this part. It keeps no documents and judges none."""
    return api.CentreGear(
        Objects.in_memory(), api.judge_nothing, api.NoSchemas(), settings.secret(), os.urandom, centre=centre
    )


async def write_audit(work: Work, operation: str) -> None:
    """Write what the work recorded; for acts that come from no request."""
    if work.recorded:
        about = audit.AuditContext(work.now, str(work.new_id()), operation, work.actor)
        await audit.write(work.db, about, work.recorded)


class TrustCentre:
    """The application; its centre is opened when it starts, for its keys lie in the database."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, *, random: Random = os.urandom) -> None:
        self.settings, self.database, self.clock, self._random = settings, database, clock, random
        self.supervisor = Supervisor()
        password_of(settings)
        self._gate = api.OperatorGate(operator_key(settings))
        self._terms = Terms.of(settings)

    async def start(self) -> None:
        """Open the centre and put the application together; the database is open."""
        self.assemble(await open_centre(self.database, self.clock, self.settings, random=self._random))

    def assemble(self, centre: Centre) -> None:
        """Put the application together around an opened centre."""
        self.centre = centre
        self.protocols = Protocols(centre, self.database, self.clock, self._random)
        self._gear = dependencies = dependencies_of(centre, self.settings)
        self._api = API(
            (api.operations,),
            database=self.database,
            gate=self._gate,
            dependencies=dependencies,
            clock=self.clock,
            base_url=self.settings.url("trust-centre"),
            max_body=MAX_BODY,
        )
        services = pages.Services(dependencies, self._gate, self.settings.sandbox)
        self._site: Site[pages.Services, pages.Operator] = Site(
            (pages.pages,), profile=self._profile(), services=services, database=self.database, clock=self.clock
        )
        self._api.admission = self._site.admission = Admission.of(self.settings)

    def _profile(self) -> Profile[pages.Services, pages.Operator]:
        return Profile(
            key="trust_centre",
            package="esoz.trust_centre",
            name=NAME,
            base_url=self.settings.url("trust-centre"),
            version=version("esoz"),
            load_user=pages.load_operator,
            navigation=pages.navigation,
            terms=self._terms,
            max_body=MAX_BODY,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self._life())
            return
        path = scope["path"]
        if is_ours(path):
            response: ASGIApp = await self.protocols.answer(Request(scope, receive))
        else:
            other = self._api if path.startswith("/api/") else self._site
            response = await plumbing(path, self.database, self.supervisor.failing) or other
        await response(scope, receive, send)

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        await self.database.open()
        await self.start()
        works = (
            Periodic("revocation lists", _PERIODIC_TASKS_EVERY, self.tidy),
            Periodic("audit chain", _CHAIN_EVERY, self.chain),
            StrangersLog(self.database, self.clock),
        )
        async with self.supervisor.running(works):
            yield
        await self.database.close()

    async def tidy(self) -> None:
        """Renew the lists whose time comes, forget sessions that are over, make partitions of the audit log."""
        now = self.clock.now()
        for family in self.centre.houses:
            async with self.database.transaction() as db:
                await commands.renew_lists(Work(NOBODY, now, db, self._gear), self.centre, family)
        async with self.database.transaction() as db:
            await delete_expired(db, now, self._terms)
            await audit.make_partitions(db, now)

    async def chain(self) -> None:
        """Decision 7: the audit chain is at most a second behind."""
        async with self.database.transaction() as db:
            while await audit.chain(db) == audit.BATCH:
                pass
