"""Where the data files of this package lie, inside a wheel as well as in a clone."""

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import msgspec

_HERE = files("esoz.spec")


def content(*path: str) -> bytes:
    """Return one data file; FileNotFoundError when there is none."""
    return _HERE.joinpath(*path).read_bytes()


def json_document(*path: str) -> Any:
    """Return one JSON data file, decoded."""
    return msgspec.json.decode(content(*path))


def csv_rows(*path: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one CSV data file by the names in its first line."""
    return csv.DictReader(content(*path).decode("utf-8").splitlines(keepends=True))
