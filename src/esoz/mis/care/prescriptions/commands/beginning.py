"""Beginning prescriptions: what the doctor wants, by which programmes it can be had, drafts of all of it at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling, several
from esoz.sdk import Answer, CentralError, CentralRefused

from .. import queries, store
from ..forms import Wish, course_in_any
from ..model.course import Course, PrescribingContext, Programme, order
from ..model.dosing import Misread
from ..model.drugs import Drug
from ..model.prescriptions import Event, Prescription, State, Way, best

_NOT_CHECKED = ("medical_program_id", "note")  # the published check knows neither
Offer = tuple[Programme, Drug]


@dataclass(slots=True)
class Begun:
    """What came of the wishes: drafts, or by fields why there are none; then nothing was stored."""

    drafts: list[Prescription] = field(default_factory=list)
    faults: dict[str, Misread] = field(default_factory=dict)
    refused: dict[str, CentralRefused] = field(default_factory=dict)
    not_had: list[str] = field(default_factory=list)  # fields of medicines that no programme of the doctor has

    @property
    def is_whole(self) -> bool:
        return not (self.faults or self.refused or self.not_had)


async def begin(page: MisPage, patient_id: UUID, encounter_id: UUID, wishes: Sequence[Wish]) -> Begun:
    """Drafts of everything wished for, each by the cheapest programme that central takes it by: all of them or none.

    Raises CentralUnavailable; NotFound without a division of the workplace.
    """
    central, place, begun = await calling(page), _place(page, patient_id, encounter_id), Begun()
    programmes = await queries.programmes(page, central)
    offers = await queries.offers(central, programmes, [each.drug_id for each in wishes])
    drafts: list[Prescription] = []
    for wish, offered in zip(wishes, offers, strict=True):
        if not offered:
            begun.not_had.append(wish.drug_field)
            continue
        form = _form(page, wish, offered[0][1])
        if isinstance(form, Misread):
            begun.faults[wish.line_field] = form
            continue
        try:
            ways = await weigh(page, central, place, offered, form) if form else []
        except CentralRefused as refused:
            begun.refused[wish.line_field] = refused
        else:
            drafts.append(_draft(page, place, offered[0], form, ways))
    if begun.is_whole:
        begun.drafts = [await _start(page, rx) for rx in drafts]
    return begun


def _form(page: MisPage, wish: Wish, drug: Drug) -> dict[str, str] | Misread:
    """The form of a draft, empty when nothing was told; the fault when it cannot be a course of this medicine."""
    form = wish.form_for(drug, page.today)
    if isinstance(form, Misread) or not form:
        return form
    course = course_in_any(form, drug, page.today, page.services.dictionaries)
    return course if isinstance(course, Misread) else form


def _place(page: MisPage, patient_id: UUID, encounter_id: UUID) -> PrescribingContext:
    work = page.user.work
    if work.division_id is None:
        raise NotFound()
    return PrescribingContext(patient_id, work.employee_id, work.division_id, encounter_id)


async def weigh(
    page: MisPage, central: CentralSession, place: PrescribingContext, offered: Sequence[Offer], form: dict[str, str]
) -> list[Way]:
    """The programmes that have the medicine, each with central's answer. Raises CentralError when there is none.

    Packages differ between programmes, and with them the quantity of whole packages: those with the same quantity are
    asked about together.
    """
    groups: dict[Decimal, list[tuple[Offer, Course]]] = defaultdict(list)
    for programme, drug in offered:
        course = course_in_any(form, drug, page.today, page.services.dictionaries)
        if isinstance(course, Course):
            groups[course.quantity].append(((programme, drug), course))
    answers = await several(*(_ask(page, central, place, each) for each in groups.values()))
    reasons: dict[str, str] = {}
    for answer in answers:
        if isinstance(answer, Answer):
            reasons |= {row["program_id"]: _reason(row) for row in answer.rows()}
    if answers and not reasons:
        raise next(each for each in answers if isinstance(each, CentralError))
    return [Way(programme, drug, reasons[id_]) for programme, drug in offered if (id_ := str(programme.id)) in reasons]


async def _ask(
    page: MisPage, central: CentralSession, place: PrescribingContext, group: Sequence[tuple[Offer, Course]]
) -> Answer:
    (programme, drug), course = group[0]
    asked = order(drug, course, place, programme.id, page.today)
    body = {
        "medication_request_request": {name: value for name, value in asked.items() if name not in _NOT_CHECKED},
        "programs": [{"id": str(each.id)} for (each, _drug), _course in group],
    }
    return await central.post("/api/medication_request_requests/prequalify", body)


def _reason(verdict: dict[str, Any]) -> str:
    """Why the programme does not take it; empty when it does."""
    return "" if verdict["status"] == "VALID" else verdict.get("rejection_reason") or verdict["status"]


def _draft(
    page: MisPage, place: PrescribingContext, first: Offer, form: dict[str, str], ways: Sequence[Way]
) -> Prescription:
    chosen = best(ways) or Way(*first)
    return Prescription(
        id=new_id(),
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        patient_id=place.patient_id,
        employee_id=place.employee_id,
        division_id=place.division_id,
        encounter_id=place.encounter_id,
        programme=chosen.programme,
        drug=chosen.drug,
        state=State.DRAFT,
        form=form,
        ways=tuple(ways),
        reason=chosen.reason if ways else None,
        created_at=page.now,
        updated_at=page.now,
    )


async def _start(page: MisPage, rx: Prescription) -> Prescription:
    """From here on nothing typed is lost."""
    await store.add(page.db, rx)
    await record(page, Event.STARTED, rx.id, patient_id=rx.patient_id)
    if rx.reason is not None:
        await record(page, Event.CHECKED, rx.id, patient_id=rx.patient_id, valid=rx.is_valid)
    return rx
