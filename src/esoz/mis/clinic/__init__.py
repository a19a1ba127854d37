"""The clinic itself: its people, its divisions, what the state pays it for."""

from esoz.mis.base.services import MisSection

from .organisation.pages import section as organisation_section
from .reimbursement.pages import section as reimbursement_section
from .staff.pages import section as staff_section

SECTIONS: tuple[MisSection, ...] = (staff_section, organisation_section, reimbursement_section)
