"""The site of central as an ASGI application."""

from esoz import __version__
from esoz.gateways.signed_files import SignedFiles
from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.limits import Limiter
from esoz.kernel.pages import NavItem, Profile, Site, Terms, active_sessions
from esoz.kernel.settings import Settings
from esoz.kernel.signing import Signing
from esoz.kernel.work import Dependencies

from . import (
    account,
    administration,
    audit,
    black_list,
    complaints,
    consent,
    contact_centre,
    doctors_load,
    information,
    invitations,
    legal_entities,
    operators,
    paper_blank,
    papers,
    patients,
    prices,
    public,
    register,
    sign_in,
    signatures,
    statistics,
    war_territories,
)
from .frame import LIMITS, CentralServices, Visitor, load_visitor, navigation

CONTEXTS = (
    public.pages,
    statistics.pages,
    doctors_load.pages,
    information.pages,
    register.pages,
    war_territories.pages,
    audit.pages,
    prices.pages,
    paper_blank.pages,
    sign_in.pages,
    consent.pages,
    patients.pages,
    account.pages,
    active_sessions.session_pages(),
    invitations.pages,
    administration.pages,
    signatures.pages,
    black_list.pages,
    legal_entities.pages,
    operators.pages,
    contact_centre.pages,
    complaints.pages,
    papers.pages,
)


def make_site(
    database: Database,
    dependencies: Dependencies,
    clock: Clock,
    settings: Settings,
    *,
    counted_in: Database | None = None,
) -> Site[CentralServices, Visitor]:
    """Assemble the pages. Raises RuntimeError when the browser assets are not built.

    `counted_in`: where several processes count forms together.
    """
    profile: Profile[CentralServices, Visitor] = Profile(
        key="central",
        package="esoz.central",
        name="ЕСОЗ",
        base_url=settings.url("central"),
        version=__version__,
        load_user=load_visitor,
        navigation=navigation,
        links=lambda page: [NavItem(page.gettext(active_sessions.LINK), active_sessions.PATH)],
        terms=Terms.of(settings),
        signing=Signing(SignedFiles(dependencies.verifier)),
    )
    limiter = Limiter(settings.number("ESOZ_RATE_LIMIT"), LIMITS, processes=settings.processes, database=counted_in)
    services = CentralServices(dependencies, limiter)
    return Site(CONTEXTS, profile=profile, services=services, database=database, clock=clock)
