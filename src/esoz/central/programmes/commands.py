"""Programmes: made and refreshed from the operator's file, any number of times."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import md5
from uuid import UUID

import msgspec

from esoz.central.dictionaries import ImportCounts, dictionaries
from esoz.kernel.amounts import MONEY, rounded
from esoz.kernel.work import Work

from . import store
from .model import DICTIONARIES, SETTINGS_DICTIONARIES, Definition, Event, Participant, Place, Programme, must_be_whole


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


async def import_participants(work: Work, places: Sequence[Place]) -> ImportCounts:
    """Make what takes part in the programmes of a file what it says; a package it lacks takes part no more (DR-4).

    Programmes that the file does not name stay as they are. Raises ValueError with the first faults.
    """
    dosages = await store.dosages_of(work.db, [each.medication_id for each in places])
    programmes = await store.find_several(work.db, list({each.medical_program_id for each in places}))
    _must_be_known(places, dosages, programmes)
    earlier = await store.priced(work.db, programmes)
    told = {each.id: each for each in (_participant(each, dosages[each.medication_id]) for each in places)}
    gone = [msgspec.structs.replace(each, is_active=False) for id, each in earlier.items() if id not in told]
    ended = [each for each in gone if earlier[each.id].is_active]
    changed = [each for id, each in told.items() if earlier.get(id) != each]
    await store.save_participants(work.db, [*changed, *ended], work.now)
    work.record(Event.PARTICIPANTS_IMPORTED, "register", participants=len(told))
    added = sum(each.id not in earlier for each in changed)
    return ImportCounts(added, len(changed) - added, len(ended))


def _must_be_known(places: Sequence[Place], dosages: Mapping[UUID, UUID], programmes: Mapping[UUID, Programme]) -> None:
    faults, seen = [], set()
    for number, each in enumerate(places, start=1):
        key = (each.medical_program_id, each.medication_id)
        told = list(each.faults())
        told += [] if each.medication_id in dosages else [f"{each.medication_id}: no such medicine"]
        told += [] if each.medical_program_id in programmes else [f"{each.medical_program_id}: no such programme"]
        told += ["it is told twice"] if key in seen else []
        seen.add(key)
        faults += [f"row {number}: {fault}" for fault in told]
    if faults:
        raise ValueError("; ".join(faults[:5]))


def _participant(place: Place, dosage_id: UUID) -> Participant:
    # The same id as enrolment by a group gives.
    digest = md5(f"{place.medical_program_id}{place.medication_id}".encode(), usedforsecurity=False)
    told = {name: _rounded(value) for name, value in msgspec.structs.asdict(place).items()}
    return msgspec.convert(told | {"id": UUID(digest.hexdigest()), "innm_dosage_id": dosage_id}, Participant)


def _rounded(value: object) -> object:
    return rounded(value, MONEY) if isinstance(value, Decimal) else value


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
