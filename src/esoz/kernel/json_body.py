"""JSON of strangers, in bodies and in signed documents: read, or refused with the place of what nothing can keep."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from .errors import BadRequest, Invalid, Rejected
from .faults import MOST_FAULTS
from .payload import UNREADABLE

MOST_DEPTH = 64  # far deeper than any published shape
LARGEST = 2**53 - 1  # RFC 7493, 2.2: up to here every reader of JSON takes a number for the same one
NO_TEXT = "the character NUL is not allowed in texts"
NO_DAY = "expected a day between the years 2 and 9998"
NO_NUMBER = f"expected a value >= -{LARGEST} and <= {LARGEST}"

_ENDS = frozenset({"0001", "9999"})
# A moment of these years in another zone of time is no moment any more.
_END_OF_TIME = re.compile(r"(0001|9999)-[0-9]{2}-[0-9]{2}(T|$)")
_NESTED, _NUMBERS = frozenset({dict, list}), frozenset({int, float})
_PLAIN = _NESTED | _NUMBERS | {str}
# Numbers beyond all bounds become infinite, so that they can be refused by name.
_unbounded = msgspec.json.Decoder(float_hook=float)


def read_json(raw: bytes) -> object:
    """Bytes → a JSON value.

    Raises BadRequest for what is no JSON (not UTF-8, a lone surrogate, nested without end), and Rejected naming every
    member that no database and no calendar can hold.
    """
    try:
        value = _decoded(raw)
    except UNREADABLE as fault:
        raise BadRequest("Malformed JSON") from fault
    if not _is_sound(value):
        found: list[Invalid] = []
        _look([value], "", 0, found)
        if found:
            raise Rejected(invalid=tuple(found[:MOST_FAULTS]))
    return value


def text_fault(entry: str, text: str, *, entry_type: str = "json_data_property") -> Invalid | None:
    """What is wrong with a text wherever it comes from: NUL in it, or a day at the very ends of the calendar."""
    if "\0" in text:
        return Invalid(entry, "format", NO_TEXT, (), entry_type)
    if text[:4] in _ENDS and _END_OF_TIME.match(text):
        return Invalid(entry, "format", NO_DAY, (), entry_type)
    return None


def _decoded(raw: bytes) -> object:
    try:
        return msgspec.json.decode(raw)
    except msgspec.ValidationError:
        return _unbounded.decode(raw)


def _is_sound(value: object) -> bool:
    """Whether there is nothing for `_look` to name. Each body passes here: it is asked level by level, not by leaf."""
    level: list[Any] = [[value]]
    for _ in range(MOST_DEPTH + 1):
        values: list[Any] = []
        for node in level:
            if type(node) is dict:
                if "\0" in "".join(node):
                    return False
                values += node.values()
            else:
                values += node
        texts = [each for each in values if type(each) is str]
        if "\0" in "".join(texts) or [each for each in texts if each[:4] in _ENDS]:
            return False
        if [each for each in values if type(each) in _NUMBERS and not -LARGEST <= each <= LARGEST]:
            return False
        level = [each for each in values if type(each) in _NESTED]
        if not level:
            return True
    return False


def _look(node: dict[str, object] | list[object], path: str, depth: int, found: list[Invalid]) -> None:
    """Add the faults of all that stands below `node`, each with its place."""
    if depth > MOST_DEPTH:
        raise BadRequest("JSON is nested too deeply")
    members: Iterable[tuple[object, object]] = node.items() if isinstance(node, dict) else enumerate(node)
    for name, value in members:
        if type(name) is str and "\0" in name:
            found.append(Invalid(path or "$", "format", NO_TEXT))
            continue
        if type(value) not in _PLAIN:
            continue
        if isinstance(value, dict | list):
            _look(value, _place(path, name), depth + 1, found)
        elif isinstance(value, str):
            if fault := text_fault("", value):
                found.append(Invalid(_place(path, name), fault.rule, fault.description))
        elif isinstance(value, int | float) and not -LARGEST <= value <= LARGEST:
            found.append(Invalid(_place(path, name), "number", NO_NUMBER, [-LARGEST, LARGEST]))


def _place(path: str, name: object) -> str:
    if not path:
        return "$"
    return f"{path}.{name}" if isinstance(name, str) else f"{path}[{name}]"
