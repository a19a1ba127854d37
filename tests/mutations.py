"""JSON that nobody should send: honest documents with one to three parts changed, bytes of signed files too.

Numbers that JSON can spell and Python cannot stand in a document as `Spelled`, and are written by `encoded`.
"""

import json
import random
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any
from uuid import UUID

_SPELLED = re.compile(rb'"@spelled:([^"]*)@"')
_LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def spelled(number: str) -> str:
    """A number as it shall stand in the JSON, digit by digit."""
    return f"@spelled:{number}@"


def encoded(value: object) -> bytes:
    """JSON of a value, lone surrogates and odd numbers included."""
    return _SPELLED.sub(rb"\1", json.dumps(value, default=str).encode())


def _nested(depth: int) -> object:
    node: object = 1
    for number in range(depth):
        node = [node] if number % 2 else {"a": node}
    return node


def _incompressible(size: int) -> str:
    source = random.Random(size)
    return "".join(source.choice(_LETTERS) for _ in range(size))


TEXTS = (
    "",
    " ",
    "\u200b",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\ufffe",
    "%",
    "'",
    "$1",
    "{0}",
    "null",
    "NaN",
    "Infinity",
    "-1",
    "1e400",
    "\u0663",
    "\u202e\U0001f600",
    "0001-01-01",
    "0002-01-01",
    "9998-12-31",
    "9999-12-31",
    "0000-00-00",
    "2026-02-30",
    "2026-11-22",
    "2026-11-22T10:00:00",
    "2026-11-22T10:00:00Z",
    "2026-11-22T24:00:00Z",
    "2026-11-22T10:00:60Z",
    "2026-11-22T10:00:00.123456789123Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "0002-01-01T00:00:00Z",
    "9998-12-31T23:59:59Z",
    "-2026-11-22",
    "25:61",
    "active",
    "entered_in_error",
    "order",
    "PT1H",
    "+380671112233",
    "a@b",
    "https://[",
    str(UUID(int=0)),
    str(UUID(int=2**128 - 1)),
    "0" * 24,
    "a" * 5000,
    _incompressible(300),
    _incompressible(9000),
)
NUMBERS = (
    0,
    -1,
    1,
    1.5,
    0.30000000000000004,
    2**31,
    2**53 - 1,
    2**53,
    *map(spelled, ("1e15", "1e20", "1e308", "1e400", "-1e400", "1e-400", "-0", "1" + "0" * 400, "0.1e1", "1E+2")),
)
OTHERS = (
    None,
    True,
    False,
    [],
    {},
    [[]],
    [{}],
    [None],
    {"a": 1},
    {"": ""},
    {"coding": []},
    {"coding": [{"system": "eHealth/resources", "code": "encounter"}]},
    {"identifier": {}},
    {"value": spelled("1e20")},
    [1] * 300,
    ["a", "a"],
    _nested(20),
    _nested(200),
)
ODD: tuple[Any, ...] = (*TEXTS, *NUMBERS, *OTHERS)

Path = tuple[str | int, ...]


def paths(node: object, path: Path = ()) -> list[Path]:
    """The place of everything below `node`."""
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = [path] if path else []
    for name, value in members:
        found += paths(value, (*path, name))
    return found


def mutated(document: Any, source: random.Random) -> Any:
    """A copy with one to three parts changed."""
    fresh = deepcopy(document)
    for _ in range(source.choice((1, 1, 1, 2, 3))):
        if not isinstance(fresh, dict | list) or not source.randrange(60):
            return _odd(source)
        places = paths(fresh)
        if not places:
            fresh = _odd(source)
            continue
        place = source.choice(places)
        source.choice(WAYS)(_parent(fresh, place), place[-1], source)
    return fresh


def _parent(node: Any, place: Path) -> Any:
    for step in place[:-1]:
        node = node[step]
    return node


def _replace(parent: Any, name: Any, source: random.Random) -> None:
    parent[name] = _odd(source)


def _odd(source: random.Random) -> Any:
    return deepcopy(source.choice(ODD))


def _replace_by_kind(parent: Any, name: Any, source: random.Random) -> None:
    """A value of the same kind, so that what asks for the kind lets it pass."""
    value = parent[name]
    if isinstance(value, bool) or value is None:
        parent[name] = source.choice((True, False, None))
    elif isinstance(value, int | float):
        parent[name] = source.choice(NUMBERS)
    elif isinstance(value, str):
        parent[name] = _like(value, source)
    elif isinstance(value, list):
        parent[name] = source.choice(([], deepcopy(value) + value, [*value, None], value[::-1], value[:1] * 50))
    else:
        parent[name] = source.choice(({}, [deepcopy(value)], {**value, "nobody_knows": 1}, None))


def _like(value: str, source: random.Random) -> str:
    if re.match(r"\d{4}-\d\d-\d\d", value):
        year = source.choice(("0001", "0002", "1900", "2024", "2027", "9998", "9999"))
        return source.choice((year + value[4:], year + value[4:10], *(each for each in TEXTS if each[:1].isdigit())))
    if re.fullmatch(r"[0-9a-f-]{36}", value):
        return source.choice((str(UUID(int=source.getrandbits(128))), str(UUID(int=0)), value.upper(), value[:-1]))
    return source.choice((*TEXTS, value + "\0", value * 400, value.upper(), f" {value} "))


def _drop(parent: Any, name: Any, _source: random.Random) -> None:
    del parent[name]


def _add(parent: Any, _name: Any, source: random.Random) -> None:
    if isinstance(parent, list):
        parent.append(deepcopy(source.choice(parent)))
    else:
        parent[source.choice(("nobody_knows", "id", "status", "a\0", "\ud800", ""))] = _odd(source)


def _swap(parent: Any, name: Any, source: random.Random) -> None:
    others = list(parent) if isinstance(parent, dict) else list(range(len(parent)))
    other = source.choice(others)
    parent[name], parent[other] = parent[other], parent[name]


WAYS: tuple[Callable[[Any, Any, random.Random], None], ...] = (
    _replace,
    _replace,
    _replace_by_kind,
    _replace_by_kind,
    _replace_by_kind,
    _drop,
    _add,
    _swap,
)


def mutated_bytes(data: bytes, source: random.Random) -> bytes:
    """A copy of a file with some bytes changed, doubled or lost."""
    variant = bytearray(data)
    for _ in range(source.choice((1, 1, 1, 3))):
        place, size = source.randrange(len(variant) or 1), source.choice((1, 1, 1, 4, 60))
        match source.randrange(4):
            case 0:
                variant[place : place + size] = source.randbytes(size)
            case 1:
                variant[place : place + 1] = bytes((source.choice(b"\0\1\2\5\x0c\x13\x1e\x30\x31\x7f\x80\xff"),))
            case 2:
                del variant[place : place + size]
            case 3:
                variant[place:place] = variant[place : place + size]
    return bytes(variant)
