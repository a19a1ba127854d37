"""Care for patients: who they are, their episodes, encounters and prescriptions."""

from esoz.mis.base.services import MisSection
from esoz.mis.care.batch.pages import section as batch_section
from esoz.mis.care.episodes.pages import section as episodes_section
from esoz.mis.care.patients.pages import section as patients_section
from esoz.mis.care.prescriptions.pages import section as prescriptions_section
from esoz.mis.care.visits.pages import section as visits_section

SECTIONS: tuple[MisSection, ...] = (
    patients_section,
    episodes_section,
    visits_section,
    prescriptions_section,
    batch_section,
)
