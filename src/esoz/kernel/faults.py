"""Faults that rules find in a document: all of one stage are told at once."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from .errors import Invalid, Rejected

Faults: TypeAlias = Iterator[Invalid]

MOST_FAULTS = 20  # as at schema validation


def fault(entry: str, message: str, *, rule: str = "invalid") -> Invalid:
    """One fault of the submitted document."""
    return Invalid(entry, rule, message)


def must_hold(*rules: Iterable[Invalid]) -> None:
    """Raise Rejected with everything the rules found; the first stage with faults answers (EN-1)."""
    found = [each for rule in rules for each in rule]
    if found:
        raise Rejected(invalid=tuple(found[:MOST_FAULTS]))
