"""The register becomes what the list says."""

from collections.abc import Sequence
from dataclasses import fields

from esoz.central.dictionaries import ImportCounts
from esoz.kernel.work import Work

from . import store
from .model import Event, Territory, TerritoryRow

_COMPARED = tuple(field.name for field in fields(TerritoryRow))


async def import_territories(work: Work, rows: Sequence[TerritoryRow]) -> ImportCounts:
    """Make the register what the rows say; what changed or is gone stays as history. Returns what changed."""
    known = {each.key: each for each in await store.current(work.db, lock=True)}
    told = {row.key: row for row in rows}
    added = [row for key, row in told.items() if key not in known]
    changed = [row for key, row in told.items() if key in known and _differs(row, known[key])]
    gone = [each.id for key, each in known.items() if key not in told]
    await store.replace(work.db, [known[row.key].id for row in changed] + gone, work.now)
    await store.add(work.db, [(work.new_id(), row) for row in (*added, *changed)], work.now)
    done = ImportCounts(len(added), len(changed), len(gone))
    work.record(Event.IMPORTED, "", added=done.added, changed=done.changed, removed=done.removed)
    return done


def _differs(row: TerritoryRow, known: Territory) -> bool:
    return any(getattr(row, name) != getattr(known, name) for name in _COMPARED)
