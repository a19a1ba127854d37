"""What central tells of a referral by its number, of what may answer it, and of what was asked last."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from esoz.kernel.db import Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.pages.display import clock_time, short_date
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling, several
from esoz.sdk import Answer as CentralAnswer
from esoz.sdk import CentralRefused, job_outcome

from ..writing import STATUSES, Event, Row, Way, found, listed, settle
from . import model
from .model import Answer

SEARCH = "/api/service_requests"
MOST_ANSWERS = 20


async def by_number(page: MisPage, number: str) -> Mapping[str, Any] | None:
    """The referral with this number in whatever state it is; None when there is none."""
    central = await calling(page)
    asked = [central.get(SEARCH, requisition=number, status=status) for status in STATUSES]
    answers = await several(*asked)
    refused = next((each for each in answers if isinstance(each, Exception)), None)
    rows = [row for each in answers if isinstance(each, CentralAnswer) for row in each.rows()]
    if not rows and refused is not None:
        raise refused
    patient_id = UUID(rows[0]["subject"]["identifier"]["value"]) if rows else None
    await record(page, Event.FOUND, rows[0]["id"] if rows else "", patient_id=patient_id)
    return rows[0] if rows else None


async def verdict(page: MisPage, request: Mapping[str, Any]) -> str:
    """Why its programme does not pay here, or nothing; asked of central before the referral is taken."""
    programme = model.programme_of(request)
    if not programme or not model.is_free(request):
        return ""
    central = await calling(page)
    body = {"programs": [{"identifier": request["program"]["identifier"]}]}
    rows = (await central.post(f"{SEARCH}/{request['id']}/actions/qualify", body)).rows()
    refused = (each for each in rows if each["status"] != "VALID")
    return next((each.get("rejection_reason") or each["status"] for each in refused), "")


async def rows(page: MisPage, way: Way, text: str, *, own: bool) -> Paged:
    """A page of the clinic's list."""
    user_id = page.user.id if own else None
    part = await listed(page.db, page.user.work.clinic_id, way, text, page.list_page(), user_id=user_id)
    await record(page, Event.LISTED, page.user.work.clinic_id)
    return part


async def taken(page: MisPage, id: UUID, *, lock: bool = False) -> Row:
    """A referral that this clinic has asked for. Raises NotFound."""
    row = await found(page.db, page.user.work.clinic_id, Way.TAKEN, id, lock=lock)
    if row is None:
        raise NotFound()
    return row


async def settled(page: MisPage, row: Row) -> tuple[Row, CentralRefused | None]:
    """The same with what has become of what was asked last; the refusal when central did not do it."""
    if not row.act:
        return row, None
    central = await calling(page)
    outcome = await job_outcome(central, row.job_id)
    if not outcome.is_over:
        return row, None
    refused = outcome.refused
    done = replace(row, act="", job_id="", updated_at=page.now)
    if refused is None:
        done = replace(done, status="released" if row.act == model.RELEASE else await _status(central, row))
    elif row.act == model.USE:
        done = replace(done, status="refused")
    await settle(page.db, done)
    return done, refused


async def _status(central: CentralSession, row: Row) -> str:
    answer = await central.get(f"/api/patients/{row.patient_id}/service_requests/{row.id}")
    return str(answer.record()["status"])


async def one(page: MisPage, row: Row) -> Mapping[str, Any] | None:
    """The referral as central shows it to who has it; None when it is another's now."""
    central = await calling(page)
    try:
        answer = await central.get(f"/api/patients/{row.patient_id}/service_requests/{row.id}")
    except CentralRefused as refused:
        if refused.status in (403, 404):
            return None
        raise
    await record(page, Event.READ, row.id, patient_id=row.patient_id)
    return answer.record()


async def answers(page: MisPage, row: Row) -> list[Answer]:
    """What the clinic has recorded of this patient, the newest first of each kind."""
    central = await calling(page)
    asked = [
        central.get(
            f"/api/patients/{row.patient_id}/{part}",
            managing_organization_id=page.user.work.clinic_id,
            page_size=MOST_ANSWERS,
        )
        for part in model.ANSWERS
    ]
    told = await several(*asked)
    found: list[Answer] = []
    for (kind, word), answer in zip(model.ANSWERS.values(), told, strict=True):
        if isinstance(answer, CentralAnswer):
            found += [_answer(page, kind, word, each) for each in answer.rows() if _stands(each)]
    return found


def _stands(each: Mapping[str, Any]) -> bool:
    return each.get("status") != "entered_in_error"


def _answer(page: MisPage, kind: str, word: str, each: Mapping[str, Any]) -> Answer:
    start = (each.get("period") or {}).get("start") or each.get("issued") or each.get("inserted_at") or ""
    code = each.get("code") or {}
    diagnoses = each.get("diagnoses") or [{}]
    name = code.get("display_value") or diagnoses[0].get("condition", {}).get("display_value") or ""
    day = f"{short_date(start)}, {clock_time(start)}" if start else ""
    return Answer(kind, UUID(each["id"]), ", ".join(part for part in (page.gettext(word), day, name) if part))
