"""The first screen: which medicines, and how each is taken in one line; everything else has a good default."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import allergies, allergy_in_words, known_patient
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain

from .. import queries
from ..commands import beginning, favourites, prescriptions
from ..commands.beginning import Begun
from ..forms import MOST_WISHES, Wish, id_of, wish_fields
from .registry import PRESCRIBING, pages

NO_DRUG = _("Оберіть лікарський засіб зі списку.")
NO_ENCOUNTER = _("Оберіть прийом, на якому призначено ліки.")
NO_LINE = _("Напишіть, як приймати, наприклад «1 т. 3 р/д 7 дн».")
NOT_HAD = _("Цих ліків немає в програмах, за якими Ви можете виписати рецепт. Оберіть іншу форму чи дозу.")
TOO_MANY = _("За один раз – не більше 8 ліків. Випишіть решту після підпису.")
NO_DIVISION = _("У Вашому робочому місці не вказано підрозділ. Зверніться до адміністратора закладу.")


@pages.add("GET /patients/{id}/prescriptions/new", roles=PRESCRIBING)
async def new(page: MisPage) -> Response:
    return await _choose(page, {}, {})


@pages.add("POST /patients/{id}/prescriptions/new", roles=PRESCRIBING)
async def begin(page: MisPage) -> Response:
    values = page.form.values()
    if asked := page.form.text("find"):
        return await _choose(page, values, {}, find=asked)
    encounter_id = id_of(values.get("encounter", ""))
    wishes, errors = _wishes(values)
    wishes += await _kept_wishes(page)
    errors |= {} if wishes or errors else {"drug": NO_DRUG}
    if len(wishes) > 1:  # one medicine may go on to the whole form, of several each says how it is taken
        errors |= {each.line_field: NO_LINE for each in wishes if not (each.line or each.before)}
    errors |= {"": TOO_MANY} if len(wishes) > MOST_WISHES else {}
    errors |= {} if encounter_id else {"encounter": NO_ENCOUNTER}
    if page.user.work.division_id is None:
        errors[""] = NO_DIVISION
    if encounter_id is None or errors:
        return await _choose(page, values, errors)
    patient, central = await known_patient(page, page.id()), await calling(page)
    today = await queries.encounters(page, central, patient.id)
    if str(encounter_id) not in {each["id"] for each in today}:
        return await _choose(page, values, {"encounter": NO_ENCOUNTER})
    begun = await beginning.begin(page, patient.id, encounter_id, wishes)
    if not begun.is_whole:
        return await _choose(page, values, _faults(page, begun))
    return page.redirect(_onward(begun, encounter_id))


def _wishes(values: Mapping[str, str]) -> tuple[list[Wish], dict[str, str]]:
    """What was chosen and typed."""
    wishes: list[Wish] = []
    errors: dict[str, str] = {}
    for drug_field, line_field in wish_fields():
        drug, line = values.get(drug_field, ""), values.get(line_field, "").strip()
        if not (drug or line or values.get(f"{drug_field}_text")):
            continue
        drug_id = id_of(drug)
        if drug_id is None:
            errors[drug_field] = NO_DRUG
        else:
            wishes.append(Wish(drug_id, drug_field, line_field, line))
    return wishes, errors


async def _kept_wishes(page: MisPage) -> list[Wish]:
    """What was ticked: prescriptions of before to be repeated, and favourites."""
    again, saved = set(page.form.all("again")), set(page.form.all("saved"))
    found = [
        Wish(each.drug.id, "again", "again", before=each.form)
        for each in (await prescriptions.previous(page, page.id()) if again else ())
        if str(each.id) in again
    ]
    found += [
        Wish(each.drug_id, "saved", "saved", before=each.form)
        for each in (await favourites.mine(page) if saved else ())
        if str(each.id) in saved
    ]
    return found


def _faults(page: MisPage, begun: Begun) -> dict[str, str]:
    """Field → what is wrong, in the page's language."""
    told = {name: page.gettext(each.text).format(**each.facts) for name, each in begun.faults.items()}
    told |= dict.fromkeys(begun.not_had, NOT_HAD)
    for name, refused in begun.refused.items():
        told[name] = " ".join(each.told(page.gettext) for each in explain(page, refused))
    return told


def _onward(begun: Begun, encounter_id: UUID) -> str:
    [first, *others] = begun.drafts
    if others:
        return f"/patients/{first.patient_id}/encounters/{encounter_id}/prescriptions"
    return first.path if first.reason is None else f"{first.path}/check"


async def _choose(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], *, find: str = "") -> Response:
    patient, central = await known_patient(page, page.id()), await calling(page)
    programmes = await queries.programmes(page, central)
    today = await queries.encounters(page, central, patient.id)
    encounter = values.get("encounter") or page.query.get("encounter", "")
    if encounter not in {each["id"] for each in today}:
        encounter = today[0]["id"] if today else ""
    options = {}
    if find in {drug for drug, _line in wish_fields()}:
        options[find] = await _options(page, values.get(f"{find}_text", ""))
        if len(options[find]) == 1:  # nothing to choose
            values = {**values, find: options[find][0][0]}
    return page.render(
        "prescriptions/new.html",
        status=422 if errors else 200,
        keep=False,
        patient=patient,
        programmes=programmes,
        encounters=[(each["id"], _encounter(page, each)) for each in today],
        values={**values, "encounter": encounter},
        errors=errors,
        options=options,
        fields=list(wish_fields()),
        again=[(str(each.id), each.drug.name, each.words) for each in await prescriptions.previous(page, patient.id)],
        saved=[(str(each.id), each.drug_name, each.words) for each in await favourites.mine(page)],
        ticked={name: page.form.all(name) for name in ("again", "saved")},
        mine=await prescriptions.unfinished(page, patient.id),
        allergies=await allergies(page, central, patient.id),
        in_words=allergy_in_words,
    )


async def _options(page: MisPage, text: str) -> list[tuple[str, str]]:
    return [(str(each.drug.id), each.label) for each in await queries.drugs(page, await calling(page), text.strip())]


def _encounter(page: MisPage, encounter: Mapping[str, Any]) -> str:
    """An encounter in a line: its diagnoses, for the user knows their own day."""
    codes: Sequence[tuple[str, str]] = [
        (coding["system"], coding["code"])
        for diagnosis in encounter.get("diagnoses") or ()
        for coding in (diagnosis.get("code") or {}).get("coding") or ()
    ]
    shown = "; ".join(f"{code} {page.services.dictionaries.describe(system, code)}" for system, code in codes)
    return shown or page.gettext(_("Прийом без діагнозу"))


@pages.add("GET /prescriptions/drugs", roles=PRESCRIBING)
async def drugs(page: MisPage) -> Response:
    """Choices of the picker of medicines."""
    found = await _options(page, page.query.get("q", ""))
    return page.json([{"value": value, "text": text} for value, text in found])
