"""Kinds of medical conclusions as data: who may write which, for whom, for how long (`spec/compositions.json`)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID, uuid5

import msgspec

from esoz.spec.files import json_document

from .filters import ConfigurationFilter

_NAMES = UUID("6a2b1a52-5b53-5d8e-9c5e-0a2f5f0c6801")
SINCE = datetime(2026, 12, 1, tzinfo=UTC)  # when the register of kinds began; a changed row comes with a release
REGISTER = UUID(int=0)  # nobody's hand: rows come with the release

T = TypeVar("T")


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
    source: str

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


def configuration(type: str, category: str) -> Configuration | None:
    """CM-2: the kind in use, None when there is none such."""
    for each in configurations():
        if (each.type, each.category) == (type, category) and each.is_active:
            return each
    return None


def is_type(type: str) -> bool:
    """Whether conclusions of this type may be written."""
    return any(each.type == type and each.is_active for each in configurations())


def matching(wanted: ConfigurationFilter) -> Sequence[Configuration]:
    """The kinds that a list asks for; all of them are as old as the register."""
    day = SINCE.date()
    lows, highs = (wanted.inserted_at_from, wanted.updated_at_from), (wanted.inserted_at_to, wanted.updated_at_to)
    if any(low and low > day for low in lows) or any(high and high < day for high in highs):
        return ()
    return [
        each
        for each in configurations()
        if wanted.type in (None, each.type)
        and wanted.category in (None, each.category)
        and wanted.is_active in (None, each.is_active)
    ]
