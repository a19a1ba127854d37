"""Faults that rules find in a document: all of one stage are told at once."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from .errors import Invalid, Rejected

Faults: TypeAlias = Iterator[Invalid]

MOST_FAULTS = 20  # as at schema validation
ONLY_ONE = "Only one of the parameters must be present"
AT_LEAST_ONE = "At least one of the parameters must be present"


def fault(entry: str, message: str, *, rule: str = "invalid") -> Invalid:
    """One fault of the submitted document."""
    return Invalid(entry, rule, message)


def one_too_many(entry: str, *choices: str) -> Invalid:
    """Of these places only one may be there; told at the one too many, as published."""
    return Invalid(entry, "oneOf", ONLY_ONE, choices)


def none_chosen(entry: str, *choices: str) -> Invalid:
    """One of these places must be there; told at what they stand in, as published."""
    return Invalid(entry, "oneOf", AT_LEAST_ONE, choices)


def must_hold(*rules: Iterable[Invalid]) -> None:
    """Raise Rejected with everything the rules found; the first stage with faults answers (EN-1)."""
    found = [each for rule in rules for each in rule]
    if found:
        raise Rejected(invalid=tuple(found[:MOST_FAULTS]))
