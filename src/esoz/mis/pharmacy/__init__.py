"""The pharmacy: finding a prescription by its number, choosing packages, handing over."""

from esoz.mis.base.services import MisSection

from .forms import RETURN_REASONS
from .pages import section
from .store import returns, unsettled

SECTIONS: tuple[MisSection, ...] = (section,)

__all__ = ["RETURN_REASONS", "SECTIONS", "returns", "section", "unsettled"]
