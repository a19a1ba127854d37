"""The site of central as an ASGI application."""

from esoz import __version__
from esoz.gateways.signed_files import SignedFiles
from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.limits import Limiter
from esoz.kernel.pages import Profile, Site, Terms
from esoz.kernel.settings import Settings
from esoz.kernel.signing import Signing
from esoz.kernel.work import Gear

from . import account, administration, consent, information, invitations, public, register, sign_in
from .frame import LIMITS, CentralServices, Visitor, load_visitor, navigation


def make_site(database: Database, gear: Gear, clock: Clock, settings: Settings) -> Site[CentralServices, Visitor]:
    """Assemble the pages. Raises RuntimeError when the browser assets are not built."""
    profile: Profile[CentralServices, Visitor] = Profile(
        key="central",
        package="esoz.central",
        name="ЕСОЗ",
        base_url=settings.url("central"),
        version=__version__,
        load_user=load_visitor,
        navigation=navigation,
        terms=Terms.of(settings),
        signing=Signing(SignedFiles(gear.judge)),
    )
    services = CentralServices(gear, Limiter(settings.number("ESOZ_RATE_LIMIT"), LIMITS))
    contexts = (
        public.pages,
        information.pages,
        register.pages,
        sign_in.pages,
        consent.pages,
        account.pages,
        invitations.pages,
        administration.pages,
    )
    return Site(contexts, profile=profile, services=services, database=database, clock=clock)
