"""Documents: signing them, and their way to central."""

from esoz.mis.base.services import MisSection

from .sync.pages import section as sync_section
from .unsent.pages import section as unsent_section

SECTIONS: tuple[MisSection, ...] = (sync_section, unsent_section)
