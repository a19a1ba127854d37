"""Pages of signing in and out."""

from datetime import timedelta

from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import Services
from esoz.mis.base.workplace import EVERYBODY, HEADS
from esoz.mis.sign_in import accounts

from . import account, codes, sign_ins
from .registry import pages

__all__ = ["account", "codes", "section", "sign_ins"]


def works(services: Services) -> list[Periodic]:
    """Forgetting answered challenges whose time is over anyway."""
    return [Periodic("challenges", timedelta(hours=1), lambda: accounts.challenges.forget_old(services))]


section = Section(
    "login",
    pages,
    nav=(NavItem(_("Паузи входу"), "/staff/pauses", HEADS), NavItem(_("Мої входи"), "/account", EVERYBODY)),
    works=works,
)
