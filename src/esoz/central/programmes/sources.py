"""Reading medical programmes from a file."""

from uuid import uuid5

import msgspec

from esoz.kernel.payload import UNREADABLE
from esoz.spec.drugs.tree import NAMESPACE
from esoz.spec.files import content

from .model import Definition, Settings

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
