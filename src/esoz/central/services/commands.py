"""Filling the catalogue of services from a file, any number of times."""

from collections.abc import Callable, Collection, Iterable
from uuid import UUID

import msgspec

from esoz.central.dictionaries import ImportCounts
from esoz.kernel.work import Work

from . import store
from .model import Event, Group, Programme, Service, SourceRow, offer_of, service_id, sorted_out


def _silently(_words: str) -> None:
    """Nobody watches."""


async def import_services(
    work: Work, rows: Iterable[SourceRow], *, say: Callable[[str], None] = _silently
) -> dict[str, ImportCounts]:
    """Make the catalogue what the file says; what the file lacks goes out of use, for records name it for ever.

    Returns what changed, by table. Raises ValueError with the faults of the file. `say` is told of progress.
    """
    catalogue = sorted_out(rows)
    parts: tuple[tuple[str, type[msgspec.Struct], list[msgspec.Struct]], ...] = (
        ("service groups", Group, list(catalogue.groups)),
        ("services", Service, list(catalogue.services)),
        ("services of programmes", Programme, list(catalogue.programmes)),
    )
    done: dict[str, ImportCounts] = {}
    for name, shape, listed in parts:
        say(f"{name}: {len(listed)} in the file")
        done[name] = await store.save(work, shape, listed)
    await store.save_members(work.db, catalogue.members)
    work.record(
        Event.SERVICES_IMPORTED,
        "catalogue",
        **{name.replace(" ", "_"): msgspec.to_builtins(each) for name, each in done.items()},
    )
    return done


async def offer_services(work: Work, programme_id: UUID, codes: Collection[str]) -> int:
    """Let a programme pay for these services of the catalogue; those that it lacks are left out, others stay.

    Returns how many are new.
    """
    known = await store.services(work.db, [service_id(code) for code in codes])
    added = await store.add_offers(work, [offer_of(programme_id, code) for code in codes if service_id(code) in known])
    work.record(Event.SERVICES_IMPORTED, programme_id, services_of_programmes=added)
    return added
