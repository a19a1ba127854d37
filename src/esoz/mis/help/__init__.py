"""Help at the door and everywhere: banners, support, the state of the system."""

from esoz.mis.base.services import MisSection
from esoz.mis.help.banners.pages import section as door_section
from esoz.mis.help.status.pages import section as status_section

SECTIONS: tuple[MisSection, ...] = (door_section, status_section)
