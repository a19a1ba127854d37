"""What drug control says of pharmacies' divisions: its register is imported, and the divisions follow it (DV-6)."""

from collections.abc import Sequence
from uuid import UUID

from esoz.kernel.work import Work

from .. import store
from ..model import Event, LicensedPlace


async def import_licensed_places(work: Work, places: Sequence[LicensedPlace]) -> tuple[int, int]:
    """Make the register what the file says; return how many places there are and how many divisions changed."""
    count = await store.save_licensed_places(work.db, places, work.now)
    work.record(Event.LICENSED_PLACES_IMPORTED, "register", count=count)
    return count, await follow_drug_control(work)


async def follow_drug_control(work: Work, division_id: UUID | None = None) -> int:
    """Verify divisions by the register of today, for terms begin and end; return how many changed."""
    changed = await store.follow_drug_control(work.db, work.today, work.now, division_id)
    for row in changed:
        work.record(Event.DIVISION_DLS_CHANGED, row["id"], verified=row["dls_verified"])
    return len(changed)
