"""The pharmacy: finding a prescription by its number, choosing packages, handing over."""

from esoz.mis.base.services import MisSection

from .pages import section

SECTIONS: tuple[MisSection, ...] = (section,)
