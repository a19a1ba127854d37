"""Pages of prescriptions, as one section of the workplace."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.section import NavItem, Section, ToSign
from esoz.mis.base.workplace import MEDICAL

from .. import store
from ..texts import KNOWN
from . import beginning, checks, drafts, favourites, issued, several
from .registry import PRESCRIBING, pages

__all__ = ["beginning", "checks", "drafts", "favourites", "issued", "section", "several"]

section = Section(
    "prescriptions",
    pages,
    nav=(NavItem(_("Рецепти"), "/prescriptions", PRESCRIBING),),
    patient_links=(
        NavItem(_("Рецепти"), "/patients/{id}/prescriptions", MEDICAL),
        NavItem(_("Виписати рецепт"), "/patients/{id}/prescriptions/new", PRESCRIBING),
    ),
    errors=KNOWN,
    to_sign=ToSign(PRESCRIBING, store.MADE),
)
