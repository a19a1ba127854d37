"""Reading registers from files: legal entities (ЄДР), places licensed to sell medicines, mountain settlements."""

import csv
import io
import re
from uuid import UUID

import msgspec

from esoz.central.dictionaries import place_id
from esoz.kernel.payload import UNREADABLE

from .model import EDR, LicensedPlace

_KATOTTG = re.compile(r"UA[0-9]{17}")
_COLUMNS = ("dls_id", "edrpou", "license_number", "settlement", "active_from_date")
_MORE = ("name", "street", "building", "expiry_date")


def read_state_register(raw: bytes) -> list[EDR]:
    """Records from JSON, a list of objects in the published shape of `edr`; raise ValueError saying what is wrong."""
    try:
        records = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=list[EDR])
    except UNREADABLE as fault:
        raise ValueError(f"not a list of records of the state register: {fault}") from fault
    ids = [record.id for record in records]
    if len(set(ids)) < len(ids):
        raise ValueError("an id is told twice")
    return records


def read_licensed_places(raw: bytes) -> list[LicensedPlace]:
    """Places from CSV; `settlement` is a code of КАТОТТГ. Raises ValueError naming the line that is wrong."""
    reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    names = set(reader.fieldnames or ())
    if not set(_COLUMNS) <= names <= {*_COLUMNS, *_MORE}:
        raise ValueError(f"columns are {', '.join(_COLUMNS)}[, {', '.join(_MORE)}]")
    places: dict[str, LicensedPlace] = {}
    for number, row in enumerate(reader, 2):
        place = _place(number, row)
        if place.dls_id in places:
            raise ValueError(f"line {number}: {place.dls_id} is told twice")
        places[place.dls_id] = place
    return list(places.values())


def _place(number: int, row: dict[str, str]) -> LicensedPlace:
    fields: dict[str, object] = {name: text.strip() for name, text in row.items() if name and text and text.strip()}
    missing = [name for name in _COLUMNS if name not in fields]
    if missing:
        raise ValueError(f"line {number}: {', '.join(missing)} is empty")
    settlement: UUID = place_id(str(fields.pop("settlement")))
    try:
        return msgspec.convert(fields | {"settlement_id": settlement}, LicensedPlace, strict=False)
    except msgspec.ValidationError as fault:
        raise ValueError(f"line {number}: {fault}") from fault


def read_mountain_settlements(raw: bytes) -> list[UUID]:
    """Settlements from a text, one code of КАТОТТГ a line. Raises ValueError naming the line that is wrong."""
    found = []
    for number, line in enumerate(raw.decode("utf-8-sig").splitlines(), 1):
        code = line.strip()
        if code and not _KATOTTG.fullmatch(code):
            raise ValueError(f"line {number}: {code[:40]} is no code of КАТОТТГ")
        if code:
            found.append(place_id(code))
    return found
