"""Filling the register of device definitions from a file, any number of times."""

from collections.abc import Sequence

import msgspec

from esoz.central.dictionaries import ImportCounts
from esoz.kernel.work import Work

from . import store
from .model import Definition, Event, must_be_whole


async def import_device_definitions(work: Work, definitions: Sequence[Definition]) -> ImportCounts:
    """Make the register what the file says; what the file lacks goes out of use, for records name it for ever.

    Raises ValueError with the faults of the file.
    """
    must_be_whole(definitions)
    done = await store.save(work, definitions)
    work.record(Event.IMPORTED, "register", **msgspec.to_builtins(done))
    return done
