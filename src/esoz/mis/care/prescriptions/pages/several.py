"""All prescriptions of one encounter on one page: checked together, then signed with one opening of the key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from starlette.responses import Response

from esoz.mis.base.explanations import Explanation
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import Part, allergy_in_words, known_patient
from esoz.mis.link.errors import explain
from esoz.sdk import CentralClosed, CentralRefused, CentralUnavailable, understanding

from ..commands import prescriptions, series
from ..forms import read_answers
from ..model.course import Course
from ..model.prescriptions import Prescription, State
from ..model.safety import Concern
from .checks import concerns_of, reasons_of, shown_doubts
from .drafts import course_of
from .registry import PRESCRIBING, pages


@dataclass(slots=True)
class Line:
    """One prescription of the page; `why`: what central has against it."""

    rx: Prescription
    course: Course | None
    concerns: Sequence[Concern] = ()
    doubts: Sequence[tuple[str, str]] = ()
    faults: Sequence[str] = ()
    why: list[Explanation] = field(default_factory=list)

    @property
    def can_be_made(self) -> bool:
        return self.rx.state is State.DRAFT and self.course is not None and self.rx.is_valid

    @property
    def prefix(self) -> str:
        """What the names of its answers begin with."""
        return f"{self.rx.id.hex}_"


@pages.add("GET /patients/{id}/encounters/{encounter}/prescriptions", roles=PRESCRIBING)
async def check_several(page: MisPage) -> Response:
    lines, allergies = await _lines(page)
    return await _render(page, lines, allergies)


async def _lines(page: MisPage, *, lock: bool = False) -> tuple[list[Line], Part | None]:
    lines: list[Line] = []
    allergies: Part | None = None
    for found in await prescriptions.of_encounter(page, page.id("encounter")):
        if found.patient_id != page.id():
            continue
        rx = await prescriptions.find(page, found.id, lock=True) if lock else found
        if rx.state not in {State.DRAFT, State.MADE}:
            continue
        course, errors = course_of(page, rx) if rx.form else (None, {})
        line = Line(rx, course, faults=list(errors.values()))
        if line.can_be_made and course is not None and rx.series_place == 1:
            line.concerns, allergies = await concerns_of(page, rx, course)
            line.doubts = shown_doubts(page, line.concerns)
        elif rx.reason:
            line.why = explain(page, CentralRefused(422, "", rx.reason))
        lines.append(line)
    return lines, allergies


async def _render(
    page: MisPage,
    lines: Sequence[Line],
    allergies: Part | None,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    lost: bool = False,
) -> Response:
    patient = await known_patient(page, page.id())
    if not lines:
        return page.redirect(f"/patients/{patient.id}/prescriptions/new")
    return page.render(
        "prescriptions/several.html",
        status=status,
        keep=True,  # what was made stays, whatever became of the others
        patient=patient,
        lines=lines,
        allergies=allergies,
        in_words=allergy_in_words,
        reasons=reasons_of(page),
        values=page.form.values() if errors else {},
        errors=errors or {},
        lost=lost,
    )


@pages.add("POST /patients/{id}/encounters/{encounter}/prescriptions", roles=PRESCRIBING)
async def make_several(page: MisPage) -> Response:
    """Make everything that can be made; each by itself, so that what fails takes nothing of the others with it."""
    lines, allergies = await _lines(page, lock=True)
    answers: dict[UUID, dict[str, dict[str, str]]] = {}
    errors: dict[str, str] = {}
    for line in lines:
        if line.can_be_made and line.concerns:
            answers[line.rx.id], faults = read_answers(page.form.values(), line.concerns, of=line.prefix)
            errors |= faults
    if errors:
        return await _render(page, lines, allergies, errors=errors, status=422)
    refused = lost = False
    for line in lines:
        if line.can_be_made and line.course is not None:
            try:
                line.rx = await _make(page, line.rx, line.course, answers.get(line.rx.id))
            except CentralUnavailable as away:
                lost, line.why = True, explain(page, away.refusal) if isinstance(away, CentralClosed) else []
            except CentralRefused as refusal:
                refused, line.why = True, explain(page, refusal)
    if refused or lost:
        return await _render(page, lines, allergies, status=503 if lost else 422, lost=lost)
    return page.redirect(_onward(page, lines))


async def _make(
    page: MisPage, rx: Prescription, course: Course, answers: Mapping[str, Mapping[str, str]] | None
) -> Prescription:
    if answers:
        rx = await prescriptions.answer(page, rx, answers)
    with understanding():
        return (await series.make(page, rx, course))[0]


def _onward(page: MisPage, lines: Sequence[Line]) -> str:
    """To the signature of all that was made; back to the page when nothing was."""
    made = [line.rx for line in lines if line.rx.state is State.MADE]
    if len(made) == 1 and made[0].series_id is None:
        return made[0].path
    return f"/patients/{page.id()}/sign-all" if made else page.path
