"""Medical conclusions: what a doctor states about a patient for others, from temporary incapacity to driving."""

from esoz.mis.base.services import MisSection

from .writing.pages import section as writing_section

SECTIONS: tuple[MisSection, ...] = (writing_section,)
