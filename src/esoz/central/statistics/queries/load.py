"""Doctors' load for everyone, small numbers of visits hidden."""

from collections import defaultdict
from collections.abc import Set
from datetime import timedelta

from esoz.central.workforce import declaration_limits
from esoz.kernel.db import Row
from esoz.kernel.spelling import name_order
from esoz.kernel.work import Work

from .. import store
from ..model import ALL, Event, Load, LoadBy, Loads, hidden, hidden_visits


async def loads(work: Work, least: int) -> Loads:
    """How much doctors have to do, in each region, speciality and clinic; visits of the last whole month."""
    work.record(Event.READ, "load")
    month = (work.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    rows: defaultdict[LoadBy, list[Row]] = defaultdict(list)
    for row in await store.loads(work.db, declaration_limits(work), month):
        rows[LoadBy(row["by"])].append(row)
    clinics: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows[LoadBy.CLINIC]:
        clinics[row["region"]][row["key"]] = row["visits"]
    of_regions, of_clinics = hidden_visits({row["key"]: row["visits"] for row in rows[LoadBy.REGION]}, clinics, least)
    specialities = {(row["key"], ALL): row["visits"] for row in rows[LoadBy.SPECIALITY]}
    of_specialities = {key for key, _ in hidden(specialities | {(ALL, ALL): sum(specialities.values())}, least)}
    covered = {LoadBy.REGION: of_regions, LoadBy.CLINIC: of_clinics, LoadBy.SPECIALITY: of_specialities}
    return Loads(month, {by: sorted((_load(row, covered[by]) for row in rows[by]), key=_order) for by in LoadBy})


def _load(row: Row, covered: Set[str]) -> Load:
    told = {name: row[name] for name in ("key", "name", "region", "doctors", "declared", "limit", "free")}
    return Load(**told, visits=None if row["key"] in covered else row["visits"])


def _order(load: Load) -> tuple[bool, str, str]:
    return not load.name, name_order(load.name), load.key
