"""Pages of recording an encounter: the form, its autosave, the search for services."""

from collections.abc import Mapping, Sequence
from datetime import date

from starlette.responses import Response

from esoz.kernel.pages import keeping
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import full_years
from esoz.mis.base.dictionaries import Choice
from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.section import DocumentKind, NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL, PRESCRIBING, holders
from esoz.mis.care.episodes import usual_type
from esoz.mis.care.patients import allergy_in_words, find_patient, kept_lines, known_patient
from esoz.mis.documents import sync
from esoz.mis.link.access import calling
from esoz.mis.link.dictionaries import FIND
from esoz.mis.link.errors import explain
from esoz.sdk import CentralError

from . import commands, forms, model, queries, wire

pages: MisPages = MisPages()
SAVED = _("Чернетку збережено.")
REPEATED = _("Скопійовано з попереднього прийому. Перевірте кожне поле.")
KEPT_APART = _("Введене тут збережено окремо. Натисніть «Зберегти чернетку», щоб обрати, що лишити.")
MOST_SERVICES = 20
MOST_GROUPS = 300  # central's largest page; services are counted after they were taken out of their groups


@pages.add("POST /patients/{patient_id}/episodes/{episode_id}/visits", roles=MEDICAL)
async def begin(page: MisPage) -> Response:
    patient = await known_patient(page, page.id("patient_id"))
    values = forms.empty(usual_type(page.user.work.clinic_type), page.now)
    document = await commands.begin(page, patient.id, page.id("episode_id"), values)
    return page.redirect(f"/visits/{document.id}")


@pages.add("GET /visits/{id}", roles=MEDICAL)
async def form(page: MisPage) -> Response:
    document = await sync.find(page, page.id(), model.KIND)
    if not document.is_editable:
        return page.redirect(f"/documents/{document.id}")
    return await _form(page, document, forms.with_line(document.form), _central_errors(page, document))


@pages.add("POST /visits/{id}/draft", roles=MEDICAL)
async def autosave(page: MisPage) -> Response:
    """The form as it is being typed, for its script."""
    await sync.find(page, page.id(), model.KIND)
    try:
        document = await sync.save_form(page, page.id(), _values(page), seen=page.form.text("version"))
    except sync.Overtaken as overtaken:
        trouble = f"{page.gettext(overtaken.message)} {page.gettext(KEPT_APART)}"
        return keeping.saved(page, await keeping.keep_typed(page), trouble=trouble)
    await keeping.forget_typed(page)
    return keeping.saved(page, True, version=document.version)


@pages.add("POST /visits/{id}/measurements", roles=MEDICAL)
async def measurements(page: MisPage) -> Response:
    """How the line of measurements is understood, while it is being typed."""
    document = await sync.find(page, page.id(), model.KIND)
    patient = await find_patient(page.db, page.user.work.clinic_id, document.patient_id)
    return page.render("visits/measured.html", measured=_measured(page.form.values(), patient, page.today))


@pages.add("POST /visits/{id}", roles=MEDICAL)
async def save(page: MisPage) -> Response:
    """Keep the form in any case; then find a code, add a row, or go on to the signature."""
    document = await sync.find(page, page.id(), model.KIND)
    values = _values(page)
    asked = page.form.text("do")
    if asked == "more":
        values = forms.with_row(values)
    if asked == "sign":
        values = forms.compact(values)
    if asked == "repeat" and (before := await sync.signed_before(page, document)):
        values = forms.repeated_from(before.form, values)
    try:
        document = await sync.save_form(page, page.id(), commands.worded(page, values), seen=page.form.text("version"))
    except sync.Overtaken as overtaken:
        document = await sync.find(page, page.id(), model.KIND)
        return await _form(page, document, commands.worded(page, values), {}, overtaken=overtaken.message)
    if page.form.text(FIND):
        return await _form(page, document, document.form, {}, await _options(page, document.form))
    if asked == "card":
        await queries.card(page, document, anew=True)
    if asked != "sign":
        page.flash(REPEATED if asked == "repeat" else SAVED)
        return page.redirect(f"/visits/{document.id}")
    return await _to_signature(page, document)


async def _to_signature(page: MisPage, document: sync.Document) -> Response:
    """On to the signature, or the form again with what is wrong or in doubt."""
    visit, errors = forms.read(document.form, page.services.dictionaries, page.now)
    if visit is None:
        return await _form(page, document, document.form, errors)
    patient = await known_patient(page, document.patient_id)
    if wrong := model.impossible(visit, patient):
        return await _form(page, document, document.form, wrong)
    if doubts := model.doubts(visit, patient, document.form):
        return await _form(page, document, document.form, {}, doubts=doubts)
    if sure := [name for name in document.form if name.startswith("sure_")]:
        await record(page, model.Event.DOUBTS_CONFIRMED, document.record_id, patient_id=patient.id, fields=sure)
    await _fix(page, document, visit)
    return page.redirect(f"/documents/{document.id}/sign")


async def _fix(page: MisPage, document: sync.Document, visit: model.Visit) -> None:
    """Make the bytes that will be signed."""
    place = page.user.work
    visit_id = sync.id_in(document.unsigned["visit"])
    assert document.episode_id is not None
    content = wire.build(visit, document.record_id, episode_id=document.episode_id, visit_id=visit_id, place=place)
    await sync.fix(
        page,
        document,
        content,
        unsigned=wire.unsigned(visit, visit_id),
        code=visit.diagnoses[0].code,
        service_date=model.service_date(visit),
    )


def _values(page: MisPage) -> dict[str, str]:
    typed = page.form.values() | {"klass": page.form.text("klass"), "rows": page.form.text("rows")}
    return {name: typed[name].strip() for name in forms.fields(typed) if typed.get(name)}


async def _options(page: MisPage, values: Mapping[str, str]) -> dict[str, list[Choice]]:
    field = page.form.text(FIND)
    if field.startswith("service_"):
        return {field: await _services(page, values.get(f"{field}_text", ""))}
    sources = forms.sources(values)
    if field not in sources:
        return {}
    return {field: await _codes(page, sources[field], values.get(f"{field}_text", ""))}


async def _form(
    page: MisPage,
    document: sync.Document,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    options: Mapping[str, Sequence[Choice]] | None = None,
    *,
    doubts: Sequence[model.Doubt] = (),
    overtaken: str = "",
) -> Response:
    posted = page.request.method == "POST"
    patient = await known_patient(page, document.patient_id)
    return page.render(
        "visits/form.html",
        status=409 if overtaken else 422 if (errors or doubts) and posted else 200,
        keep=True,  # the form is kept in any case
        overtaken=overtaken,
        is_stranded=await sync.is_stranded(page, document),
        document=document,
        patient=patient,
        lines=kept_lines(page, document.patient_id),
        card=await queries.card(page, document),
        in_words=allergy_in_words,
        before=await sync.signed_before(page, document),
        links=_patient_links(page, document),
        values=values,
        errors=errors,
        options=options or {},
        doubts=[(each.field, each.value, _told(page, each)) for each in doubts],
        refused=sync.refusal_of(document),
        measured=_measured(values, patient, page.today),
        **_shape(page, values),
    )


def _measured(values: Mapping[str, str], patient: Patient, today: date) -> dict[str, object]:
    """The line of measurements as it was understood; what is rare at this age stands with a mark."""
    line = model.read_line(values.get("measured", "")[: model.LONGEST_LINE])
    years = full_years(patient.birth_date, today)
    return {
        "line": line,
        "rare": {vital.field for vital, value in line.values if not model.is_usual(vital, value, years)},
        "impossible": {vital.field for vital, value in line.values if not vital.least <= value <= vital.most},
        "bmi": model.body_mass_index({vital.field: value for vital, value in line.values}),
    }


def _patient_links(page: MisPage, document: sync.Document) -> list[tuple[str, str]]:
    """What the sections of this user offer for a patient."""
    items = [item for section in page.services.sections for item in section.patient_links]
    roles = page.user.roles
    return [(item.text, item.href.format(id=document.patient_id)) for item in items if roles & set(item.roles)]


def _shape(page: MisPage, values: Mapping[str, str]) -> dict[str, object]:
    """Which fields the form has, and what they offer."""
    codes = page.services.dictionaries
    return {
        "sources": forms.sources(values),
        "rows": forms.rows_of(values),
        "repeated": forms.repeated(values),
        "hours": [(hour, page.gettext(words)) for hour, words in forms.HOUR_WORDS],
        "most_rows": forms.MOST_ROWS,
        "phc": forms.klass_of(values) == model.PHC,
        "types": [each for each in codes.choices(model.TYPES) if each[0] not in model.OTHER_TYPES],
        "classes": [each for each in codes.choices(model.CLASSES) if each[0] in model.DIAGNOSES],
        "roles": [each for each in codes.choices(model.ROLES) if each[0] != model.PRIMARY],
        "allergy_rows": range(1, forms.ALLERGY_ROWS + 1),
        "allergy_lists": {
            name: [each for each in codes.choices(system) if each[0] not in {model.WITHDRAWN, model.REFUTED}]
            for name, system in forms.ALLERGY_LISTS.items()
        },
        "usual_allergy": forms.USUAL_ALLERGY,
        "clinical": codes.choices(model.CLINICAL),
        "verification": [each for each in codes.choices(model.VERIFICATION) if each[0] != model.WITHDRAWN],
    }


def _told(page: MisPage, doubt: model.Doubt) -> str:
    """A doubt in the page's language."""
    return page.gettext(doubt.text).format(**{name: page.gettext(value) for name, value in doubt.facts.items()})


def _central_errors(page: MisPage, document: sync.Document) -> dict[str, str]:
    """What central refused, beside the fields it is about."""
    refused = sync.refusal_of(document)
    found: dict[str, str] = {}
    for each in explain(page, refused) if refused else ():
        field = wire.field_of(document.data or {}, each.entry)
        found.setdefault(field, each.filled(page.gettext(each.text)) if field else each.told(page.gettext))
    return found


@pages.add("GET /codes", roles=MEDICAL)
async def codes(page: MisPage) -> Response:
    """The search behind the pickers of codes."""
    found = await _codes(page, page.query.get("name", ""), page.query.get("q", ""))
    return page.json([{"value": code, "text": text} for code, text in found])


async def _codes(page: MisPage, name: str, text: str) -> list[Choice]:
    """Codes of a dictionary, those that the doctor uses lately before the others."""
    used = await sync.used_lately(page, model.KIND)
    return page.services.dictionaries.search(name, text, used=used)


@pages.add("GET /codes/services", roles=MEDICAL)
async def services(page: MisPage) -> Response:
    found = await _services(page, page.query.get("q", ""))
    return page.json([{"value": code, "text": text} for code, text in found])


async def _services(page: MisPage, text: str) -> list[Choice]:
    """Services of central's catalogue by the beginning of the code or by words of the name."""
    if not text.strip():
        return []
    by = "code" if text.strip()[0].isdecimal() else "name"
    central = await calling(page)
    try:
        answer = await central.get("/api/services", **{by: text.strip()}, page_size=MOST_GROUPS)
        groups = answer.some()
    except CentralError:
        return []  # a picker offers nothing then; the form itself says what is missing
    # A service may stand in several groups; it is offered once.
    found = {item["id"]: f"{item['code']} {item['name']}" for item in model.services_of(groups) if item["is_active"]}
    return list(found.items())[:MOST_SERVICES]


PRESCRIBE = NavItem(_("Виписати рецепт"), "/patients/{patient_id}/prescriptions/new?encounter={record_id}", PRESCRIBING)
REFER = NavItem(
    _("Виписати направлення"),
    "/patients/{patient_id}/referrals/new?encounter={record_id}",
    MEDICAL & holders("service_request:write"),
)
CONCLUDE = NavItem(
    _("Скласти медичний висновок"),
    "/patients/{patient_id}/conclusions/new?encounter={record_id}",
    MEDICAL & holders("composition:write"),
)
TAKE_BACK = NavItem(_("Виправити або скасувати прийом"), "/visits/{id}/cancel", MEDICAL)
section = Section(
    "visits",
    pages,
    kinds=(
        DocumentKind(
            model.KIND,
            "/visits/{id}",
            "visits/readable.html",
            wire.field_of,
            (PRESCRIBE, REFER, CONCLUDE, TAKE_BACK),
            move="/visits/{id}/episode",
        ),
    ),
)
