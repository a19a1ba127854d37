"""Kinds of medical conclusions: who may write which, for whom, for how long; and what these settings refuse.

The rules of periods and patients stand here, so that a clinic's system tells before the signature what central would
refuse after it: both read one table by one reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID, uuid5

import msgspec

from .files import json_document

_NAMES = UUID("6a2b1a52-5b53-5d8e-9c5e-0a2f5f0c6801")


class Check(msgspec.Struct, frozen=True):
    """Words, numbers or a yes that a conclusion is compared with."""

    check: Any = None


class AgeLimits(msgspec.Struct, frozen=True):
    """Full years of the patient, both ends are in; None: no limit."""

    min: int | None = None
    max: int | None = None


class PeriodLimits(msgspec.Struct, frozen=True):
    """Days of a period, and how far its first day may be from the day of writing."""

    min_days: int
    max_days: int
    back_days: int = 0
    ahead_days: int = 0


class Continuation(msgspec.Struct, frozen=True):
    """How soon one conclusion follows another, and how many days they may be together."""

    gap_days: int
    total_days: int


class CodeLetters(msgspec.Struct, frozen=True):
    """Which letters may stand at a code of the conditions of driving."""

    condition: Mapping[str, str]
    check: tuple[str, ...]


class Settings(msgspec.Struct, frozen=True, rename=lambda field: f"COMPOSITION_{field.upper()}"):
    """The rules of one kind; names as published, those that are not published are ours in the same style."""

    person_gender: Check = Check()
    person_age: AgeLimits = AgeLimits()
    person_identified: Check = Check()
    author_employee_type: Check = Check()
    encounter_age_days: Check = Check()
    section_empty_reason: Check = Check()
    section_nesting_level: Check = Check()
    section_count_limit: Check = Check()
    section_orderby: Check = Check()
    validity_period: PeriodLimits | None = None
    periods_overlap: Check = Check()
    relates_to: Check = Check()
    continuation: Continuation | None = None
    required_entries: Check = Check()
    driver_related_codes: tuple[CodeLetters, ...] = ()

    def words(self, name: str) -> frozenset[str] | None:
        """The words allowed by a setting; None when it says nothing."""
        found = getattr(self, name).check
        return None if found is None else frozenset(found)


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of conclusions. `source` says where its rules come from."""

    type: str
    category: str
    is_active: bool
    settings: Mapping[str, Any]
    source: str = ""

    @property
    def id(self) -> UUID:
        return uuid5(_NAMES, f"{self.type}/{self.category}")

    @property
    def rules(self) -> Settings:
        return msgspec.convert(self.settings, Settings)


@cache
def configurations() -> Sequence[Configuration]:
    """All kinds, by type and category."""
    found = [msgspec.convert(row, Configuration) for row in json_document("compositions.json")]
    return sorted(found, key=lambda each: (each.type, each.category))


class Wrong(StrEnum):
    """What the settings of a kind refuse."""

    GENDER = "gender"
    AGE = "age"
    ORDER = "order"  # the last day before the first
    LENGTH = "length"
    EARLY = "early"
    LATE = "late"
    GAP = "gap"  # a continuation does not begin where the earlier one ends
    TOTAL = "total"  # all of them together are too long


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a conclusion, both ends are in."""

    first: date
    last: date

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    def meets(self, other: "Days") -> bool:
        """CM-8: whether they have a day in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Before:
    """What a conclusion goes on after (last day, days together), or stands for (first day)."""

    end: date | None = None
    days: int = 0
    replaced_first: date | None = None


def wrong_patient(settings: Settings, gender: str | None, years: int | None) -> Iterator[Wrong]:
    """CM-5; what nobody knows of somebody unidentified refuses nothing."""
    genders, limits = settings.words("person_gender"), settings.person_age
    if genders is not None and gender is not None and gender.lower() not in genders:
        yield Wrong.GENDER
    if years is None:
        return
    if (limits.min is not None and years < limits.min) or (limits.max is not None and years > limits.max):
        yield Wrong.AGE


def wrong_days(settings: Settings, days: Days, today: date, before: Before) -> Iterator[Wrong]:
    """CM-7, CM-9: how long, how far from today, and where the earlier one ended."""
    limits = settings.validity_period
    if limits is None:
        return
    if days.last < days.first:
        yield Wrong.ORDER
        return
    if not limits.min_days <= days.count <= limits.max_days:
        yield Wrong.LENGTH
    # What stands for another one may begin where that one began; what goes on, where the earlier one ends.
    is_kept = days.first == before.replaced_first
    if days.first < today - timedelta(days=limits.back_days) and not is_kept:
        yield Wrong.EARLY
    if days.first > today + timedelta(days=limits.ahead_days) and not is_kept and before.end is None:
        yield Wrong.LATE
    if (rules := settings.continuation) is None:
        return
    if before.end is not None and not before.end < days.first <= before.end + timedelta(days=rules.gap_days):
        yield Wrong.GAP
    if before.days + days.count > rules.total_days:
        yield Wrong.TOTAL
