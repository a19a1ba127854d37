"""Help at the door and everywhere: banners, support, the state of the system."""

from esoz.mis.base.services import MisSection

from .banners.pages import section as door_section
from .status.pages import section as status_section

SECTIONS: tuple[MisSection, ...] = (door_section, status_section)
