"""Filling the register of reimbursement contracts from a file, any number of times."""

from collections.abc import Sequence

import msgspec

from esoz.central.dictionaries import ImportCounts
from esoz.kernel.work import Work

from . import store
from .model import Contract, Event, must_be_whole


async def import_contracts(work: Work, contracts: Sequence[Contract]) -> ImportCounts:
    """Make the register what the file says; a contract that the file lacks is terminated, never deleted.

    Raises ValueError with the faults of the file.
    """
    must_be_whole(contracts)
    done = await store.save(work.db, contracts, work.now)
    work.record(Event.IMPORTED, "register", **msgspec.to_builtins(done))
    return done
