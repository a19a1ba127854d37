"""A series for a long illness: one form, as many drafts as periods, made one after another."""

from dataclasses import replace

import msgspec

from esoz.kernel.clock import new_id
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.sdk import CentralRefused, CentralUnavailable

from .. import store
from ..model.course import Course
from ..model.prescriptions import Event, Prescription, State
from . import prescriptions


async def make(page: MisPage, rx: Prescription, course: Course) -> list[Prescription]:
    """Let central make the drafts that will be signed: this one, and those that come after it in its series.

    When central does not take one of them, it keeps none; when it is away, ours are drafts again, and what it made is
    found by the next try. Raises CentralError.
    """
    if course.links > 1 and rx.series_id is None:
        rx = replace(rx, series_id=rx.id)
        await store.save(page.db, rx)
    made = [await prescriptions.make(page, rx, course)]
    try:
        for number in range(1, course.links):
            link = await _link(page, made[0], course, number)
            made.append(await prescriptions.make(page, link, _course_of(course, number)))
    except CentralRefused:
        await prescriptions.reopen(page, made[0])
        raise
    except CentralUnavailable:
        await prescriptions.forget_made(page, made)
        raise
    return made


async def _link(page: MisPage, rx: Prescription, course: Course, number: int) -> Prescription:
    """The one that comes so many after: what was begun before, else a new one."""
    place = rx.series_place + number
    behind = await store.of_series(page.db, rx.series_id or rx.id, after=place - 1)
    found = next((each for each in behind if each.series_place == place), None)
    first, last = course.period(number)
    form = {**rx.form, "started_at": first.isoformat(), "ended_at": last.isoformat(), "links": ""}
    if found is not None:
        if found.state is not State.DRAFT:
            return found
        kept = replace(found, form=form, programme=rx.programme, drug=rx.drug, reason="", updated_at=page.now)
        await store.save(page.db, kept)
        return kept
    link = replace(
        rx,
        id=new_id(),
        state=State.DRAFT,
        series_place=place,
        form=form,
        request_id=None,
        request_number="",
        content=None,
        signed=None,
        created_at=page.now,
        updated_at=page.now,
    )
    await store.add(page.db, link)
    await record(page, Event.STARTED, link.id, patient_id=link.patient_id)
    return link


def _course_of(course: Course, number: int) -> Course:
    first, last = course.period(number)
    return msgspec.structs.replace(course, started_at=first, ended_at=last, links=1)
