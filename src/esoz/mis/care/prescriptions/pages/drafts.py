"""Writing a prescription: the medicine, the course, the check, the signature."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import full_years
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import allergies, allergy_in_words, known_patient
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.access import CentralSession, calling
from esoz.mis.link.errors import explain, field_faults, keeping
from esoz.sdk import CentralRefused, CentralUnavailable

from .. import queries
from ..commands import prescriptions
from ..forms import FIELDS, ROUTES, TIMES_OF_DAY, defaults, read_course
from ..model.course import Course, Programme
from ..model.prescriptions import Prescription, State
from ..model.regimens import regimen_of
from ..model.safety import SOURCES, Subject
from .registry import PRESCRIBING, pages

NO_DRUG = _("Оберіть лікарський засіб зі списку.")
NO_ENCOUNTER = _("Оберіть прийом, на якому призначено ліки.")
NO_DIVISION = _("У Вашому робочому місці не вказано підрозділ. Зверніться до адміністратора закладу.")
ENDED = _("Чернетка в ЕСОЗ прострочена або скасована. Перевірте рецепт і створіть його ще раз.")
NOT_YET = _("ЕСОЗ ще не відповідає. Рецепт не втрачено: спробуйте за хвилину.")
DISCARDED = _("Чернетку рецепта видалено.")
_ROOT = "$.medication_request_request"
CENTRAL_FIELDS = {
    **{f"{_ROOT}.{name}": name for name in ("started_at", "ended_at", "inform_with", "note")},
    f"{_ROOT}.medication_qty": "quantity",
    f"{_ROOT}.dosage_instruction[].text": "signature",
    f"{_ROOT}.dosage_instruction[].patient_instruction": "signature",
}


@pages.add("GET /patients/{id}/prescriptions/new", roles=PRESCRIBING)
async def new(page: MisPage) -> Response:
    return await _choose(page, {}, {})


@pages.add("POST /patients/{id}/prescriptions/new", roles=PRESCRIBING)
async def begin(page: MisPage) -> Response:
    values = page.form.values()
    if page.form.text("find"):
        return await _choose(page, values, {}, find=True)
    drug_id, encounter_id = _id(values.get("drug", "")), _id(values.get("encounter", ""))
    errors = {} if drug_id else {"drug": NO_DRUG}
    errors |= {} if encounter_id else {"encounter": NO_ENCOUNTER}
    if page.user.work.division_id is None:
        errors[""] = NO_DIVISION
    if drug_id is None or encounter_id is None or errors:
        return await _choose(page, values, errors)
    patient, central = await known_patient(page, page.id()), await calling(page)
    today = await queries.encounters(page, central, patient.id)
    if str(encounter_id) not in {each["id"] for each in today}:
        return await _choose(page, values, {"encounter": NO_ENCOUNTER})
    programme = _chosen(await queries.programmes(page, central), values.get("programme", ""))
    drug = await queries.drug(central, programme.id, drug_id)
    begun = await prescriptions.start(page, patient.id, encounter_id, programme, drug)
    return page.redirect(begun.path)


async def _choose(
    page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], *, find: bool = False
) -> Response:
    """The first step: programme, encounter, medicine."""
    patient, central = await known_patient(page, page.id()), await calling(page)
    programmes = await queries.programmes(page, central)
    today = await queries.encounters(page, central, patient.id)
    asked = values.get("programme") or page.query.get("programme", "")
    programme = _chosen(programmes, asked) if programmes else None
    encounter = values.get("encounter") or page.query.get("encounter", "")
    if encounter not in {each["id"] for each in today}:
        encounter = today[0]["id"] if today else ""
    options = await _options(central, programme, values.get("drug_text", "")) if find else None
    return page.render(
        "prescriptions/new.html",
        status=422 if errors else 200,
        keep=False,
        patient=patient,
        programmes=programmes,
        programme=programme,
        encounters=[(each["id"], _encounter(page, each)) for each in today],
        values={**values, "encounter": encounter},
        errors=errors,
        options=options,
        mine=await prescriptions.unfinished(page, patient.id),
        allergies=await allergies(page, central, patient.id),
        in_words=allergy_in_words,
    )


async def _options(central: CentralSession, programme: Programme | None, text: str) -> list[tuple[str, str]]:
    if programme is None:
        return []
    return [(str(each.drug.id), each.label) for each in await queries.drugs(central, programme.id, text)]


def _chosen(programmes: Sequence[Programme], asked: str) -> Programme:
    """The programme asked for, else the first. Raises NotFound when there is none at all."""
    if not programmes:
        raise NotFound()
    return next((each for each in programmes if str(each.id) == asked), programmes[0])


def _encounter(page: MisPage, encounter: Mapping[str, Any]) -> str:
    """An encounter in a line: its diagnoses, for the user knows their own day."""
    codes = [
        (coding["system"], coding["code"])
        for diagnosis in encounter.get("diagnoses") or ()
        for coding in (diagnosis.get("code") or {}).get("coding") or ()
    ]
    shown = "; ".join(f"{code} {page.services.dictionaries.describe(system, code)}" for system, code in codes)
    return shown or page.gettext(_("Прийом без діагнозу"))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@pages.add("GET /prescriptions/drugs", roles=PRESCRIBING)
async def drugs(page: MisPage) -> Response:
    """Choices of the picker of medicines."""
    programme_id = _id(page.query.get("programme", ""))
    if programme_id is None:
        raise NotFound()
    found = await queries.drugs(await calling(page), programme_id, page.query.get("q", "").strip())
    return page.json([{"value": str(each.drug.id), "text": each.label} for each in found])


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
        await prescriptions.check(page, rx, course)
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
