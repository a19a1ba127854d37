"""The acts of a journal: of central what it keeps, of our own books what was brought back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from esoz.mis import pharmacy
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling
from esoz.sdk import is_whole, whole

from . import wire
from .model import MOST_ACTS, Asked, Kind, Row

_DISPENSES = "/api/pharmacy/medication_dispenses"
_DONE = ("PROCESSED", "RETURNED")  # what was handed over; returns have a journal of their own
_Reader: TypeAlias = Callable[[MisPage, CentralSession, Asked], Awaitable[list[Row] | None]]


async def rows(page: MisPage, asked: Asked) -> list[Row] | None:
    """The journal from its first day on; None when it is longer than one that is printed. Raises CentralError."""
    return await _READERS[asked.kind](page, await calling(page), asked)


async def _listed(
    central: CentralSession, path: str, day: str, asked: Asked, **filters: str
) -> Sequence[Mapping[str, Any]] | None:
    """All acts of the period, or None when there are too many."""
    days = {f"{day}_from": asked.first, f"{day}_to": asked.last}
    answer = await whole(central, path, most=MOST_ACTS, division_id=asked.division, **days, **filters)
    return answer.rows() if is_whole(answer) else None


async def _prescriptions(page: MisPage, central: CentralSession, asked: Asked) -> list[Row] | None:
    acts: list[Mapping[str, Any]] = []
    for status in _DONE:
        found = await _listed(central, _DISPENSES, "dispensed", asked, status=status)
        if found is None:
            return None
        acts += found
    acts.sort(key=lambda each: (each["inserted_at"], each["id"]))
    return [row for act in acts for row in wire.by_prescription(page, act)] if len(acts) <= MOST_ACTS else None


async def _paper(page: MisPage, central: CentralSession, asked: Asked) -> list[Row] | None:
    found = await _listed(central, "/api/pharmacy/paper_dispenses", "dispensed", asked)
    return None if found is None else [row for act in reversed(found) for row in wire.by_paper(page, act)]


async def _emergency(page: MisPage, central: CentralSession, asked: Asked) -> list[Row] | None:
    found = await _listed(central, "/api/pharmacy/emergency_dispenses", "dispensed", asked)
    return None if found is None else [row for act in reversed(found) for row in wire.without(page, act)]


async def _wholesale(page: MisPage, central: CentralSession, asked: Asked) -> list[Row] | None:
    found = await _listed(central, "/api/pharmacy/wholesale_supplies", "supplied", asked)
    return None if found is None else [row for act in reversed(found) for row in wire.wholesale(page, act)]


async def _returns(page: MisPage, _central: CentralSession, asked: Asked) -> list[Row] | None:
    clinic_id, days = page.user.work.clinic_id, (asked.first, asked.last)
    found = await pharmacy.returns(page.db, clinic_id, days, asked.division, MOST_ACTS)
    return None if len(found) > MOST_ACTS else [row for act in found for row in wire.brought_back(page, act)]


_READERS: Mapping[Kind, _Reader] = {
    Kind.PRESCRIPTIONS: _prescriptions,
    Kind.PAPER: _paper,
    Kind.EMERGENCY: _emergency,
    Kind.WHOLESALE: _wholesale,
    Kind.RETURNS: _returns,
}
