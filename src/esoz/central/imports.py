"""Whole registers from files: `esoz dictionaries|drugs|services|… import FILE`, any number of times.

Each import is one transaction with a line in the audit log: the register is as the file says, or as it was.
"""

import gzip
import io
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeAlias

from esoz.kernel import audit
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.spelling import composed_bytes
from esoz.kernel.spreadsheets import as_table
from esoz.kernel.work import NOBODY, Work
from esoz.spec import drugs

from . import (
    contracts,
    device_definitions,
    dictionaries,
    forbidden_groups,
    medications,
    organisations,
    pis,
    price_catalogue,
    programmes,
    services,
    war_territories,
)
from .process import dependencies_of

Say: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was read; the name tells what is in it.

    `report`: where to write what was not taken, by line; `shrinks`: it is meant that much of the register goes.
    """

    name: str
    raw: bytes
    report: Path | None = None
    shrinks: bool = False


Import: TypeAlias = Callable[[Work, File, Say], Awaitable[None]]


async def import_file(settings: Settings, register: str, file: File, *, partial: bool, say: Say) -> None:
    """Take a file in. Raises ValueError with what is wrong with the file."""
    takes: Mapping[str, Import] = {
        "dictionaries": _partial_dictionaries if partial else _dictionaries,
        "drugs": _drugs,
        "services": _services,
        "diagnoses-groups": _diagnoses_groups,
        "forbidden-groups": _forbidden_groups,
        "state-register": _state_register,
        "civil-acts": _civil_acts,
        "pharmacy-licences": _licensed_places,
        "mountain-settlements": _mountain_settlements,
        "device-definitions": _device_definitions,
        "programmes": _programmes,
        "war-territories": _war_territories,
        "contracts": _contracts,
        "participants": _participants,
        "prices": _prices,
    }
    database = Database(database_url(settings, "central"), size=1)
    await database.open()
    try:
        async with database.transaction() as db:
            work = Work(NOBODY, SystemClock().now(), db, dependencies_of(settings))
            await takes[register](work, replace(file, raw=composed_bytes(_unpacked(file))), say)
            about = audit.AuditContext(work.now, str(work.new_id()), f"{register} import", NOBODY)
            await audit.write(db, about, work.recorded)
    finally:
        await database.close()


def _unpacked(file: File) -> bytes:
    """What a file holds, unpacked when its name ends in .gz; ValueError when it is damaged or cut off."""
    if not file.name.endswith(".gz"):
        return file.raw
    try:
        return gzip.decompress(file.raw)
    except (EOFError, OSError, zlib.error) as fault:
        raise ValueError("the packed file is damaged or cut off") from fault


async def _dictionaries(work: Work, file: File, say: Say, *, partial: bool = False) -> None:
    found = dictionaries.read_dictionaries(file.raw, file.name, partial=partial)
    done = await dictionaries.import_dictionaries(work, found, say=say)
    say(_told(f"{len(found)} dictionaries, codes", done))


async def _partial_dictionaries(work: Work, file: File, say: Say) -> None:
    await _dictionaries(work, file, say, partial=True)


async def _diagnoses_groups(work: Work, file: File, say: Say) -> None:
    done = await dictionaries.import_diagnoses_groups(work, dictionaries.read_diagnoses_groups(file.raw))
    say(_told("groups of diagnoses", done))


async def _forbidden_groups(work: Work, file: File, say: Say) -> None:
    found = forbidden_groups.read_forbidden_groups(file.raw)
    say(_told("forbidden groups", await forbidden_groups.import_forbidden_groups(work, found)))


async def _services(work: Work, file: File, say: Say) -> None:
    done = await services.import_services(work, services.read_services(file.raw, file.name), say=say)
    for name, each in done.items():
        say(_told(name, each))


async def _drugs(work: Work, file: File, say: Say) -> None:
    text = io.StringIO(file.raw.decode("utf-8-sig"), newline="")
    lines = drugs.read_lines(text)
    say(f"{len(lines)} packages in the file")
    done = await medications.import_register(work, list(lines.values()), shrinks=file.shrinks)
    say(f"{len(lines) - done.left_out} rows taken")
    say(f"{done.left_out} rows could not be read with certainty and are left out")
    for reason, count in done.reasons.items():
        say(f"  {reason}: {count}")
    for form, count in _unknown_forms(lines.values(), done.reason_of):
        say(f"  form not in the table: {form or 'not stated'}: {count}")
    if file.report is not None:
        _write_left_out(file.report, lines, done.reason_of)
        say(f"line by line: {file.report}")
    say(_told("packages", done))


def _unknown_forms(rows: Iterable[drugs.Row], reason_of: Mapping[str, str]) -> list[tuple[str, int]]:
    """The words of forms that are in no table, the most frequent first."""
    unknown = [row for row in rows if reason_of.get(row.package_pcid) == drugs.Reason.UNKNOWN_FORM]
    return Counter(row.release_form.strip() for row in unknown).most_common()


def _write_left_out(report: Path, lines: Mapping[int, drugs.Row], reason_of: Mapping[str, str]) -> None:
    heads = ("line", "package_pcid", "name", "form", "reason", "explanation")
    rows = [
        (line, row.package_pcid, row.name_ua, row.release_form, reason, drugs.EXPLAINED[drugs.Reason(reason)])
        for line, row in lines.items()
        if (reason := reason_of.get(row.package_pcid))
    ]
    report.write_bytes(as_table(heads, rows))


async def _participants(work: Work, file: File, say: Say) -> None:
    found = programmes.read_participants(file.raw)
    say(_told("packages in programmes", await programmes.import_participants(work, found)))


async def _prices(work: Work, file: File, say: Say) -> None:
    done = await price_catalogue.import_prices(work, price_catalogue.read_prices(file.raw))
    say(_told("prices", done))


async def _civil_acts(work: Work, file: File, say: Say) -> None:
    count = await pis.import_civil_acts(work, pis.read_civil_acts(file.raw))
    say(f"civil acts: {count} records")


async def _state_register(work: Work, file: File, say: Say) -> None:
    count = await organisations.import_state_register(work, organisations.read_state_register(file.raw))
    say(f"state register: {count} records")


async def _licensed_places(work: Work, file: File, say: Say) -> None:
    count, changed = await organisations.import_licensed_places(work, organisations.read_licensed_places(file.raw))
    say(f"places licensed to sell medicines: {count}, divisions changed: {changed}")


async def _mountain_settlements(work: Work, file: File, say: Say) -> None:
    ids = organisations.read_mountain_settlements(file.raw)
    count, changed = await organisations.import_mountain_settlements(work, ids)
    say(f"mountain settlements: {count}, divisions changed: {changed}")


async def _device_definitions(work: Work, file: File, say: Say) -> None:
    found = device_definitions.read_device_definitions(file.raw)
    say(_told("device definitions", await device_definitions.import_device_definitions(work, found)))


async def _programmes(work: Work, file: File, say: Say) -> None:
    await dictionaries.dictionaries.load(work.db)
    found = programmes.read_programmes(file.raw)
    say(_told("medical programmes", await programmes.import_programmes(work, found)))


async def _war_territories(work: Work, file: File, say: Say) -> None:
    rows, left_out = war_territories.read_territories(file.raw)
    for sentence in left_out:
        say(sentence)
    say(_told(f"{len(rows)} territories in the file", await war_territories.import_territories(work, rows)))


async def _contracts(work: Work, file: File, say: Say) -> None:
    found = contracts.read_contracts(file.raw)
    say(_told("reimbursement contracts", await contracts.import_contracts(work, found)))


class Counted(Protocol):
    """What an import changed."""

    @property
    def added(self) -> int: ...

    @property
    def changed(self) -> int: ...

    @property
    def removed(self) -> int: ...


def _told(what: str, done: Counted) -> str:
    return f"{what}: {done.added} added, {done.changed} changed, {done.removed} out of use"
