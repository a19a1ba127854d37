"""Programmes: made and refreshed from the operator's file, any number of times."""

from collections.abc import Sequence

import msgspec

from esoz.central.dictionaries import ImportCounts, dictionaries
from esoz.kernel.work import Work

from . import store
from .model import DICTIONARIES, SETTINGS_DICTIONARIES, Definition, Event, Programme, must_be_whole


async def import_programmes(work: Work, definitions: Sequence[Definition]) -> ImportCounts:
    """Make the register what the file says; a programme of a type it tells, and that it lacks, goes out of use.

    Raises ValueError with the faults of the file.
    """
    done = await make_programmes(work, definitions)
    ids, types = [each.id for each in definitions], [each.type for each in definitions]
    ended = await store.end_others(work.db, ids, types, work.now)
    for id in ended:
        work.record(Event.PROGRAMME_ENDED, id)
    return done + ImportCounts(removed=len(ended))


async def make_programmes(work: Work, definitions: Sequence[Definition]) -> ImportCounts:
    """Make or refresh programmes, and enrol the packages of their groups; others stay as they are."""
    names = {*DICTIONARIES.values(), *SETTINGS_DICTIONARIES.values()}
    must_be_whole(definitions, {name: dictionaries.codes(name) for name in names})
    earlier = await store.find_several(work.db, [each.id for each in definitions])
    added = changed = 0
    for definition in definitions:
        programme = _programme(work, definition)
        known = earlier.get(programme.id)
        if known is None or not _same(known, programme):
            await store.save(work.db, programme)
            added, changed = added + (known is None), changed + (known is not None)
        new = 0
        for group in definition.enrolled:
            new += await store.enrol(work.db, programme.id, group.code_atc, group.start_date, work.now)
        work.record(Event.PROGRAMME_MADE, programme.id, enrolled=new)
    return ImportCounts(added, changed)


def _programme(work: Work, definition: Definition) -> Programme:
    told = msgspec.structs.asdict(definition)
    by = work.actor.user_id
    return Programme(
        **{name: told[name] for name in _SAME},
        settings=definition.medical_program_settings,
        settings_text=definition.medical_program_settings_text,
        inserted_at=work.now,
        inserted_by=by,
        updated_at=work.now,
        updated_by=by,
    )


_SAME = (
    "id",
    "name",
    "type",
    "funding_source",
    "mr_blank_type",
    "is_active",
    "medication_request_allowed",
    "medication_request_allowed_text",
    "medication_dispense_allowed",
    "medication_dispense_allowed_text",
)


def _same(earlier: Programme, later: Programme) -> bool:
    """Whether nothing but the time differs."""
    names = (*_SAME, "settings", "settings_text")
    return all(getattr(earlier, name) == getattr(later, name) for name in names)
