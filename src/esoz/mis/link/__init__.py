"""The link to central: consent and tokens, the words of its refusals, the copy of its dictionaries."""

from esoz.mis.base.services import MisSection

from .access.pages import section as access_section

SECTIONS: tuple[MisSection, ...] = (access_section,)
