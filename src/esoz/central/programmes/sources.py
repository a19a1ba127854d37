"""Reading medical programmes, and the packages that take part in them, from files."""

import csv
import io
from uuid import uuid5

import msgspec

from esoz.kernel.payload import UNREADABLE
from esoz.spec.drugs.tree import NAMESPACE
from esoz.spec.files import content

from .model import Definition, Place, Settings

ANTIBIOTICS_PROGRAMME = uuid5(NAMESPACE, "PROGRAMME antibiotics")
KNOWN = frozenset(Settings.__struct_fields__)


class _Told(msgspec.Struct, frozen=True):
    id: str
    medical_program_settings: dict[str, object]


def read_programmes(raw: bytes) -> list[Definition]:
    """Programmes from JSON: a list of objects as published, with the packages each enrols by ATC group beside.

    Raises ValueError saying what is wrong.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        found = msgspec.json.decode(raw, type=list[Definition])
        told = msgspec.json.decode(raw, type=list[_Told])
    except UNREADABLE as fault:
        raise ValueError(f"not a list of medical programmes: {fault}") from fault
    # A switch that is misspelt would be silently off. Stored rows may have switches of a later release.
    for each in told:
        if unknown := sorted(each.medical_program_settings.keys() - KNOWN):
            raise ValueError(f"{each.id}: no such setting: {', '.join(unknown)}")
    return found


def common_programmes() -> list[Definition]:
    """The programmes that the country needs, each with the law that it comes from (`spec/programmes.json`)."""
    return read_programmes(content("programmes.json"))


def read_participants(raw: bytes) -> list[Place]:
    """Packages that take part in programmes with their prices, from CSV. Raises ValueError naming the line."""
    reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    missing = set(_REQUIRED) - set(reader.fieldnames or ())
    if missing:
        raise ValueError(f"columns are missing: {', '.join(sorted(missing))}")
    found = []
    for row in reader:
        told = {name: text for name in Place.__struct_fields__ if (text := (row.get(name) or "").strip())}
        try:
            found.append(msgspec.convert(told, Place, strict=False))
        except msgspec.ValidationError as fault:
            raise ValueError(f"line {reader.line_num}: {fault}") from fault
    return found


_REQUIRED = ("medical_program_id", "medication_id", "start_date", "reimbursement_amount")


def common_participants() -> list[Place]:
    """What of the carried medicines the state pays for, at invented prices (`spec/participants.csv`)."""
    return read_participants(content("participants.csv"))
