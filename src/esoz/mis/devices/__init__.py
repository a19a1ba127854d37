"""Medical devices on prescription: the doctor's side, and the pharmacy's."""

from esoz.mis.base.services import MisSection

from .dispenses.pages import section as dispenses_section
from .requests.pages import section as requests_section

SECTIONS: tuple[MisSection, ...] = (requests_section, dispenses_section)
