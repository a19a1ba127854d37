"""Filling the register of forbidden groups from a file, any number of times."""

from collections.abc import Sequence

import msgspec

from esoz.central.dictionaries import ImportCounts
from esoz.kernel.work import Work

from . import store
from .model import Event, MemberRow, group_of, member_of


async def import_forbidden_groups(work: Work, rows: Sequence[MemberRow]) -> ImportCounts:
    """Make the register what the file says; a group that the file lacks goes out of use.

    Raises ValueError naming codes and services that nobody knows: a misspelt one would hide nothing.
    """
    members = [member_of(row) for row in rows]
    unknown = await store.unknown(work.db, members)
    if unknown:
        named = [f"{row.system} {row.code}" for row, each in zip(rows, members, strict=True) if each.id in unknown]
        raise ValueError(f"no such code or service: {', '.join(named[:5])}")
    groups = {each.id: each for each in map(group_of, rows)}
    done = await store.save(work.db, list(groups.values()), members)
    work.record(Event.IMPORTED, "register", **msgspec.to_builtins(done))
    return done
