"""Which codes and services are shown to few, in the memory of a process: every read of a record asks."""

from collections.abc import Mapping, Sequence

from esoz.kernel.db import Connection
from esoz.kernel.memory import Registry
from esoz.kernel.work import Work

from . import store
from .model import Guarded

WHOLE = "register"


async def _whole(db: Connection, _keys: Sequence[str]) -> Mapping[str, Sequence[Guarded]]:
    return {WHOLE: await store.guarded(db)}


REGISTER: Registry[str, Sequence[Guarded]] = Registry("forbidden_groups", _whole)


async def known_guarded(work: Work) -> Sequence[Guarded]:
    """Every code and every service of a group in use, with the group that it is in."""
    return await work.known(REGISTER, WHOLE) or ()
