"""The pages of this section, gathered."""

from esoz.mis.base.services import MisPages
from esoz.mis.base.workplace import holders

pages: MisPages = MisPages()
HOME = "/patients/{id}/confidants"
# The published table: a registrar sees who speaks for a patient, medical workers change it.
SEEING = holders("confidant_person_relationship:read")
CHANGING = holders("confidant_person_relationship_request:write")
