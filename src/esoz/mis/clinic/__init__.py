"""The clinic itself: its people, its divisions."""

from esoz.mis.base.services import MisSection

from .organisation.pages import section as organisation_section
from .staff.pages import section as staff_section

SECTIONS: tuple[MisSection, ...] = (staff_section, organisation_section)
