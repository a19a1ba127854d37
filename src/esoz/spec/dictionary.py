"""Dictionaries: lists of codes that bodies are checked against and pages show."""

from collections.abc import Iterator
from functools import cache

import msgspec

from .files import csv_rows


class Value(msgspec.Struct, frozen=True):
    """One code. `parent` is the code above it or ""; `source` says where the code and its words come from."""

    code: str
    description: str
    parent: str
    is_active: bool
    source: str


class Dictionary(msgspec.Struct, frozen=True):
    """One dictionary by its published name.

    `is_partial`: real codes are known to be missing, the published texts give only samples or a default.
    """

    name: str
    labels: tuple[str, ...]
    is_active: bool
    is_partial: bool
    values: tuple[Value, ...]


def dictionaries() -> Iterator[Dictionary]:
    """Yield every dictionary in the order of names; each is read when its turn comes."""
    for name in _index():
        yield dictionary(name)


def dictionary_names() -> tuple[str, ...]:
    """Return the names of all dictionaries that have values."""
    return tuple(_index())


@cache
def dictionary(name: str) -> Dictionary:
    """Return one dictionary; KeyError when no values are known for the name."""
    row = _index()[name]
    return Dictionary(
        name=name,
        labels=tuple(row["labels"].split()),
        is_active=row["is_active"] == "1",
        is_partial=row["is_partial"] == "1",
        values=tuple(_value(each) for each in csv_rows("dictionaries", row["file"])),
    )


def _value(row: dict[str, str]) -> Value:
    return Value(row["code"], row["description"], row["parent"], row["is_active"] == "1", row["source"])


@cache
def _index() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in csv_rows("dictionaries", "index.csv")}
