"""Questions of pharmacies about what they handed over."""

from collections.abc import Mapping

from esoz.central.records import dispenses_of_clinic
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import Forbidden
from esoz.kernel.work import Work

from .. import policy
from ..model import Event


async def own_dispenses(work: Work, filters: Mapping[str, object], page: Page) -> Paged:
    """What our legal entity handed over, the newest first; each patient shown is told of it (DVD-11)."""
    own = policy.client_of(work.actor)
    if filters.get("performer_legal_entity") not in (None, own):
        raise Forbidden("Access denied")
    paged = await dispenses_of_clinic(work.db, own, filters, page)
    work.record(Event.DISPENSES_READ, own)
    for row in paged.rows:
        work.record(Event.DISPENSES_READ, row["id"], patient_id=row["person_id"])
    return paged
