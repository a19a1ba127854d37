"""The reception: who comes for the first time is registered, data that changed are changed."""

from esoz.mis.base.services import MisSection

from .confidants.pages import section as confidants_section
from .methods.pages import section as methods_section
from .registration.pages import section as registration_section

SECTIONS: tuple[MisSection, ...] = (registration_section, methods_section, confidants_section)
