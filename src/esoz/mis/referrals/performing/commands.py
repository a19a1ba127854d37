"""Taking a referral, giving it back, completing it: asked of central, which does it as a job."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling
from esoz.sdk import job_of

from ..writing import Event, Row, Way, keep, settle
from . import model
from .queries import SEARCH

EVENTS = {model.USE: Event.TAKEN, model.RELEASE: Event.RELEASED, model.COMPLETE: Event.COMPLETED}


async def take(page: MisPage, request: Mapping[str, Any]) -> Row:
    """Ask for a referral that was found. Raises CentralError. Asked twice it is the same job, or the same clinic's."""
    work = page.user.work
    row = Row(
        clinic_id=work.clinic_id,
        id=UUID(request["id"]),
        way=Way.TAKEN,
        user_id=page.user.id,
        patient_id=UUID(request["subject"]["identifier"]["value"]),
        patient_name=model.called(request["identity"]),
        service_id=UUID(request["code"]["identifier"]["value"]),
        service=request["code"].get("display_value") or "",
        requisition=request["requisition"],
        status=request["status"],
        created_at=page.now,
        updated_at=page.now,
    )
    body = model.usage(work.clinic_id, work.employee_id, model.programme_of(request))
    row = replace(row, act=model.USE, job_id=await _ask(page, row, model.USE, body))
    await keep(page.db, row)
    return row


async def release(page: MisPage, row: Row) -> None:
    await _act(page, row, model.RELEASE, {})


async def complete(page: MisPage, row: Row, answer: str, reason: str) -> None:
    await _act(page, row, model.COMPLETE, model.completion(answer, reason))


async def _act(page: MisPage, row: Row, act: str, body: Mapping[str, Any]) -> None:
    job_id = await _ask(page, row, act, body)
    await settle(page.db, replace(row, act=act, job_id=job_id, updated_at=page.now))


async def _ask(page: MisPage, row: Row, act: str, body: Mapping[str, Any]) -> str:
    """The job that central has made of it."""
    central = await calling(page)
    plain: dict[str, Any] = msgspec.to_builtins(dict(body))
    answer = await central.patch(f"{SEARCH}/{row.id}/actions/{act}", plain)
    await record(page, EVENTS[act], row.id, patient_id=row.patient_id)
    return job_of(answer.record())
