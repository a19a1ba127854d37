"""The desk: the first page after signing in."""

from esoz.mis.base.services import MisSection

from .pages import section

SECTIONS: tuple[MisSection, ...] = (section,)
