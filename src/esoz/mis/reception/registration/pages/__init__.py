"""Pages of registering people."""

from datetime import timedelta

from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import Services
from esoz.mis.base.workplace import REGISTERING
from esoz.sdk import CentralError

from .. import store
from ..commands import signing
from ..texts import KNOWN
from . import beginning, change, check, confirmation, form, listing, signatures, speaker
from .registry import HOME, pages

__all__ = ["beginning", "change", "check", "confirmation", "form", "listing", "section", "signatures", "speaker"]


def works(services: Services) -> list[Periodic]:
    """Carrying signed registrations to central, forgetting old ones."""
    away = (CentralError,)
    return [
        Periodic("registrations", timedelta(seconds=1), lambda: signing.deliver(services), passing=away),
        Periodic("old registrations", timedelta(hours=1), lambda: signing.forget_old(services)),
    ]


section = Section(
    "registration",
    pages,
    nav=(NavItem(_("Реєстрація"), HOME, REGISTERING),),
    home=HOME,
    patient_links=(NavItem(_("Змінити персональні дані"), "/patients/{id}/change", REGISTERING),),
    search_links=(NavItem(_("Зареєструвати нового пацієнта"), f"{HOME}/new", REGISTERING),),
    errors=KNOWN,
    on_consent=(store.wake,),
    needs_consent=store.under_way,
    works=works,
)
