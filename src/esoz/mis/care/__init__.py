"""Care for patients: who they are, their episodes, encounters and prescriptions."""

from esoz.mis.base.services import MisSection

from .batch.pages import section as batch_section
from .corrections.pages import section as corrections_section
from .declarations.pages import section as declarations_section
from .episodes.pages import section as episodes_section
from .patients.pages import section as patients_section
from .prescriptions.pages import section as prescriptions_section
from .visits.pages import section as visits_section

SECTIONS: tuple[MisSection, ...] = (
    patients_section,
    declarations_section,
    episodes_section,
    visits_section,
    corrections_section,
    prescriptions_section,
    batch_section,
)
