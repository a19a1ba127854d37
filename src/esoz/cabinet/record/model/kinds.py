"""The kinds of medical records as patients are shown them; a kind is a row of this table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from esoz.kernel.pages import mark as _


@dataclass(frozen=True, slots=True)
class Detail:
    """A line below a record: what it is called, where it stands, the dictionary of a bare code."""

    name: str
    place: str
    dictionary: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: `path` of our page, `name` of central's list, title of the page, words for an empty one.

    Places are dotted paths. `dates`: the first that is there is the day on which it happened. `with_code`: doctors
    know it by its code, which is shown beside the words.
    """

    path: str
    name: str
    title: str
    nothing: str
    code: str
    dates: Sequence[str]
    author: str
    details: Sequence[Detail] = ()
    status: str = "status"
    with_code: bool = False


_CONCLUSION, _NOTE, _WHERE = _("Висновок"), _("Примітка"), _("Де")
_STATE = _("Стан")

KINDS: Sequence[Kind] = (
    Kind(
        "diagnoses",
        "conditions",
        _("Діагнози"),
        _("Діагнозів ще не записано."),
        code="code",
        dates=("onset_date", "asserted_date"),
        author="asserter",
        status="verification_status",
        with_code=True,
        details=(
            Detail(_STATE, "clinical_status", "eHealth/condition_clinical_statuses"),
            Detail(_("Чи встановлено остаточно"), "verification_status", "eHealth/condition_verification_statuses"),
            Detail(_("Тяжкість"), "severity"),
            Detail(_("Стадія"), "stage.summary"),
            Detail(_("Ділянка тіла"), "body_sites"),
        ),
    ),
    Kind(
        "allergies",
        "allergy_intolerances",
        _("Алергії та непереносимість"),
        _("Алергій не записано. Якщо вони у Вас є, скажіть про це лікарю."),
        code="code",
        dates=("onset_date_time", "asserted_date"),
        author="asserter",
        status="verification_status",
        details=(
            Detail(_STATE, "clinical_status", "eHealth/allergy_intolerance_clinical_statuses"),
            Detail(_("Рівень небезпеки"), "criticality", "eHealth/allergy_intolerance_criticalities"),
            Detail(_("Вид"), "category", "eHealth/allergy_intolerance_categories"),
            Detail(_("Востаннє"), "last_occurrence"),
        ),
    ),
    Kind(
        "vaccinations",
        "immunizations",
        _("Щеплення"),
        _("Щеплень ще не записано."),
        code="vaccine_code",
        dates=("date",),
        author="performer",
        details=(
            Detail(_("Від чого"), "vaccination_protocols.target_diseases"),
            Detail(_("Доза в серії"), "vaccination_protocols.dose_sequence"),
            Detail(_("Виробник"), "manufacturer"),
            Detail(_("Серія"), "lot_number"),
            Detail(_("Чому не зроблено"), "explanation.reasons_not_given"),
            Detail(_("Реакція"), "reactions.detail"),
        ),
    ),
    Kind(
        "measurements",
        "observations",
        _("Вимірювання й спостереження"),
        _("Вимірювань ще не записано."),
        code="code",
        dates=("effective_date_time", "effective_period.start", "issued"),
        author="performer",
        details=(
            Detail(_("Оцінка"), "interpretation"),
            Detail(_("Ділянка тіла"), "body_site"),
            Detail(_NOTE, "comment"),
        ),
    ),
    Kind(
        "examinations",
        "diagnostic_reports",
        _("Обстеження й аналізи"),
        _("Результатів обстежень ще не записано."),
        code="code",
        dates=("effective_date_time", "effective_period.start", "issued"),
        author="performer.reference",
        details=(
            Detail(_CONCLUSION, "conclusion"),
            Detail(_("Діагноз за висновком"), "conclusion_code"),
            Detail(_("Хто розшифрував"), "results_interpreter"),
            Detail(_WHERE, "managing_organization"),
        ),
    ),
    Kind(
        "procedures",
        "procedures",
        _("Процедури та операції"),
        _("Процедур ще не записано."),
        code="code",
        dates=("performed_date_time", "performed_period.start"),
        author="performer",
        details=(
            Detail(_("Результат"), "outcome"),
            Detail(_NOTE, "note"),
            Detail(_WHERE, "managing_organization"),
        ),
    ),
    Kind(
        "conclusions",
        "clinical_impressions",
        _("Висновки лікарів"),
        _("Висновків ще не записано."),
        code="code",
        dates=("effective_date_time", "effective_period.start"),
        author="assessor",
        details=(Detail(_CONCLUSION, "summary"), Detail(_("Опис"), "description"), Detail(_NOTE, "note")),
    ),
    Kind(
        "medicines",
        "medication_statements",
        _("Ліки, про які Ви розповіли"),
        _("Таких ліків не записано. Рецепти стоять окремо, на сторінці «Рецепти»."),
        code="medication_code",
        dates=("asserted_date",),
        author="asserter",
        details=(Detail(_("Як приймаєте"), "dosage"), Detail(_NOTE, "note")),
    ),
    Kind(
        "given-medicines",
        "medication_administrations",
        _("Ліки, введені в закладі"),
        _("Ліків, введених у закладі, не записано."),
        code="medication",
        dates=("performed_date_time",),
        author="performer",
        details=(Detail(_("Скільки і як"), "dosage"), Detail(_WHERE, "managing_organization")),
    ),
    Kind(
        "risks",
        "risk_assessments",
        _("Оцінки ризиків"),
        _("Оцінок ризиків не записано."),
        code="code",
        dates=("asserted_date",),
        author="performer",
        details=(
            Detail(_("Наслідок"), "predictions.outcome"),
            Detail(_("Пояснення"), "predictions.rationale"),
            Detail(_("Що зменшить ризик"), "mitigation"),
        ),
    ),
    Kind(
        "devices",
        "devices",
        _("Медичні вироби й імпланти"),
        _("Медичних виробів не записано."),
        code="name.value",
        dates=("inserted_at",),
        author="recorder",
        details=(
            Detail(_STATE, "status", "eHealth/device_statuses"),
            Detail(_("Вид"), "type"),
            Detail(_("Виробник"), "manufacturer"),
            Detail(_("Модель"), "model_number"),
            Detail(_("Серійний номер"), "serial_number"),
        ),
    ),
    Kind(
        "implantations",
        "device_associations",
        _("Встановлення виробів"),
        _("Встановлення виробів не записано."),
        code="body_site",
        dates=("association_date", "recorded"),
        author="recorder",
        details=(Detail(_STATE, "status", "device_association_statuses"),),
    ),
    Kind(
        "device-issues",
        "detected_issues",
        _("Несправності виробів"),
        _("Несправностей не записано."),
        code="detail",
        dates=("identified_date_time",),
        author="author",
        details=(Detail(_("Вид"), "code"),),
    ),
    Kind(
        "device-dispenses",
        "device_dispenses",
        _("Видані вироби"),
        _("Виданих виробів не записано."),
        code="details.device_code",
        dates=("when_handed_over",),
        author="performer",
        details=(Detail(_("Скільки"), "details.quantity"), Detail(_WHERE, "performer_legal_entity")),
    ),
    Kind(
        "specimens",
        "specimens",
        _("Зразки для аналізів"),
        _("Зразків не записано."),
        code="type",
        dates=("collection.collected_date_time", "collection.collected_period.start"),
        author="registered_by",
        details=(Detail(_("Скільки"), "collection.quantity"), Detail(_("Ділянка тіла"), "collection.body_site")),
    ),
)
KIND_OF_PATH: Mapping[str, Kind] = {kind.path: kind for kind in KINDS}
# What the first page of the record shows in full; of the rest it has links.
SHOWN_FIRST = ("allergies", "diagnoses", "vaccinations", "measurements")
