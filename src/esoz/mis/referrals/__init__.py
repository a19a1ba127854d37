"""Referrals: a doctor asks for a service, another clinic finds the referral by its number, takes it and answers."""

from esoz.mis.base.services import MisSection

from .performing.pages import section as performing_section
from .writing.pages import section as writing_section

SECTIONS: tuple[MisSection, ...] = (performing_section, writing_section)
