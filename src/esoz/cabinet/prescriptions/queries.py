"""Asking central for the patient's prescriptions and what was handed over by them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from esoz.sdk import whole

from ..access import CentralSession
from ..listing import several
from .model import Dispense, Notice, Prescription, with_left

REQUESTS = "/api/cabinet/medication_requests"
DISPENSES = "/api/cabinet/medication_dispenses"
MOST_TOGETHER = 6  # of more the QR code would be too fine for a scanner
MOST_NOTICES = 10


async def listed(central: CentralSession, status: str | None) -> list[Prescription]:
    """Prescriptions of a status, or all; the newest first (central has the oldest first)."""
    found = await whole(central, REQUESTS, status=status)
    return [Prescription(content) for content in reversed(found.data)]


async def one(central: CentralSession, request_id: UUID) -> tuple[Prescription, list[Dispense]]:
    """A prescription with its code, and its dispenses, the newest first. Raises CentralRefused when not theirs."""
    content = (await central.get(f"{REQUESTS}/{request_id}")).record()
    dispenses = await _dispenses(central, medication_request_id=request_id)
    return with_left(content, dispenses), dispenses


async def notices(central: CentralSession, request_id: UUID) -> list[Notice]:
    """The last messages about a prescription, the newest first. Raises CentralError."""
    answer = await central.get(f"/api/pis/medication_requests/{request_id}/notices", page_size=MOST_NOTICES)
    return [Notice(content) for content in answer.rows()]


async def usable(central: CentralSession, today: date) -> list[Prescription]:
    """Those that a pharmacy takes now, the newest first."""
    return [each for each in await listed(central, "ACTIVE") if each.is_usable and not each.opens_later(today)]


async def together(central: CentralSession, ids: Sequence[UUID], today: date) -> list[Prescription]:
    """Several with their codes, in the order asked; what a pharmacy would not take any more, or not yet, is left out.

    Raises CentralRefused when one is not theirs.
    """
    answers = await several(*(central.get(f"{REQUESTS}/{id}") for id in ids))
    must_be_here(answers)
    found = [Prescription(answer.record()) for answer in answers]
    return [each for each in found if each.is_usable and not each.opens_later(today)]


async def chosen(central: CentralSession, ids: Sequence[UUID], today: date) -> list[Prescription]:
    """The same for a choice as it came; nothing for one that is empty or too large."""
    return await together(central, ids, today) if 0 < len(ids) <= MOST_TOGETHER else []


async def without_dispenses(central: CentralSession, request_id: UUID) -> Prescription:
    """A prescription alone. Raises CentralRefused when it is not theirs."""
    return Prescription((await central.get(f"{REQUESTS}/{request_id}")).record())


async def active(central: CentralSession, *, most: int) -> tuple[list[Prescription], int]:
    """The newest active prescriptions with codes and what is left, and how many there are in all."""
    found = [each for each in await listed(central, "ACTIVE") if not each.is_plan]
    if not found:
        return [], 0
    shown = found[:most]
    since = min(str(each.content["created_at"]) for each in shown)
    paths = [f"{REQUESTS}/{each.id}" for each in shown]  # before anything is asked: an odd answer may end it here
    dispenses, *answers = await several(
        _dispenses(central, dispensed_from=since), *(central.get(path) for path in paths)
    )
    must_be_here((dispenses, *answers))
    return [with_left(answer.record(), dispenses) for answer in answers], len(found)


def must_be_here(results: Sequence[object]) -> None:
    """Raise what stands in place of an answer: half a prescription is worse than none."""
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _dispenses(
    central: CentralSession, *, medication_request_id: UUID | None = None, dispensed_from: str | None = None
) -> list[Dispense]:
    answer = await whole(central, DISPENSES, medication_request_id=medication_request_id, dispensed_from=dispensed_from)
    return [Dispense(content) for content in reversed(answer.data)]
