"""Which numbers are asked for: of a region, a programme, a substance, or of all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from .counters import Counter

# What the public is told of prescriptions, by the names of their columns.
TOLD = tuple(counter.column for counter in Counter if counter.is_of_prescriptions)

Numbers = Mapping[str, int | Decimal]  # by columns


class Dimension(StrEnum):
    """By what numbers are told apart."""

    REGION = "region"
    PROGRAMME = "programme"
    SUBSTANCE = "substance"


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of all numbers that is asked for; None means all of them together."""

    region: str | None = None
    programme: UUID | None = None
    substance: UUID | None = None

    @property
    def chosen(self) -> tuple[Dimension, ...]:
        """By what it is narrowed."""
        return tuple(each for each in Dimension if getattr(self, each.value) is not None)

    @property
    def free(self) -> tuple[Dimension, ...]:
        return tuple(each for each in Dimension if each not in self.chosen)

    def has_days(self, by: Dimension | None = None) -> bool:
        """Days are counted by region and programme together, or by substance of the whole country."""
        narrowed = {*self.chosen, by} - {None}
        return Dimension.SUBSTANCE not in narrowed or narrowed == {Dimension.SUBSTANCE}

    def without(self, dimension: Dimension) -> "Slice":
        """The same of all regions, programmes or substances."""
        return replace(self, **{dimension.value: None})

    def of(self, dimension: Dimension) -> str:
        """What it is narrowed to, as a key of a table."""
        return str(getattr(self, dimension.value))


@dataclass(frozen=True, slots=True)
class Cell:
    """The numbers of one part of a period and one region, programme or substance (or of all, '')."""

    starts: date
    key: str
    numbers: Numbers
