"""Help before sign-in and everywhere: banners, support, the state of the system, what the register says of it."""

from esoz.mis.base.services import MisSection

from .banners.pages import section as banners_section
from .register.pages import section as register_section
from .status.pages import section as status_section
from .support.pages import section as support_section

SECTIONS: tuple[MisSection, ...] = (support_section, banners_section, register_section, status_section)
