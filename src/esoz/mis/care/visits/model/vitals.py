"""Measurements of a visit: what each is called, its published code and unit, what is possible and what is usual."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from esoz.kernel.pages import mark as _

OBSERVATIONS = "eHealth/LOINC/observation_codes"
ADULT = 18
ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """One measurement: its LOINC code, unit and possible values, and how people write it.

    `usual`: values of an adult that need no second look; `of_children`: they hold for children too. `names` and `units`
    are spellings in small letters; the number of a unit is how many of ours one of it is. `tells_itself`: units that
    belong to nothing else, so that the name may be left out. `places`: digits after the comma.
    """

    field: str
    code: str
    unit: str
    label: str
    suffix: str
    least: Decimal
    most: Decimal
    outside: str  # what is said of a value outside of these
    usual: tuple[Decimal, Decimal]
    names: tuple[str, ...]
    units: Mapping[str, Decimal]
    tells_itself: frozenset[str] = frozenset()
    places: int = 0
    of_children: bool = False


_MERCURY = dict.fromkeys(("мм рт. ст.", "мм рт. ст", "мм рт ст", "мм.рт.ст.", "мм.рт.ст", "mmhg", "mm hg"), ONE)
_A_MINUTE = dict.fromkeys(("/хв.", "/хв", "за хв", "за хвилину", "/min", "на хв"), ONE)
_BEATS = dict.fromkeys(("уд./хв.", "уд./хв", "уд/хв.", "уд/хв", "уд. за хв", "уд за хв", "bpm"), ONE)
_DEGREES = dict.fromkeys(("°c", "° c", "℃", "градусів", "градуса", "град.", "град", "°", "c"), ONE)
_KILOGRAMS = dict.fromkeys(("кг", "kg"), ONE)
_CENTIMETRES = dict.fromkeys(("см", "cm"), ONE)
_METRES = {"м": Decimal(100), "m": Decimal(100)}
PRESSURE = "pressure"  # two measurements that are written as one
PRESSURE_NAMES = ("артеріальний тиск", "тиск", "а/т", "ат", "ад", "bp")

VITALS = (
    Vital(
        field="temperature",
        code="8310-5",
        unit="Cel",
        label=_("Температура"),
        suffix="°C",
        least=Decimal(30),
        most=Decimal(45),
        outside=_("Температура: введіть число від 30 до 45 °C."),
        usual=(Decimal(34), Decimal(41)),
        names=("температура тіла", "температура", "темп.", "темп", "temperature", "temp", "t°", "t"),
        units=_DEGREES,
        tells_itself=frozenset(_DEGREES),
        places=1,
        of_children=True,
    ),
    Vital(
        field="systolic",
        code="8480-6",
        unit="mm[Hg]",
        label=_("Тиск систолічний"),
        suffix=_("мм рт. ст."),
        least=Decimal(40),
        most=Decimal(300),
        outside=_("Тиск систолічний: введіть число від 40 до 300 мм рт. ст."),
        usual=(Decimal(70), Decimal(220)),
        names=(),
        units=_MERCURY,
    ),
    Vital(
        field="diastolic",
        code="8462-4",
        unit="mm[Hg]",
        label=_("Тиск діастолічний"),
        suffix=_("мм рт. ст."),
        least=Decimal(20),
        most=Decimal(200),
        outside=_("Тиск діастолічний: введіть число від 20 до 200 мм рт. ст."),
        usual=(Decimal(40), Decimal(130)),
        names=(),
        units=_MERCURY,
    ),
    Vital(
        field="pulse",
        code="8867-4",
        unit="{Beats}/min",
        label=_("Пульс"),
        suffix=_("уд./хв"),
        least=Decimal(20),
        most=Decimal(300),
        outside=_("Пульс: введіть число від 20 до 300 уд./хв."),
        usual=(Decimal(40), Decimal(180)),
        names=("пульс", "чсс", "pulse", "ps", "hr", "пс"),
        units=_BEATS | _A_MINUTE,
        tells_itself=frozenset(_BEATS),
    ),
    Vital(
        field="breathing",
        code="9279-1",
        unit="{Breaths}/min",
        label=_("Частота дихання"),
        suffix=_("дих./хв"),
        least=Decimal(4),
        most=Decimal(120),
        outside=_("Частота дихання: введіть число від 4 до 120 дих./хв."),
        usual=(Decimal(8), Decimal(40)),
        names=("частота дихання", "дихання", "чдр", "чд", "breathing", "rr"),
        units=_A_MINUTE,
    ),
    Vital(
        field="saturation",
        code="59408-5",
        unit="%",
        label=_("Сатурація (SpO2)"),
        suffix="%",
        least=Decimal(30),
        most=Decimal(100),
        outside=_("Сатурація (SpO2): введіть число від 30 до 100 %."),
        usual=(Decimal(85), Decimal(100)),
        names=("сатурація", "сатур.", "сатур", "spo2", "sp o2", "sao2", "saturation", "sat"),
        units={"%": ONE},
        of_children=True,
    ),
    Vital(
        field="glucose",
        code="14743-9",
        unit="mmol/L",
        label=_("Глюкоза"),
        suffix=_("ммоль/л"),
        least=Decimal("0.5"),
        most=Decimal(60),
        outside=_("Глюкоза: введіть число від 0,5 до 60 ммоль/л."),
        usual=(Decimal("2.5"), Decimal(30)),
        names=("глюкоза", "глюкоза крові", "цукор крові", "цукор", "гл.", "glucose"),
        units=dict.fromkeys(("ммоль/л", "mmol/l", "ммоль"), ONE),
        tells_itself=frozenset({"ммоль/л", "mmol/l"}),
        places=1,
        of_children=True,
    ),
    Vital(
        field="hba1c",
        code="4548-4",
        unit="%",
        label=_("Глікований гемоглобін (HbA1c)"),
        suffix="%",
        least=Decimal(2),
        most=Decimal(25),
        outside=_("Глікований гемоглобін (HbA1c): введіть число від 2 до 25 %."),
        usual=(Decimal(4), Decimal(16)),
        names=("глікований гемоглобін", "hba1c", "hb a1c", "a1c", "гг"),
        units={"%": ONE},
        places=1,
        of_children=True,
    ),
    Vital(
        field="height",
        code="8302-2",
        unit="cm",
        label=_("Зріст"),
        suffix=_("см"),
        least=Decimal(20),
        most=Decimal(260),
        outside=_("Зріст: введіть число від 20 до 260 см."),
        usual=(Decimal(120), Decimal(220)),
        names=("зріст", "ріст", "height"),
        units=_CENTIMETRES | _METRES,
        places=1,
    ),
    Vital(
        field="weight",
        code="29463-7",
        unit="kg",
        label=_("Вага"),
        suffix=_("кг"),
        least=Decimal("0.3"),
        most=Decimal(400),
        outside=_("Вага: введіть число від 0,3 до 400 кг."),
        usual=(Decimal(30), Decimal(200)),
        names=("вага", "маса тіла", "маса", "weight"),
        units=_KILOGRAMS | dict.fromkeys(("г", "гр", "грам", "грамів", "g"), Decimal("0.001")),
        tells_itself=frozenset(_KILOGRAMS),
        places=3,
    ),
    Vital(
        field="waist",
        code="56086-2",
        unit="cm",
        label=_("Окружність талії"),
        suffix=_("см"),
        least=Decimal(20),
        most=Decimal(250),
        outside=_("Окружність талії: введіть число від 20 до 250 см."),
        usual=(Decimal(45), Decimal(180)),
        names=("окружність талії", "обвід талії", "талія", "от", "waist"),
        units=_CENTIMETRES | _METRES,
        places=1,
    ),
)
BY_FIELD: Mapping[str, Vital] = {vital.field: vital for vital in VITALS}


def is_usual(vital: Vital, value: Decimal, age: int) -> bool:
    """Whether a measurement needs no second look. What is usual of children changes with every year: not asked."""
    if age < ADULT and not vital.of_children:
        return True
    least, most = vital.usual
    return least <= value <= most


def body_mass_index(values: Mapping[str, Decimal]) -> Decimal | None:
    """Kilograms by the square of metres, to one place; None when weight or height is missing."""
    if "height" not in values or "weight" not in values:
        return None
    metres = values["height"] / 100
    return round(values["weight"] / (metres * metres), 1)
