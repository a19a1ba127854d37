"""The pharmacy beside electronic prescriptions: paper, and none at all where the war leaves no other way."""

from esoz.mis.base.services import MisSection

from .emergency.pages import section as emergency_section
from .handover.store import unsettled
from .paper.pages import section as paper_section
from .wholesale.pages import section as wholesale_section

SECTIONS: tuple[MisSection, ...] = (paper_section, emergency_section, wholesale_section)

__all__ = ["SECTIONS", "unsettled"]
