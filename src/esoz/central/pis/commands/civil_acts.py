"""The register of civil acts is written anew from a file: who may speak for whom."""

from collections.abc import Iterable

from esoz.kernel.work import Work

from .. import store
from ..model import CivilAct, Event


async def import_civil_acts(work: Work, acts: Iterable[CivilAct]) -> int:
    """Write records of the register; return how many. Repeating changes nothing."""
    count = await store.save_acts(work.db, acts, work.now)
    work.record(Event.CIVIL_ACTS_IMPORTED, "", count=count)
    return count
