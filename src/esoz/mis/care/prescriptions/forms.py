"""Reading the form of a prescription: every fault at its field, in words."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

import msgspec

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import day_of
from esoz.mis.base.dictionaries import Dictionaries

from .model.course import MOST_LINKS, MOST_TIMES, Course, Programme, days_between, needed, signature, usual_end
from .model.dosing import MOST_DAYS, NO_DAYS, Misread, dose_of, read_dosing
from .model.drugs import Drug, is_whole, number, usual_route
from .model.regimens import regimen_of, usual_dose
from .model.safety import ADULT, FORBIDDEN_ROUTE, NEEDS_WORDS, REASONS, Concern, must_not_be_given_so

ROUTES, TIMES_OF_DAY = "eHealth/SNOMED/route_codes", "EVENT_TIMING"
REJECT_REASONS = "MEDICATION_REQUEST_REJECT_REASON"
LONGEST_TEXT = 1000
MOST = Decimal(10000)
FIELDS = (
    "weight",
    "dose",
    "times",
    "route",
    "when",
    "started_at",
    "ended_at",
    "quantity",
    "signature",
    "inform_with",
    "note",
    "links",
)

BAD_NUMBER = _("Введіть число, більше за нуль, наприклад 1 або 0,5.")
BAD_TIMES = _("Введіть, скільки разів на день: від 1 до 24.")
BAD_DAY = _("Введіть справжню дату.")
EARLY = _("Лікування не може початися раніше, ніж сьогодні.")
BACKWARDS = _("Останній день не може бути раніше за перший.")
TOO_LONG = _("Програма дозволяє коротший курс. Наблизьте останній день.")
BROKEN_PACKAGE = _("Таку кількість не скласти з цілих упаковок. Виправте або залиште порожнім – порахуємо.")
LONG_TEXT = _("Текст задовгий: не більше 1000 знаків.")
NOT_IN_LIST = _("Оберіть значення зі списку.")
NO_REASON = _("Оберіть причину.")
NO_ANSWER = _("Оберіть, чому призначаєте так, або змініть рецепт.")
NO_WORDS = _("Напишіть коротко, чому призначаєте так.")


@dataclass(slots=True)
class Reading:
    """What was typed, and what is wrong with it by field."""

    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def positive(self, name: str) -> Decimal:
        """A number above zero, with a comma or a point; 1 and a fault when it is none."""
        text = self.values.get(name, "").replace(",", ".").replace(" ", "").replace("\u00a0", "")
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal(0)
        if not (value.is_finite() and 0 < value <= MOST) or value != round(value, 3):
            self.errors[name] = BAD_NUMBER
            return Decimal(1)
        return value

    def day(self, name: str) -> date | None:
        """A day of a date field; None and a fault when it is none."""
        day = day_of(self.values.get(name, ""))
        if day is None:
            self.errors[name] = BAD_DAY
        return day

    def times(self, name: str) -> int:
        text = self.values.get(name, "")
        if not (text.isdecimal() and len(text) <= 2 and 0 < int(text) <= MOST_TIMES):
            self.errors[name] = BAD_TIMES
            return 1
        return int(text)

    def text(self, name: str) -> str:
        text = self.values.get(name, "")
        if len(text) > LONGEST_TEXT:
            self.errors[name] = LONG_TEXT
        return text

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        """A value of a list; an empty one means that nothing was chosen."""
        text = self.values.get(name, "")
        if text and text not in allowed:
            self.errors[name] = NOT_IN_LIST
        return text

    def id(self, name: str) -> str:
        """An id, or nothing; whether there is such a one is central's to say."""
        text = self.values.get(name, "")
        try:
            return str(UUID(text)) if text else ""
        except ValueError:
            self.errors[name] = NOT_IN_LIST
            return ""


def defaults(drug: Drug, programme: Programme, today: date, age: int) -> dict[str, str]:
    """The form before anything is typed: for an adult what is usual of this very substance, with the quantity for it.

    What is not known of it stays empty, as does a child's dose: it is reckoned, not offered.
    """
    form = dict.fromkeys(FIELDS, "") | {"route": usual_route(drug.form), "started_at": today.isoformat()}
    regimen = regimen_of(drug)
    if regimen is None or regimen.days is None or regimen.times is None:
        return form
    end = usual_end(today, regimen.days, programme)
    form["ended_at"] = end.isoformat()
    dose = usual_dose(drug, regimen)
    if age < ADULT or dose is None:
        return form
    quantity = needed(drug, dose, regimen.times, days_between(today, end))
    return form | {"dose": plain(dose), "times": str(regimen.times), "quantity": plain(quantity)}


SERIES = tuple(str(number) for number in range(1, MOST_LINKS + 1))
MOST_TYPED, MOST_WISHES = 5, 8  # medicines on one page: typed, and with those that are chosen of what was kept


def wish_fields() -> Iterator[tuple[str, str]]:
    """Names of the fields of each medicine on the first page: the medicine, and the line that says how it is taken."""
    yield "drug", "how"
    yield from ((f"drug_{number}", f"how_{number}") for number in range(2, MOST_TYPED + 1))


@dataclass(frozen=True, slots=True)
class Wish:
    """A medicine that the doctor wants, and how it is taken: a line as it was typed, or a form of before.

    With neither the form stays empty, to be filled in whole. Faults stand at `drug_field` and `line_field`.
    """

    drug_id: UUID
    drug_field: str
    line_field: str
    line: str = ""
    before: Mapping[str, str] = field(default_factory=dict)

    def form_for(self, drug: Drug, today: date) -> dict[str, str] | Misread:
        """The form of a draft; a fault when the line is not understood, or not of this medicine."""
        if self.before:
            return renewed(self.before, today)
        return form_of_line(self.line, drug, today) if self.line else {}


def form_of_line(line: str, drug: Drug, today: date) -> dict[str, str] | Misread:
    """The form that a line means; everything it does not tell has a usual value."""
    dosing = read_dosing(line)
    if isinstance(dosing, Misread):
        return dosing
    dose = dose_of(dosing, drug)
    if isinstance(dose, Misread):
        return dose
    regimen = regimen_of(drug)
    days = dosing.days or (regimen.days if regimen else None)
    if days is None:
        return Misread(NO_DAYS)
    return dict.fromkeys(FIELDS, "") | {
        "dose": plain(dose),
        "times": str(dosing.times),
        "route": dosing.route or usual_route(drug.form),
        "when": dosing.when,
        "started_at": today.isoformat(),
        "ended_at": (today + timedelta(days=days - 1)).isoformat(),
    }


def renewed(before: Mapping[str, str], today: date) -> dict[str, str]:
    """A form of before for a course that begins today and takes as many days; the quantity is reckoned anew."""
    first, last = day_of(before.get("started_at", "")), day_of(before.get("ended_at", ""))
    days = max(min((last - first).days, MOST_DAYS - 1), 0) if first and last else 0
    form = {name: before.get(name, "") for name in FIELDS}
    return form | {
        "started_at": today.isoformat(),
        "ended_at": (today + timedelta(days=days)).isoformat(),
        **dict.fromkeys(("weight", "quantity", "inform_with"), ""),
    }


def course_in_any(
    form: Mapping[str, str], drug: Drug, today: date, dictionaries: Dictionaries, *, may_be_past: bool = False
) -> Course | Misread:
    """The course of a form, whatever a programme allows: that is central's to say; else the first fault of it.

    `may_be_past`: it counts from the day on which the form says that it began.
    """
    first = day_of(form.get("started_at", ""))
    day = first if may_be_past and first else today
    course, errors = read_course(form, drug, _ANY, day, dictionaries=dictionaries)
    return course or Misread(next(iter(errors.values())))


_ANY = Programme(id=UUID(int=0), name="")


def plain(value: Decimal) -> str:
    """A number as people type it: 0,5."""
    return str(number(value)).replace(".", ",")


def read_course(
    values: Mapping[str, str], drug: Drug, programme: Programme, today: date, *, dictionaries: Dictionaries
) -> tuple[Course | None, dict[str, str]]:
    """The course of a form; None when something is wrong, then the faults say what.

    An empty quantity is what is enough for the course in whole packages; an empty signature is made of the fields.
    """
    reading = Reading(values)
    dose, times = reading.positive("dose"), reading.times("times")
    first, last = _period(reading, programme, today)
    course = Course(
        quantity=_quantity(reading, drug) or needed(drug, dose, times, days_between(first, last)),
        started_at=first,
        ended_at=last,
        times=times,
        dose=dose,
        signature=reading.text("signature"),
        route=reading.one_of("route", {code for code, _text in dictionaries.choices(ROUTES)}),
        when=reading.one_of("when", {code for code, _text in dictionaries.choices(TIMES_OF_DAY)}),
        inform_with=reading.id("inform_with"),
        note=reading.text("note"),
        links=int(reading.one_of("links", SERIES) or 1),
        weight=reading.positive("weight") if values.get("weight") else None,
    )
    if must_not_be_given_so(drug, course.route):
        reading.errors["route"] = FORBIDDEN_ROUTE
    if reading.errors:
        return None, reading.errors
    return (course if course.signature else _with_signature(course, drug, dictionaries)), {}


def _quantity(reading: Reading, drug: Drug) -> Decimal | None:
    """The quantity that was typed; None when it was left to us."""
    if not reading.values.get("quantity"):
        return None
    quantity = reading.positive("quantity")
    if "quantity" not in reading.errors and not is_whole(quantity, drug.multiples):
        reading.errors["quantity"] = BROKEN_PACKAGE
    return quantity


def _period(reading: Reading, programme: Programme, today: date) -> tuple[date, date]:
    first, last = reading.day("started_at"), reading.day("ended_at")
    if first is not None and first < today:
        reading.errors["started_at"] = EARLY
    if first is not None and last is not None:
        if last < first:
            reading.errors["ended_at"] = BACKWARDS
        elif programme.longest is not None and (last - first).days > programme.longest:
            reading.errors["ended_at"] = TOO_LONG
    return first or today, last or today


def _with_signature(course: Course, drug: Drug, dictionaries: Dictionaries) -> Course:
    descriptions = {
        "route": dictionaries.describe(ROUTES, course.route) if course.route else "",
        "when": dictionaries.describe(TIMES_OF_DAY, course.when) if course.when else "",
    }
    return msgspec.structs.replace(course, signature=signature(drug, course, descriptions))


def read_answers(
    values: Mapping[str, str], concerns: Iterable[Concern], *, of: str = ""
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """The answers to doubts by their ids, and the faults; an answer keeps the words that were answered.

    `of`: what names of fields have before the id of the doubt, where one page asks of several prescriptions.
    """
    reading = Reading(values)
    answers: dict[str, dict[str, str]] = {}
    for concern in concerns:
        reason = reading.one_of(f"reason-{of}{concern.id}", REASONS)
        words = reading.text(f"words-{of}{concern.id}").strip()
        if not reason:
            reading.errors[f"reason-{of}{concern.id}"] = NO_ANSWER
        elif reason == NEEDS_WORDS and not words:
            reading.errors[f"words-{of}{concern.id}"] = NO_WORDS
        answers[concern.id] = {"told": concern.told, "reason": reason, "words": words}
    return answers, reading.errors


def id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def read_rejection(values: Mapping[str, str], dictionaries: Dictionaries) -> tuple[dict[str, str], dict[str, str]]:
    """What a document that takes a prescription back adds to it, and the faults."""
    reading = Reading(values)
    code = reading.one_of("reason", {code for code, _text in dictionaries.choices(REJECT_REASONS)})
    if not code:
        reading.errors["reason"] = NO_REASON
    explanation = reading.text("words")
    return {"reject_reason_code": code, **({"reject_reason": explanation} if explanation else {})}, reading.errors
