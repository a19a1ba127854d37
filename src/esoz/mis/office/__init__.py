"""What a pharmacy keeps and its head looks over: printed journals of all ways of handing over, the desk of the head."""

from esoz.mis.base.services import MisSection

from .journals.pages import section as journals_section

SECTIONS: tuple[MisSection, ...] = (journals_section,)
