"""What the register says of this workplace, on the desk."""

from collections.abc import Sequence
from datetime import timedelta

from esoz.kernel.pages.display import short_date
from esoz.kernel.periodic import Periodic
from esoz.mis.base.register import STOPPED, RegisterEntry, Standing
from esoz.mis.base.section import Notice, Section
from esoz.mis.base.services import MisPage, MisPages, Services
from esoz.mis.base.workplace import HEADS
from esoz.sdk import CentralError, understood

from . import commands
from .queries import standings_now
from .texts import STOPPED_TEXT, STOPPED_TITLE, TO_SUPPORT, TOLD

pages: MisPages = MisPages()

ANSWERABLE = HEADS | {"ADMIN"}  # for the system of their clinic
LOOK_EVERY = timedelta(minutes=1)  # at what another process has heard


async def notices(page: MisPage) -> Sequence[Notice]:
    """All of it for who can do something about it; for others that nothing is sent, when it is so."""
    found, entry = standings_now(page), page.services.register.entry
    if entry is None:
        return ()
    if page.user.roles & ANSWERABLE:
        return [_notice(page, each, entry) for each in found]
    if STOPPED & set(found):
        return [Notice("register", page.gettext(STOPPED_TITLE), page.gettext(STOPPED_TEXT))]
    return ()


def _notice(page: MisPage, standing: Standing, entry: RegisterEntry) -> Notice:
    title, text = (page.gettext(each) for each in TOLD[standing])
    facts = {
        "installed": page.profile.version,
        "tested": entry.version,
        "oldest": entry.oldest_version,
        "until": short_date(entry.attestation_until),
    }
    return Notice(f"register-{standing}", title, text.format(**facts), page.gettext(TO_SUPPORT), "/help")


def works(services: Services) -> list[Periodic]:
    """Asking, beside the pages; central comes back, so its absence passes."""
    return [Periodic("register", LOOK_EVERY, understood(lambda: commands.follow(services)), passing=(CentralError,))]


section = Section("register", pages, notices=(notices,), works=works)
