"""The check before the signature: what the programme says, what is doubted, and the doctor's answers."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from esoz.kernel.pages.display import full_years
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import Part, allergy_in_words, known_patient
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain
from esoz.sdk import CentralClosed, CentralRefused, CentralUnavailable, understanding

from .. import queries
from ..commands import prescriptions
from ..forms import read_answers
from ..model.course import Course
from ..model.known_risks import risks
from ..model.prescriptions import Prescription, State
from ..model.safety import REASONS, Concern, Subject, concerns, unanswered
from .drafts import course_of, onward
from .registry import PRESCRIBING, pages


@pages.add("GET /prescriptions/{rx}/check", roles=PRESCRIBING)
async def check(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"))
    course, _errors = course_of(page, rx)
    if rx.state is not State.DRAFT or course is None or rx.reason is None:
        return page.redirect(onward(rx))
    return await _checked(page, rx, course)


async def _concerns(page: MisPage, rx: Prescription, course: Course) -> tuple[list[Concern], Part]:
    """What nobody has answered yet, and the patient's allergies."""
    patient = await known_patient(page, rx.patient_id)
    allergies, known = await queries.known_risks(page, await calling(page), rx, course)
    subject = Subject(full_years(patient.birth_date, course.started_at), course.weight)
    found = [*risks(rx.drug, known, course.started_at), *concerns(rx.drug, course, subject)]
    return unanswered(found, rx.answers), allergies


async def _checked(
    page: MisPage,
    rx: Prescription,
    course: Course,
    refused: CentralRefused | None = None,
    *,
    lost: bool = False,
    errors: Mapping[str, str] | None = None,
) -> Response:
    patient = await known_patient(page, rx.patient_id)
    found, allergies = await _concerns(page, rx, course)
    why = explain(page, CentralRefused(422, "", rx.reason)) if rx.reason else []
    return page.render(
        "prescriptions/check.html",
        status=503 if lost else 422 if refused or errors else 200,
        keep=True,
        rx=rx,
        patient=patient,
        course=course,
        why=why,
        refused=explain(page, refused) if refused else [],
        lost=lost,
        doubts=_shown(page, found),
        allergies=allergies,
        in_words=allergy_in_words,
        reasons=[("", page.gettext("Оберіть")), *((code, page.gettext(text)) for code, text in REASONS.items())],
        values=page.form.values() if errors else {},
        errors=errors or {},
    )


def _shown(page: MisPage, found: Sequence[Concern]) -> list[tuple[str, str]]:
    """Doubts in the page's language: id and text."""
    return [
        (each.id, page.gettext(each.text).format(**{name: _told(page, value) for name, value in each.facts.items()}))
        for each in found
    ]


def _told(page: MisPage, value: str) -> str:
    return page.gettext(value) if value else ""


@pages.add("POST /prescriptions/{rx}/make", roles=PRESCRIBING)
async def make(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"), lock=True)
    course, _errors = course_of(page, rx)
    if rx.state is not State.DRAFT or course is None or not rx.is_valid:
        return page.redirect(onward(rx))
    asked, _allergies = await _concerns(page, rx, course)
    if asked:
        answers, errors = read_answers(page.form.values(), asked)
        if errors:
            return await _checked(page, rx, course, errors=errors)
        rx = await prescriptions.answer(page, rx, answers)
    try:
        with understanding():
            made = await prescriptions.make(page, rx, course)
    except CentralRefused as refused:
        return await _checked(page, rx, course, refused)
    except CentralUnavailable as away:
        if isinstance(away, CentralClosed):  # nothing was done, so nothing is lost
            return await _checked(page, rx, course, away.refusal)
        return await _checked(page, rx, course, lost=True)
    return page.redirect(onward(made))
