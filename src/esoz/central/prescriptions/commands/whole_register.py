"""The whole register of drugs from a file of the state: what is not in it any more goes out of use."""

from collections.abc import Sequence
from dataclasses import dataclass

from esoz.kernel.work import Work
from esoz.spec import drugs as register

from ..store import named
from .register import import_drugs


@dataclass(frozen=True, slots=True)
class ImportedRegister:
    """What an import changed among packages, and how many rows could not be read with certainty."""

    added: int
    changed: int
    removed: int
    left_out: int


async def import_register(work: Work, rows: Sequence[register.Row]) -> ImportedRegister:
    """Make the register of packages what the file says; prescriptions keep naming what went out of use."""
    before = await named.packages(work.db)
    done = await import_drugs(work, rows)
    after = await named.packages(work.db)
    kept = await named.touched(work.db, work.now)
    gone = [id for id, package in before.items() if id not in kept and package["is_active"]]
    await named.put_out_of_use(work.db, gone, work.now)
    return ImportedRegister(
        added=len(after.keys() - before.keys()),
        changed=sum(id in before and before[id] != package for id, package in after.items()),
        removed=len(gone),
        left_out=done.left_out,
    )
