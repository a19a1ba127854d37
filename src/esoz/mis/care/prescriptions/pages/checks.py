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
from ..commands import prescriptions, series
from ..forms import id_of, read_answers
from ..model.course import Course
from ..model.known_risks import risks
from ..model.prescriptions import Prescription, State
from ..model.safety import REASONS, Concern, Subject, concerns, unanswered
from .drafts import course_of, onward
from .registry import PRESCRIBING, pages

WOMAN = "FEMALE"  # a code of GENDER


@pages.add("GET /prescriptions/{rx}/check", roles=PRESCRIBING)
async def check(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"))
    course, _errors = course_of(page, rx)
    if rx.state is not State.DRAFT or course is None or rx.reason is None:
        return page.redirect(onward(rx))
    return await _checked(page, rx, course)


@pages.add("POST /prescriptions/{rx}/programme", roles=PRESCRIBING)
async def choose_programme(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"), lock=True)
    if (programme_id := id_of(page.form.text("programme"))) is not None:
        rx = await prescriptions.choose_programme(page, rx, programme_id)
    return page.redirect(f"{rx.path}/check" if rx.state is State.DRAFT else onward(rx))


async def concerns_of(page: MisPage, rx: Prescription, course: Course) -> tuple[list[Concern], Part]:
    """What nobody has answered yet, and the patient's allergies."""
    patient = await known_patient(page, rx.patient_id)
    allergies, known = await queries.known_risks(page, await calling(page), rx, course)
    subject = Subject(
        full_years(patient.birth_date, course.started_at), course.weight, is_woman=patient.gender == WOMAN
    )
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
    found, allergies = await concerns_of(page, rx, course)
    beside = await prescriptions.of_encounter(page, rx.encounter_id)
    why = explain(page, CentralRefused(422, "", rx.reason)) if rx.reason else []
    return page.render(
        "prescriptions/check.html",
        status=503 if lost else 422 if refused or errors else 200,
        keep=True,
        rx=rx,
        beside=[each for each in beside if each.id != rx.id],
        patient=patient,
        course=course,
        why=why,
        refused=explain(page, refused) if refused else [],
        lost=lost,
        doubts=shown_doubts(page, found),
        allergies=allergies,
        in_words=allergy_in_words,
        reasons=reasons_of(page),
        values=page.form.values() if errors else {},
        errors=errors or {},
    )


def shown_doubts(page: MisPage, found: Sequence[Concern]) -> list[tuple[str, str]]:
    """Doubts in the page's language: id and text."""
    return [
        (each.id, page.gettext(each.text).format(**{name: _told(page, value) for name, value in each.facts.items()}))
        for each in found
    ]


def reasons_of(page: MisPage) -> list[tuple[str, str]]:
    """How a doubt may be answered, in the page's language."""
    return [("", page.gettext("Оберіть")), *((code, page.gettext(text)) for code, text in REASONS.items())]


def _told(page: MisPage, value: str) -> str:
    return page.gettext(value) if value else ""


@pages.add("POST /prescriptions/{rx}/make", roles=PRESCRIBING)
async def make(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"), lock=True)
    course, _errors = course_of(page, rx)
    if rx.state is not State.DRAFT or course is None or not rx.is_valid:
        return page.redirect(onward(rx))
    asked, _allergies = await concerns_of(page, rx, course)
    if asked:
        answers, errors = read_answers(page.form.values(), asked)
        if errors:
            return await _checked(page, rx, course, errors=errors)
        rx = await prescriptions.answer(page, rx, answers)
    return await _made(page, rx, course)


async def _made(page: MisPage, rx: Prescription, course: Course) -> Response:
    try:
        with understanding():
            made = await series.make(page, rx, course)
    except CentralRefused as refused:
        return await _checked(page, rx, course, refused)
    except CentralUnavailable as away:
        if isinstance(away, CentralClosed):  # nothing was done, so nothing is lost
            return await _checked(page, rx, course, away.refusal)
        return await _checked(page, rx, course, lost=True)
    return page.redirect(onward(made[0]))
