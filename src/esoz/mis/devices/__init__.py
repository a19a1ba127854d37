"""Medical devices on prescription: the doctor's side."""

from esoz.mis.base.services import MisSection

from .requests.pages import section as requests_section

SECTIONS: tuple[MisSection, ...] = (requests_section,)
