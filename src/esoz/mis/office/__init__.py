"""What a pharmacy keeps and its head looks over: printed journals of all ways of handing over, the desk of the head."""

from esoz.mis.base.services import MisSection

from .head.pages import section as head_section
from .journals.pages import section as journals_section

SECTIONS: tuple[MisSection, ...] = (head_section, journals_section)
