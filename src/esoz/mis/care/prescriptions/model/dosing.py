"""How a medicine is taken, as doctors type it in one line: «1 т. 3 р/д 7 дн».

Nothing is guessed. A word that means nothing here, or something said twice, is a fault that names it; what was
understood is shown in full words before it is signed. Rarer ways (every other day, another dose in the evening) are
written in the full form.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import quantity

from .course import MOST_TIMES
from .drugs import BY_MOUTH, INTO_MUSCLE, Drug
from .safety import INTO_VEIN, UNDER_SKIN

PIECE, GRAM = (
    "PIECE",
    "G",
)  # a tablet or a capsule, as people do not tell them apart; the other units are published codes
_LONGEST_PART = 40  # of what was not understood, as it is told
LONGEST_LINE, MOST_DAYS, MOST_AT_ONCE = 200, 366, Decimal(10000)
BEFORE_MEALS, WITH_MEALS, AFTER_MEALS, BEFORE_SLEEP, ON_WAKING = "AC", "C", "PC", "HS", "WAKE"  # of EVENT_TIMING
_ONCE = frozenset({BEFORE_SLEEP, ON_WAKING})  # what happens once a day says how often by itself

EMPTY = _("Напишіть, як приймати, наприклад «1 т. 3 р/д 7 дн».")
TOO_LONG = _("Рядок задовгий. Залиште тут разову дозу, скільки разів на день і скільки днів.")
NOT_UNDERSTOOD = _("Не зрозуміло: «{part}». Напишіть, наприклад, «1 т. 3 р/д 7 дн» або відкрийте докладну форму.")
TWICE = _("«{part}»: це вже сказано інакше. Різні прийоми протягом дня запишіть у докладній формі.")
NO_DOSE = _("Додайте, скільки приймати за раз, наприклад «1 т.» або «500 мг».")
NO_TIMES = _("Додайте, скільки разів на день, наприклад «3 р/д».")
NO_DAYS = _("Додайте, скільки днів, наприклад «7 дн».")
BAD_TIMES = _("«{part}»: на день можна від 1 до 24 разів через рівні проміжки.")
BAD_DAYS = _("«{part}»: днів може бути від 1 до 366.")
BAD_DOSE = _("«{part}»: разова доза має бути більша за нуль і не більша за 10 000.")
OTHER_UNIT = _("Разову дозу цих ліків рахують інакше: {unit}")
NOT_PARTED = _("{amount} не скласти: в одиниці цих ліків ({unit}) {holds}.")
HALVED = _("Ці ліки не ділять: вкажіть цілу кількість ({unit}).")

# Beginnings that one abbreviation may have, by what is counted. The longest words come first where one begins another.
_UNITS: Mapping[str, str] = {
    PIECE: r"т(?:аб(?:л(?:етк[иуаі]|етці|еток)?)?)?|к(?:апс(?:ул[иуаі]|)?)?|пігул\w*",
    "ML": r"мл|мілілітр\w*",
    "MKG": r"мкг|мікрограм\w*",
    "MG": r"мг|міліграм\w*",
    GRAM: r"г|гр|грам\w*",
    "IE": r"мо|од|одиниц\w*",
    "DOSE": r"доз[аиуі]?|вдих\w*|впорск\w*|інгаляці\w*",
    "SACHET": r"саше|пак(?:ет\w*)?",
    "AMPOULE": r"амп(?:ул\w*)?",
    "BOTTLE": r"фл(?:ак\w*)?",
    "SUPPOSITORY": r"св(?:ічк\w*|ічц\w*)?|супоз\w*",
}
_NUMBER = r"\d+\s+\d+/\d+|\d+/\d+|\d+(?:[.,]\d+)?"
_WORDS = {
    "пів": "1/2",
    "половина": "1/2",
    "половину": "1/2",
    "половині": "1/2",
    "чверть": "1/4",
    "чверті": "1/4",
    "півтори": "1,5",
    "одна": "1",
    "одну": "1",
    "одній": "1",
    "два": "2",
    "дві": "2",
    "двом": "2",
    "три": "3",
    "чотири": "4",
}
_DAY = r"день|добу|доба|доби|дн|д"
_PER_DAY = rf"(?:\s*(?:/|на|в|у|за)\s*(?:{_DAY}))"
_X = r"[х*×]"  # the letter, the star and the sign of multiplication
# Nothing goes on behind an abbreviation but its full stop: «1 р/тиждень» is not once a day, «2-3 р/д» not three times.
_END = r"(?![\w/])(?![-–—]\d)\.?"

_LATIN = (
    (r"\bg\b|(?<=\d)g\b", "г"),
    (r"\bmg\b|(?<=\d)mg\b", "мг"),
    (r"\bmcg\b|(?<=\d)mcg\b", "мкг"),
    (r"\bml\b|(?<=\d)ml\b", "мл"),
    (r"\biu\b|(?<=\d)iu\b", "мо"),
    (r"\btab\b|(?<=\d)tab\b", "таб"),
    (r"\bcaps?\b|(?<=\d)caps?\b", "капс"),
    (r"\bper os\b|\bp\.? ?o\b", "перорально"),
    (r"\bq\.?i\.?d\b", "4 р/д"),
    (r"\bt\.?i\.?d\b", "3 р/д"),
    (r"\bb\.?i\.?d\b", "2 р/д"),
    (r"\bq\.?d\b", "1 р/д"),
)
# Latin letters that stand where Ukrainian ones look the same.
_LOOKALIKES = str.maketrans("aceikoptxmh", "асеікортхмн")


@dataclass(frozen=True, slots=True)
class Dosing:
    """What a line says: how much at once, how often, how long. `when` and `route` are codes, empty when not told.

    `unit` is a code of MEDICATION_UNIT, PIECE, GRAM, or empty when a bare number stood there.
    """

    dose: Decimal
    unit: str
    times: int
    days: int | None = None
    when: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True)
class Misread:
    """Why a line is not taken, in words; facts fill the text."""

    text: str
    facts: Mapping[str, str] = field(default_factory=dict)


class _Fault(Exception):
    def __init__(self, text: str, part: str) -> None:
        super().__init__(text)
        self.misread = Misread(text, {"part": part.strip(" .,")})


@dataclass(slots=True)
class _Read:
    """What has been understood so far."""

    dose: Decimal | None = None
    unit: str = ""
    times: int | None = None
    days: int | None = None
    when: str = ""
    route: str = ""
    is_daily: bool = False  # the day was said with how often: «2 р/д», not only «2 рази»

    def put(self, part: str, **values: object) -> None:
        for name, value in values.items():
            if getattr(self, name) not in {None, ""}:
                raise _Fault(TWICE, part)
            setattr(self, name, value)

    def put_times(self, found: re.Match[str], times: int) -> None:
        if not 1 <= times <= MOST_TIMES:
            raise _Fault(BAD_TIMES, found[0])
        self.put(found[0], times=times)
        self.is_daily = bool(found.groupdict().get("day", found[0]))


_Take = Callable[[_Read, re.Match[str]], None]


def _take_dose(read: _Read, found: re.Match[str]) -> None:
    unit = next((name for name in _UNITS if found.groupdict().get(name)), "")
    dose = _number(found["number"])
    if not 0 < dose <= MOST_AT_ONCE:
        raise _Fault(BAD_DOSE, found[0])
    read.put(found[0], dose=dose, unit=unit) if unit else read.put(found[0], dose=dose)


def _number(text: str) -> Decimal:
    """A number with a comma, a fraction, a whole one with a fraction; zero for what is none."""
    total = Fraction(0)
    try:
        for part in text.replace(",", ".").split():
            total += Fraction(part)
    except (ValueError, ZeroDivisionError):
        return Decimal(0)
    return Decimal(total.numerator) / Decimal(total.denominator)


def _take_times(read: _Read, found: re.Match[str]) -> None:
    if found["number"] == "1" and not found["day"]:  # «1 р 2 тижні» is rather once in two weeks than once a day
        raise _Fault(NOT_UNDERSTOOD, found.string[found.start() :][:_LONGEST_PART])
    read.put_times(found, int(found["number"]))


def _take_hours(read: _Read, found: re.Match[str]) -> None:
    hours = int(found["number"])
    if not hours or MOST_TIMES % hours:
        raise _Fault(BAD_TIMES, found[0])
    read.put_times(found, MOST_TIMES // hours)


def _take_scheme(read: _Read, found: re.Match[str]) -> None:
    """1-0-1: in the morning, at noon, in the evening."""
    doses = [_number(each) for each in found["scheme"].split("-")]
    given = {each for each in doses if each}
    if len(given) != 1:
        raise _Fault(NOT_UNDERSTOOD, found[0])
    unit = PIECE if found["pieces"] else ""
    read.put(found[0], dose=given.pop(), **({"unit": unit} if unit else {}))
    read.put_times(found, sum(1 for each in doses if each))


def _take_days(days_in_one: int) -> _Take:
    def take(read: _Read, found: re.Match[str]) -> None:
        days = int(found["number"] or 1) * days_in_one
        if not 1 <= days <= MOST_DAYS:
            raise _Fault(BAD_DAYS, found[0])
        read.put(found[0], days=days)

    return take


def _take_term(days_in_one: int) -> _Take:
    """«2 р/д на 10 днів» is how long, «1 раз на 3 дні» how often: the first needs a day that has been said before."""
    take = _take_days(days_in_one)

    def take_term(read: _Read, found: re.Match[str]) -> None:
        if not (read.is_daily or (read.times is None and read.when in _ONCE)):
            raise _Fault(NOT_UNDERSTOOD, found.string[found.start() :][:_LONGEST_PART])
        take(read, found)

    return take_term


def _often(times: int) -> _Take:
    return lambda read, found: read.put_times(found, times)


def _says(**values: object) -> _Take:
    return lambda read, found: read.put(found[0], **values)


# «На» says how long as well as how often («1 раз на тиждень», «на 3 дні»), and a week without a number does so too:
# how long it says with a number, behind a frequency that is whole.
_DURING = r"(?:(?:протягом|впродовж|курс(?:ом)?)\s*)"
_WEEK, _MONTH = r"тиж(?:д(?:ень|ня|нів|ні)?|ні|нів|ня)?", r"міс(?:яць|яці|яців|яця)?"
_UNIT_GROUPS = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS.items())
# In this order: what is longer, or says more, comes first. Each begins where the one before ended.
_PATTERNS: tuple[tuple[str, _Take], ...] = (
    (rf"(?P<scheme>\d(?:[.,]5)?(?:-\d(?:[.,]5)?){{2,3}})(?:\s*(?P<pieces>{_UNITS[PIECE]}))?{_END}", _take_scheme),
    (rf"(?:кожні|що|через кожні)\s*(?P<number>\d{{1,2}})\s*(?:годин[иу]?|год|г){_END}", _take_hours),
    (rf"(?P<number>\d{{1,3}})\s*(?:раз(?:и|ів|а)?|р)\b\.?(?P<day>{_PER_DAY})?{_END}", _take_times),
    (rf"(?P<number>\d{{1,3}})(?P<day>\s*/\s*(?:{_DAY})){_END}", _take_times),
    (rf"(?:один раз|раз){_PER_DAY}{_END}|що(?:дня|доби|денно){_END}", _often(1)),
    (rf"двічі(?P<day>{_PER_DAY})?{_END}", _often(2)),
    (rf"тричі(?P<day>{_PER_DAY})?{_END}", _often(3)),
    (rf"на\s*(?P<number>\d{{1,4}})\s*(?:днів|дні|дня|діб|{_DAY}){_END}", _take_term(1)),
    (rf"на\s*(?P<number>\d{{1,3}})\s*{_WEEK}{_END}", _take_term(7)),
    (rf"на\s*(?P<number>\d{{1,3}})\s*{_MONTH}{_END}", _take_term(30)),
    (rf"{_DURING}?{_X}?\s*(?P<number>\d{{1,4}})\s*(?:днів|дні|дня|діб|{_DAY}){_END}", _take_days(1)),
    (rf"(?:{_DURING}?{_X}?\s*(?P<number>\d{{1,3}})|{_DURING})\s*{_WEEK}{_END}", _take_days(7)),
    (rf"(?:{_DURING}?{_X}?\s*(?P<number>\d{{1,3}})|{_DURING})\s*{_MONTH}{_END}", _take_days(30)),
    (rf"{_X}\s*(?P<number>\d{{1,2}})(?P<day>{_PER_DAY})?{_END}", _take_times),
    (rf"(?:до|перед) (?:їди|їдою|їжею|їжі){_END}", _says(when=BEFORE_MEALS)),
    (rf"після (?:їди|їжі){_END}", _says(when=AFTER_MEALS)),
    (rf"(?:під час|з) (?:їди|їжі|їжею|їдою){_END}", _says(when=WITH_MEALS)),
    (rf"(?:на ніч|перед сном){_END}", _says(when=BEFORE_SLEEP)),
    (rf"(?:вранці|зранку|уранці){_END}", _says(when=ON_WAKING)),
    (rf"(?:перорально|внутрішньо|всередину|через рот){_END}", _says(route=BY_MOUTH)),
    (rf"(?:в/м|внутрішньом.?язово){_END}", _says(route=INTO_MUSCLE)),
    (rf"(?:в/в|внутрішньовенно){_END}", _says(route=INTO_VEIN)),
    (rf"(?:п/ш|підшкірно){_END}", _says(route=UNDER_SKIN)),
    (rf"(?:по\s*)?(?P<number>{_NUMBER})\s*(?:{_UNIT_GROUPS}){_END}", _take_dose),
    (rf"(?:по\s*)?(?P<number>{_NUMBER})(?![\w/])(?!\s*[-–—]\s*\d)", _take_dose),
)
_TABLE = tuple((re.compile(pattern), take) for pattern, take in _PATTERNS)
_SKIPPED = re.compile(rf"[\s,.;:–—-]+|(?:приймати|пити|вживати|вводити|і|та){_END}")


def read_dosing(line: str) -> Dosing | Misread:
    """The line, understood whole; else what is missing, odd or said twice."""
    if len(line) > LONGEST_LINE:
        return Misread(TOO_LONG)
    text = _plain(line)
    if not text:
        return Misread(EMPTY)
    read = _Read()
    try:
        _read_all(read, text)
    except _Fault as fault:
        return fault.misread
    if read.times is None and read.when in _ONCE:
        read.times = 1
    return _whole(read)


def _plain(line: str) -> str:
    text = line.casefold().replace("½", " 1/2").replace("¼", " 1/4").replace("’", "'").replace("ʼ", "'")
    for pattern, word in _LATIN:
        text = re.sub(pattern, word, text)
    text = re.sub(r"(?<=\d)\.(?=\s|$)", " ", text.translate(_LOOKALIKES))
    text = re.sub(r"\b(пів)(?=таб|пігул)", r"\1 ", text)
    text = re.sub("|".join(rf"\b{word}\b" for word in _WORDS), lambda found: _WORDS[found[0]], text)
    return re.sub(r"\s+", " ", text).strip()


def _read_all(read: _Read, text: str) -> None:
    at = 0
    while at < len(text):
        if skipped := _SKIPPED.match(text, at):
            at = skipped.end()
            continue
        for pattern, take in _TABLE:
            if found := pattern.match(text, at):
                take(read, found)
                at = found.end()
                break
        else:
            raise _Fault(NOT_UNDERSTOOD, text[at:][:_LONGEST_PART])


def _whole(read: _Read) -> Dosing | Misread:
    if read.dose is None:
        return Misread(NO_DOSE)
    if read.times is None:
        return Misread(NO_TIMES)
    if read.when in _ONCE and read.times != 1:
        return Misread(NOT_UNDERSTOOD, {"part": "на ніч" if read.when == BEFORE_SLEEP else "вранці"})
    return Dosing(read.dose, read.unit, read.times, read.days, read.when, read.route)


_WHOLE_ONLY = ("CAPSULE", "SUPPOSITORY")
_THOUSAND = Decimal(1000)


def dose_of(dosing: Dosing, drug: Drug) -> Decimal | Misread:
    """The dose in units of the form: of «500 мг» two capsules of 250 mg. A fault when it cannot be given so."""
    unit, form_unit = dosing.unit, drug.dose_unit
    is_piece = unit == PIECE or (unit == "SUPPOSITORY" and unit in drug.form)
    if not unit or unit == form_unit or (is_piece and form_unit == "PILL"):
        dose = dosing.dose
    else:
        amount = _amount_of(dosing, drug)
        if amount is None:
            return Misread(OTHER_UNIT, {"unit": drug.unit(form_unit)})
        dose = amount / drug.ingredients[0].amount
        if not _can_be_given(dose, drug):
            part = drug.ingredients[0]
            holds = quantity(part.amount, drug.unit(part.unit))
            told = quantity(dosing.dose, "г" if unit == GRAM else drug.unit(unit))
            return Misread(NOT_PARTED, {"amount": told, "unit": drug.unit(form_unit), "holds": holds})
    return dose if _can_be_given(dose, drug) else Misread(HALVED, {"unit": drug.unit(form_unit)})


def _amount_of(dosing: Dosing, drug: Drug) -> Decimal | None:
    """The dose in the units of the first substance; None when the two are not of a kind."""
    if not drug.ingredients:
        return None
    own = drug.ingredients[0].unit
    if dosing.unit == own:
        return dosing.dose
    ratios = {(GRAM, "MG"): _THOUSAND, ("MG", "MKG"): _THOUSAND, ("MKG", "MG"): 1 / _THOUSAND}
    ratio = ratios.get((dosing.unit, own))
    return None if ratio is None else dosing.dose * ratio


def _can_be_given(dose: Decimal, drug: Drug) -> bool:
    """Whole pieces; of a tablet halves and quarters too; of what is measured, three digits behind the comma."""
    if drug.dose_unit in {"ML", "MG", "MKG", "IE"}:
        return dose == round(dose, 3)
    step = Decimal("0.25") if drug.dose_unit == "PILL" and not any(each in drug.form for each in _WHOLE_ONLY) else 1
    return dose % step == 0
