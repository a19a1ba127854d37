"""The parameters of a request: read whole, every fault of them told at once.

In this order: names with two values, names that nobody knows, both by the alphabet; wrong and missing filters in the
order of the structure that they are read into; the page. So whoever mends what is told has nothing left to learn.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

import msgspec

from .db import Page
from .decoding import refusal
from .errors import Invalid, Rejected
from .faults import MOST_FAULTS
from .json_body import text_fault
from .members import NOT_ALLOWED
from .payload import cut_text
from .validation import required

Shape = TypeVar("Shape", bound=msgspec.Struct)

PAGE, SIZE = "page", "page_size"
LAST_PAGE = 1_000_000
SHORTEST, USUAL = 1, 50
MOST_DIGITS = 12
TWICE = "parameter is given more than once"


def read_query(pairs: Sequence[tuple[str, str]], shape: type[Shape]) -> Shape:
    """Query parameters → a typed structure. Raises Rejected with every fault, of the page too."""
    # A text that is read as a date keeps no more of a second than a database does.
    given = {name: cut_text(value) for name, value in pairs}
    filters = {name: value for name, value in given.items() if name not in _paging(shape)}
    is_plain = len(set(pairs)) == len(given) and not any(text_fault("", value) for value in given.values())
    if is_plain and filters.keys() <= set(shape.__struct_encode_fields__):
        try:
            found = msgspec.convert(filters, shape, strict=False)
        except msgspec.ValidationError:
            pass
        else:
            if not any(_page_faults(given, shape)):
                return found
    names = islice(_name_faults(pairs, shape), MOST_FAULTS)  # callers make up names, but not the parameters there are
    faults = (*names, *_filter_faults(filters, shape), *_page_faults(given, shape))
    raise Rejected(invalid=tuple(replace(each, entry_type="query_parameter") for each in faults))


def page_of(pairs: Sequence[tuple[str, str]], *, limit: int) -> Page:
    """The page that parameters without a fault ask for, cut to `limit` (GW-8)."""
    given = dict(pairs)
    return Page(_number(given, PAGE, SHORTEST), min(_number(given, SIZE, USUAL), limit))


def _paging(shape: type[msgspec.Struct]) -> set[str]:
    """The names of the page, unless the structure means something of its own by them."""
    return {PAGE, SIZE}.difference(shape.__struct_encode_fields__)


def _name_faults(pairs: Sequence[tuple[str, str]], shape: type[msgspec.Struct]) -> Iterator[Invalid]:
    names = [name for name, _ in dict.fromkeys(pairs)]  # a copy of a parameter says nothing else than it
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Invalid(_entry(name), "unique", TWICE)
    for name in sorted(set(names) - _paging(shape) - set(shape.__struct_encode_fields__)):
        yield Invalid(_entry(name), "schema", NOT_ALLOWED)


def _filter_faults(given: Mapping[str, str], shape: type[msgspec.Struct]) -> Iterator[Invalid]:
    for each in msgspec.structs.fields(shape):
        name = each.encode_name
        if name in given:
            unfit = text_fault(_entry(name), given[name])  # what no database can look for
            yield from [unfit] if unfit else _value_faults(_entry(name), given[name], each.type)
        elif each.required:
            yield required("$", name)


def _value_faults(entry: str, text: str, kind: Any) -> Iterator[Invalid]:
    try:
        msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError as fault:
        yield from refusal(text, kind, entry, fault).invalid


def _page_faults(given: Mapping[str, str], shape: type[msgspec.Struct]) -> Iterator[Invalid]:
    for name in (each for each in (PAGE, SIZE) if each in given and each in _paging(shape)):
        number = _read(given[name])
        if number is None:
            yield _not_between(name, [SHORTEST])
        elif name == PAGE and number > LAST_PAGE:
            yield _not_between(name, [SHORTEST, LAST_PAGE])


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    return (_read(given[name]) or default) if name in given else default


def _read(text: str) -> int | None:
    """A number from one on. No number of a list is longer, and Python refuses to read one of thousands of digits."""
    digits = text.lstrip("0")[:MOST_DIGITS] if text.isascii() and text.isdigit() else ""
    return int(digits) if digits else None


def _not_between(name: str, bounds: Sequence[int]) -> Invalid:
    words = " and ".join(f"{sign} {bound}" for sign, bound in zip((">=", "<="), bounds, strict=False))
    return Invalid(_entry(name), "number", f"expected the value to be {words}", bounds)


def _entry(name: str) -> str:
    return f"$.{name}" if name and "\0" not in name else "$"
