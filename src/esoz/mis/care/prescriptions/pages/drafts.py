"""Writing a prescription: the medicine, the course, the check, the signature."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.errors import Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import full_years
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import allergies, allergy_in_words, known_patient
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain, field_faults, keeping
from esoz.sdk import CentralRefused, CentralUnavailable

from .. import queries
from ..commands import prescriptions
from ..forms import FIELDS, ROUTES, TIMES_OF_DAY, defaults, read_course
from ..model.course import Course
from ..model.prescriptions import Prescription, State
from ..model.regimens import regimen_of
from ..model.safety import SOURCES, Subject
from .registry import PRESCRIBING, pages

ENDED = _("Чернетка в ЕСОЗ прострочена або скасована. Перевірте рецепт і створіть його ще раз.")
NOT_YET = _("ЕСОЗ ще не відповідає. Рецепт не втрачено: спробуйте за хвилину.")
DISCARDED = _("Чернетку рецепта видалено.")
SERIES_WORDS = {
    "2": _("2 рецепти поспіль"),
    "3": _("3 рецепти поспіль"),
    "4": _("4 рецепти поспіль"),
    "5": _("5 рецептів поспіль"),
    "6": _("6 рецептів поспіль"),
}
_ROOT = "$.medication_request_request"
CENTRAL_FIELDS = {
    **{f"{_ROOT}.{name}": name for name in ("started_at", "ended_at", "inform_with", "note")},
    f"{_ROOT}.medication_qty": "quantity",
    f"{_ROOT}.dosage_instruction[].text": "signature",
    f"{_ROOT}.dosage_instruction[].patient_instruction": "signature",
}


@pages.add("GET /prescriptions/{rx}", roles=PRESCRIBING)
async def form(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"))
    if rx.state is not State.DRAFT:
        return page.redirect(onward(rx))
    patient = await known_patient(page, rx.patient_id)
    age = full_years(patient.birth_date, page.today)
    return await _form(page, rx, dict(rx.form) or defaults(rx.drug, rx.programme, page.today, age), {})


@pages.add("POST /prescriptions/{rx}", roles=PRESCRIBING)
async def save(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"), lock=True)
    if rx.state is not State.DRAFT:
        return page.redirect(onward(rx))
    values = {name: page.form.text(name) for name in FIELDS}
    rx = await prescriptions.keep_form(page, rx, values)
    return await keeping(page, _check(page, rx, values))  # the draft stays, whatever comes of the check


async def _check(page: MisPage, rx: Prescription, values: Mapping[str, str]) -> Response:
    course, errors = course_of(page, rx)
    if course is None:
        return await _form(page, rx, values, errors)
    try:
        await prescriptions.check(page, rx)
    except CentralRefused as refused:
        return await _form(page, rx, values, field_faults(page, refused, CENTRAL_FIELDS), refused)
    return page.redirect(f"{rx.path}/check")


def course_of(page: MisPage, rx: Prescription) -> tuple[Course | None, dict[str, str]]:
    return read_course(rx.form, rx.drug, rx.programme, page.today, dictionaries=page.services.dictionaries)


async def _form(
    page: MisPage,
    rx: Prescription,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    refused: CentralRefused | None = None,
) -> Response:
    patient = await known_patient(page, rx.patient_id)
    dictionaries = page.services.dictionaries
    subject = Subject(full_years(patient.birth_date, page.today))
    central = await calling(page)
    methods = await queries.methods(central, rx.patient_id)
    return page.render(
        "prescriptions/form.html",
        status=422 if errors else 200,
        keep=True,  # the draft stays
        rx=rx,
        patient=patient,
        values=values,
        errors={name: text for name, text in errors.items() if name},
        refused=explain(page, refused) if refused else [],
        routes=dictionaries.choices(ROUTES),
        times=dictionaries.choices(TIMES_OF_DAY),
        series=[(number, page.gettext(text)) for number, text in SERIES_WORDS.items()],
        methods=methods,
        subject=subject,
        regimen=regimen_of(rx.drug),
        sources=SOURCES,
        allergies=await allergies(page, central, rx.patient_id),
        in_words=allergy_in_words,
    )


@pages.add("GET /prescriptions/{rx}/sign", roles=PRESCRIBING)
async def to_sign(page: MisPage) -> Response:
    rx = await prescriptions.to_sign(page, await prescriptions.find(page, page.id("rx"), lock=True))
    if rx.state is not State.MADE:
        return _back(page, rx)
    return await _sign_page(page, rx, {})


@pages.add("POST /prescriptions/{rx}/sign", roles=PRESCRIBING)
async def sign(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"), lock=True)
    if rx.state is not State.MADE or rx.content is None:
        return page.redirect(onward(rx))
    try:
        signed = await receive_signed(page, rx.content)
        done = await prescriptions.sign(page, rx, signed)
    except Rejected as problem:
        return await _sign_page(page, rx, faults(problem))
    except CentralRefused as refused:
        return await _sign_page(page, rx, {}, refused)
    return _back(page, done)


def _back(page: MisPage, rx: Prescription) -> Response:
    """Onward; a draft that central ended is told of."""
    if rx.state is State.DRAFT:
        page.flash(ENDED, "important")
    return page.redirect(onward(rx))


def onward(rx: Prescription) -> str:
    return rx.path if rx.state is not State.DISCARDED else f"/patients/{rx.patient_id}/prescriptions"


async def _sign_page(
    page: MisPage, rx: Prescription, errors: Mapping[str, str], refused: CentralRefused | None = None
) -> Response:
    patient = await known_patient(page, rx.patient_id)
    return page.render(
        "prescriptions/sign.html",
        status=422 if errors or refused else 200,
        keep=False,
        rx=rx,
        patient=patient,
        errors=errors,
        content=rx.content,
        shown=rx.shown,
        refused=explain(page, refused) if refused else [],
    )


@pages.add("GET /prescriptions/{rx}/done", roles=PRESCRIBING)
async def done(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"))
    if rx.state not in {State.ISSUED, State.SENT}:
        return page.redirect(onward(rx))
    patient = await known_patient(page, rx.patient_id)
    return page.render("prescriptions/done.html", rx=rx, patient=patient)


@pages.add("POST /prescriptions/{rx}/settle", roles=PRESCRIBING)
async def settle(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"), lock=True)
    try:
        return _back(page, await prescriptions.settle(page, rx))
    except CentralUnavailable:
        page.flash(NOT_YET, "important")
        return page.redirect(rx.path)


@pages.add("POST /prescriptions/{rx}/reopen", roles=PRESCRIBING)
async def reopen(page: MisPage) -> Response:
    rx = await prescriptions.reopen(page, await prescriptions.find(page, page.id("rx"), lock=True))
    return page.redirect(onward(rx))


@pages.add("GET /prescriptions/{rx}/discard", roles=PRESCRIBING)
async def ask_discard(page: MisPage) -> Response:
    rx = await prescriptions.find(page, page.id("rx"))
    if rx.state not in {State.DRAFT, State.MADE}:
        return page.redirect(onward(rx))
    return page.render("prescriptions/discard.html", rx=rx, patient=await known_patient(page, rx.patient_id))


@pages.add("POST /prescriptions/{rx}/discard", roles=PRESCRIBING)
async def discard(page: MisPage) -> Response:
    rx = await prescriptions.discard(page, await prescriptions.find(page, page.id("rx"), lock=True))
    if rx.state is State.DISCARDED:
        page.flash(DISCARDED)
    return page.redirect(onward(rx))
