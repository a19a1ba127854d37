"""Help before sign-in and everywhere: banners, support, the state of the system."""

from esoz.mis.base.services import MisSection

from .banners.pages import section as banners_section
from .status.pages import section as status_section
from .support.pages import section as support_section

SECTIONS: tuple[MisSection, ...] = (support_section, banners_section, status_section)
