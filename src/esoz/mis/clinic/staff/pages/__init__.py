"""Pages of the people of a clinic."""

from datetime import timedelta

from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import Services
from esoz.mis.base.workplace import STAFF_READERS
from esoz.sdk import CentralError, understood

from ..commands import invitations, roster
from ..store import people
from ..texts import KNOWN
from . import activation, card, everybody, invitation, roles
from .registry import pages

__all__ = ["activation", "card", "everybody", "invitation", "roles", "section"]


def works(services: Services) -> list[Periodic]:
    """Following central, carrying invitations to it, forgetting old ones."""
    away = (CentralError,)
    return [
        Periodic("people", timedelta(seconds=2), understood(lambda: roster.follow(services)), passing=away),
        Periodic("invitations", timedelta(seconds=1), lambda: invitations.deliver(services), passing=away),
        Periodic("old invitations", timedelta(hours=1), lambda: invitations.forget_old(services)),
    ]


section = Section(
    "staff",
    pages,
    nav=(NavItem(_("Персонал"), "/staff", STAFF_READERS),),
    home="/staff",
    errors=KNOWN,
    on_consent=(people.doubt,),  # the new token may ask who works here, if there was none before
    on_doubt=(people.doubt,),
    works=works,
)
