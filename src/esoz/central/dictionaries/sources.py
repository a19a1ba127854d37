"""Files of dictionaries: JSON as GET /api/v2/dictionaries answers it, or CSV with a header."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from .model import GroupRow

GROUP_COLUMNS = ("code", "name", "description", "system", "diagnosis")
COLUMNS = ("name", "code", "description", "parent", "is_active")


class _JSONValue(msgspec.Struct, frozen=True):
    code: str
    description: str = ""
    is_active: bool = True
    child_values: tuple["_JSONValue", ...] = ()


class _JSONDictionary(msgspec.Struct, frozen=True):
    name: str
    values: tuple[_JSONValue, ...]
    labels: tuple[str, ...] = ("SYSTEM", "EXTERNAL")
    is_active: bool = True


class _Answer(msgspec.Struct, frozen=True):
    data: tuple[_JSONDictionary, ...]


@dataclass(frozen=True, slots=True)
class FileValue:
    """A code of a file; `parent` is "" at the top."""

    code: str
    description: str
    parent: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class FileDictionary:
    """A dictionary of a file; `is_partial` when the file is known not to have all codes."""

    name: str
    values: Sequence[FileValue]
    is_partial: bool
    labels: Sequence[str] = ("SYSTEM", "EXTERNAL")
    is_active: bool = True


def read_dictionaries(raw: bytes, file_name: str, *, partial: bool = False) -> list[FileDictionary]:
    """Dictionaries of a file called `file_name` (`.json` or `.csv`). Raises ValueError when it is neither."""
    if file_name.endswith(".json"):
        found = msgspec.json.decode(raw, type=_Answer | tuple[_JSONDictionary, ...])
        listed = found.data if isinstance(found, _Answer) else found
        dictionaries = [
            FileDictionary(each.name, list(_flat(each.values, "")), partial, each.labels, each.is_active)
            for each in listed
        ]
    else:
        dictionaries = _csv(raw.decode("utf-8-sig"), partial=partial)
    for each in dictionaries:
        _must_be_sound(each)
    return dictionaries


def read_diagnoses_groups(raw: bytes) -> list[GroupRow]:
    """Rows of a CSV file, one for each diagnosis of each group. Raises ValueError."""
    reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    if set(reader.fieldnames or ()) != set(GROUP_COLUMNS):
        raise ValueError(f"columns are {', '.join(GROUP_COLUMNS)}")
    rows = [GroupRow(*((row[name] or "").strip() for name in GROUP_COLUMNS)) for row in reader]
    for number, row in enumerate(rows, 2):
        if not (row.code and row.name and row.system and row.diagnosis):
            raise ValueError(f"line {number}: only the description may be empty")
    return rows


def _flat(values: Sequence[_JSONValue], parent: str) -> Iterator[FileValue]:
    for value in values:
        yield FileValue(value.code, value.description, parent, value.is_active)
        yield from _flat(value.child_values, value.code)


def _csv(text: str, *, partial: bool) -> list[FileDictionary]:
    reader = csv.DictReader(io.StringIO(text))
    if not {"name", "code", "description"} <= set(reader.fieldnames or ()) <= set(COLUMNS):
        raise ValueError(f"columns are {', '.join(COLUMNS)}; the first three must be there")
    found: dict[str, list[FileValue]] = {}
    for row in reader:
        active = (row.get("is_active") or "1").strip().lower() not in ("0", "false", "no")
        value = FileValue(row["code"].strip(), row["description"].strip(), (row.get("parent") or "").strip(), active)
        found.setdefault(row["name"].strip(), []).append(value)
    return [FileDictionary(name, values, partial) for name, values in found.items()]


def _must_be_sound(dictionary: FileDictionary) -> None:
    codes = [value.code for value in dictionary.values]
    known = set(codes)
    if not dictionary.name or not codes or "" in known:
        raise ValueError(f"{dictionary.name or 'a dictionary'}: name and codes must be filled in")
    if len(known) != len(codes):
        twice = sorted(code for code, times in Counter(codes).items() if times > 1)[:3]
        raise ValueError(f"{dictionary.name}: codes stand twice: {', '.join(twice)}")
    if lost := sorted({value.parent for value in dictionary.values} - known - {""})[:3]:
        raise ValueError(f"{dictionary.name}: no such parents: {', '.join(lost)}")
