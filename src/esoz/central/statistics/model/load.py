"""Doctors' load: how many patients declared, how many places are free, how many visits there were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .suppression import ALL, hidden


class LoadBy(StrEnum):
    """By what the load is told apart; clinics are told of one region."""

    REGION = "region"
    SPECIALITY = "speciality"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Doctors of a region, a speciality or a clinic. A doctor of several clinics is one of each of them."""

    key: str
    name: str
    region: str
    doctors: int
    declared: int  # with those who take declarations, over all their workplaces (DC-17)
    limit: int
    free: int
    visits: int | None  # of a month; None is hidden


@dataclass(frozen=True, slots=True)
class Loads:
    """The load of the whole country as it was at a moment; visits are of a whole month."""

    month: date
    by: Mapping[LoadBy, Sequence[Load]]


def hidden_visits(
    regions: Mapping[str, int], clinics: Mapping[str, Mapping[str, int]], least: int
) -> tuple[frozenset[str], frozenset[str]]:
    """Regions, and clinics by id, of which visits are not told (ST-1, ST-2, ST-3): what one table hides tells no other.

    A region is the total of its clinics: where the clinics cannot hide a small number, the region hides it with them.
    """
    alone = {region: _table(its, least) for region, its in clinics.items()}
    covered = [(region, ALL) for region, found in alone.items() if (ALL, ALL) in found]
    table = {(region, ALL): visits for region, visits in regions.items()} | {(ALL, ALL): sum(regions.values())}
    of_regions = {row for row, _ in hidden(table, least, covered)}
    of_clinics = (_table(its, least, [(ALL, ALL)] if region in of_regions else []) for region, its in clinics.items())
    return frozenset(of_regions - {ALL}), frozenset(id for found in of_clinics for id, _ in found if id != ALL)


def _table(visits: Mapping[str, int], least: int, known: Sequence[tuple[str, str]] = ()) -> frozenset[tuple[str, str]]:
    cells = {(id, ALL): value for id, value in visits.items()} | {(ALL, ALL): sum(visits.values())}
    return hidden(cells, least, known)
