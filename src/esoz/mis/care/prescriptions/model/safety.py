"""What a pharmacist would ask about a prescription: every doubt is told, and answered before the signature.

Refused is only what the register itself excludes: a form for the mouth never goes into a vein. Everything else may be
right for somebody, so the doctor answers, and the answer is kept with the prescription.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import quantity

from .course import Course
from .drugs import BY_MOUTH, INTO_MUSCLE, Drug, enough_for, holds, usual_route
from .medicine_groups import medicine_groups
from .regimens import ORAL, PARENTERAL, Regimen, regimen_of, way_of

UNDER_SKIN, INTO_VEIN, RECTALLY, INHALED = "34206005", "47625008", "37161004", "447694001"
LOCALLY, INTO_NOSE = "6064005", "46713006"
_FITTING = {
    ORAL: frozenset({BY_MOUTH}),
    PARENTERAL: frozenset({UNDER_SKIN, INTO_VEIN, INTO_MUSCLE}),
}
_FITTING_FORM = {
    "SUPPOSITORY": frozenset({RECTALLY, LOCALLY}),
    "INHAL": frozenset({INHALED}),
    "AEROSOL": frozenset({INHALED, INTO_NOSE, LOCALLY}),
}
ADULT, CHILD_UNTIL, LAST_FERTILE = 18, 12, 55
MOST_TIMES_USUAL = 6  # more often than every four hours nobody takes medicines at home
LONGEST_UNKNOWN = 30  # days of a course whose usual length is not known
MANY_DDD = 4  # so many defined daily doses in a day are asked about when no limit is known
# More of these at once is rather a number of milligrams than of pieces.
_MANY = {"PILL": 6, "SACHET": 4, "BOTTLE": 6, "AMPOULE": 6, "VIAL": 4, "ML": 100}
_MUCH_LEFT = Decimal("1.5")  # a quantity that is so many times what the course needs, and a whole package more


class Doubt(StrEnum):
    ROUTE = "route"
    TIMES = "times"
    LOOKS_LIKE_STRENGTH = "looks_like_strength"
    MANY_AT_ONCE = "many_at_once"
    DAILY = "daily"
    PROGRAMME_DAILY = "programme_daily"
    DAILY_UNKNOWN = "daily_unknown"
    PREGNANCY = "pregnancy"
    TOO_YOUNG = "too_young"
    NO_WEIGHT = "no_weight"
    CHILD_DAILY = "child_daily"
    CHILD_UNKNOWN = "child_unknown"
    LONG = "long"
    NOT_ENOUGH = "not_enough"
    TOO_MUCH = "too_much"


TEXTS = {
    Doubt.ROUTE: _("Спосіб введення незвичний для цієї форми ліків."),
    Doubt.TIMES: _("Разів на день: {times}. Це частіше, ніж що чотири години."),
    Doubt.LOOKS_LIKE_STRENGTH: _("Разова доза {dose} {unit}: схоже на кількість міліграмів, а не {unit}"),
    Doubt.MANY_AT_ONCE: _("Разова доза {dose} {unit} незвично велика."),
    Doubt.DAILY: _("Добова доза {daily} більша за найбільшу звичну {most} ({source})."),
    Doubt.PROGRAMME_DAILY: _("Добова доза {daily} {unit} більша за дозволену програмою: {most} {unit}"),
    Doubt.DAILY_UNKNOWN: _("Добова доза {daily} у {ratio} р. більша за середню добову дозу {most} (ВООЗ)."),
    Doubt.PREGNANCY: _("Ці ліки ({group}) можуть зашкодити плоду (інструкція). З’ясуйте, чи немає вагітності."),
    Doubt.TOO_YOUNG: _("Пацієнтові {age} р., а ці ліки зазвичай призначають з {least} р. ({source})."),
    Doubt.NO_WEIGHT: _("Для дитини дозу рахують за вагою, а ваги не вказано. Поверніться й вкажіть її."),
    Doubt.CHILD_DAILY: _("Добова доза {daily} мг/кг більша за найбільшу звичну для дітей: {most} мг/кг ({source})."),
    Doubt.CHILD_UNKNOWN: _("Меж доз цих ліків для дітей система не знає. Звірте дозу з інструкцією."),
    Doubt.LONG: _("Курс {days} дн. довший за звичний: до {longest} дн."),
    Doubt.NOT_ENOUGH: _("Виписаної кількості не вистачить на весь курс: треба {needed} {unit}"),
    Doubt.TOO_MUCH: _("Виписано більше, ніж треба на курс: вистачить {needed} {unit}"),
}
FORBIDDEN_ROUTE = _("Цю форму ліків приймають лише через рот. Оберіть «Перорально» або інші ліки.")
SOURCES = {
    "aware": _("довідник ВООЗ AWaRe"),
    "ddd": _("ATC/DDD ВООЗ"),
    "smpc": _("інструкція"),
}
# How a doubt is answered; the last one needs words.
REASONS = {
    "protocol": _("За клінічним протоколом"),
    "specialist": _("За рекомендацією консультанта"),
    "experience": _("Пацієнт уже отримував так і переніс добре"),
    "benefit": _("Користь для цього пацієнта переважає ризик"),
    "checked": _("Перевірено за інструкцією до ліків"),
    "other": _("Інше, пояснюю нижче"),
}
NEEDS_WORDS = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One doubt about one prescription. `id` tells several of a kind apart; facts fill the text."""

    id: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """The words in Ukrainian: what was answered."""
        return self.text.format(**self.facts)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is for: full years on the first day, the weight when it was told, and whether it is a woman."""

    age: int
    weight: Decimal | None = None
    is_woman: bool = False

    @property
    def may_be_pregnant(self) -> bool:
        """Of an age at which it happens; the record of a pregnancy need not have reached central."""
        return self.is_woman and CHILD_UNTIL <= self.age <= LAST_FERTILE

    @property
    def is_child(self) -> bool:
        return self.age < CHILD_UNTIL


def must_not_be_given_so(drug: Drug, route: str) -> bool:
    """What the register calls a form for the mouth never goes past it."""
    return way_of(drug.form) == ORAL and route in _FITTING[PARENTERAL]


def concerns(drug: Drug, course: Course, subject: Subject) -> list[Concern]:
    """Everything to be answered before the signature, the weightiest first."""
    found = [*_of_route(drug, course), *_of_pregnancy(drug, subject), *_of_dose(drug, course, subject)]
    return [*found, *_of_age(drug, subject), *_of_length(drug, course), *_of_quantity(drug, course)]


def unanswered(found: Iterable[Concern], answers: Mapping[str, Mapping[str, str]]) -> list[Concern]:
    """Those that nobody has answered in just these words: what is doubted of a changed prescription is asked anew."""
    return [each for each in found if answers.get(each.id, {}).get("told") != each.told]


def _concern(doubt: Doubt, **facts: object) -> Concern:
    return Concern(id=doubt, text=TEXTS[doubt], facts={name: str(value) for name, value in facts.items()})


def shown(value: Decimal) -> str:
    return quantity(round(value, 2))


def _of_route(drug: Drug, course: Course) -> Iterator[Concern]:
    special = next((routes for part, routes in _FITTING_FORM.items() if part in drug.form), None)
    fitting = special or _FITTING.get(way_of(drug.form))
    if course.route and fitting and course.route not in {*fitting, usual_route(drug.form)}:
        yield _concern(Doubt.ROUTE)


def _of_dose(drug: Drug, course: Course, subject: Subject) -> Iterator[Concern]:
    unit, daily = drug.unit(drug.dose_unit), course.dose * course.times
    told = {"dose": shown(course.dose), "unit": unit}
    if course.times > MOST_TIMES_USUAL:
        yield _concern(Doubt.TIMES, times=course.times)
    if course.dose > _MANY.get(drug.dose_unit, course.dose):
        is_strength = any(course.dose == each.amount for each in drug.ingredients)
        yield _concern(Doubt.LOOKS_LIKE_STRENGTH if is_strength else Doubt.MANY_AT_ONCE, **told)
    if drug.most_daily is not None and daily > drug.most_daily:
        yield _concern(Doubt.PROGRAMME_DAILY, daily=shown(daily), most=shown(drug.most_daily), unit=unit)
    regimen = regimen_of(drug)
    if regimen is not None:
        yield from _of_daily(regimen, course, daily * drug.ingredients[0].amount, subject)


def _of_daily(regimen: Regimen, course: Course, daily: Decimal, subject: Subject) -> Iterator[Concern]:
    limit = regimen.once if course.days == 1 and regimen.once else regimen.daily
    source = _source(regimen)
    if limit is not None:
        if daily > limit:
            yield _concern(Doubt.DAILY, daily=_amount(daily, regimen), most=_amount(limit, regimen), source=source)
    elif regimen.ddd is not None and daily > regimen.ddd * MANY_DDD:
        most, ratio = _amount(regimen.ddd, regimen), shown(daily / regimen.ddd)
        yield _concern(Doubt.DAILY_UNKNOWN, daily=_amount(daily, regimen), most=most, ratio=ratio)
    if subject.is_child and regimen.per_kg is not None and subject.weight:
        each = daily / subject.weight
        if each > regimen.per_kg:
            yield _concern(Doubt.CHILD_DAILY, daily=shown(each), most=shown(regimen.per_kg), source=source)


def _amount(value: Decimal, regimen: Regimen) -> str:
    return f"{shown(value)} {'мг' if regimen.unit == 'MG' else 'МО'}"


def _source(regimen: Regimen) -> str:
    """The sources in words, of which the first suffices."""
    first = regimen.source.split()[0] if regimen.source else "smpc"
    return SOURCES[first]


def _of_pregnancy(drug: Drug, subject: Subject) -> Iterator[Concern]:
    harmful = [each.name for each in medicine_groups(part.latin for part in drug.ingredients) if each.harms_fetus]
    if harmful and subject.may_be_pregnant:
        yield _concern(Doubt.PREGNANCY, group="; ".join(sorted(harmful)))


def _of_age(drug: Drug, subject: Subject) -> Iterator[Concern]:
    regimen = regimen_of(drug)
    if regimen is not None and regimen.least_age and subject.age < regimen.least_age:
        yield _concern(Doubt.TOO_YOUNG, age=subject.age, least=regimen.least_age, source=_source(regimen))
    if not subject.is_child:
        return
    if regimen is None or regimen.per_kg is None:
        yield _concern(Doubt.CHILD_UNKNOWN)
    elif subject.weight is None:
        yield _concern(Doubt.NO_WEIGHT)


def _of_length(drug: Drug, course: Course) -> Iterator[Concern]:
    regimen = regimen_of(drug)
    longest = (regimen.longest if regimen else None) or LONGEST_UNKNOWN
    if course.days > longest:
        yield _concern(Doubt.LONG, days=course.days, longest=longest)


def _of_quantity(drug: Drug, course: Course) -> Iterator[Concern]:
    units = course.dose * course.times * course.days
    least, has = enough_for(drug, units), holds(drug, course.quantity)
    unit = drug.unit(drug.quantity_unit)
    if has < units:
        yield _concern(Doubt.NOT_ENOUGH, needed=shown(least), unit=unit)
    elif course.quantity > least * _MUCH_LEFT:
        yield _concern(Doubt.TOO_MUCH, needed=shown(least), unit=unit)
