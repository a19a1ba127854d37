"""The people of a whole country: names as common as they are, ages, numbers nobody else has. Seeded, never real."""

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from esoz.central.prescriptions.model.codes import ALPHABET
from esoz.kernel.spelling import plain_name
from esoz.sandbox.identities import FATHERS, FEMALE, MALE, SURNAMES, tax_id

ROOTS = (
    *("Бондар", "Ткач", "Кравч", "Лис", "Поліщ", "Шевч", "Марч", "Савч", "Руд", "Мельн", "Клим", "Пономар", "Гаврил"),
    *("Юрч", "Яц", "Захарч", "Панч", "Назар", "Приход", "Кост", "Влас", "Гончар", "Чум", "Остапч", "Федор", "Вовч"),
    *("Зінч", "Іванч", "Ковал", "Лаврін", "Миколай", "Новаків", "Омельян", "Петр", "Радч", "Семен", "Терещ", "Устим"),
)
ENDINGS = ("енко", "ук", "юк", "ець", "ишин", "еня", "ько", "ак")
SERIES = "АВЕІКМНОРСТХ"  # letters of passports
TAX_IDS_OF_A_DAY = 700  # and 300 are left to people who are made otherwise
_SPREAD = 7_919_111_027  # no multiple of 2 or 3, so numbers of 18 signs a place are scattered and never meet


@dataclass(frozen=True, slots=True)
class Someone:
    """A person, as texts of rows."""

    kind: str  # the mould: man, woman, child
    last_name: str
    first_name: str
    second_name: str
    birth_date: date
    tax_id: str
    phone: str
    document: str

    def given(self) -> dict[str, str]:
        names = {name: getattr(self, name) for name in ("last_name", "first_name", "second_name")}
        keys = {f"{name}_key": plain_name(text) for name, text in names.items()}
        return {
            **names,
            **keys,
            "birth_date": self.birth_date.isoformat(),
            "tax_id": self.tax_id,
            "unzr": f"{self.birth_date:%Y%m%d}-{int(self.tax_id) % 100_000:05d}",
            "phone": self.phone,
            "document": self.document,
            "document_day": date.fromordinal(self.birth_date.toordinal() + 30).isoformat(),
        }


class Crowd:
    """Makes people and numbers one after another; the same seed makes the same."""

    def __init__(self, seed: int, taken: Collection[str] = ()) -> None:
        self.chance = random.Random(seed)
        self._taken = frozenset(taken)  # tax numbers
        self._by_day: Counter[tuple[int, bool]] = Counter()
        self._made = 0
        surnames = (*SURNAMES, *(root + ending for root in ROOTS for ending in ENDINGS))
        # The tenth surname is a tenth as common as the first (the law of Zipf).
        self._surnames = _by_rank(surnames, self.chance)
        self._male, self._female = _by_rank(MALE, self.chance), _by_rank(FEMALE, self.chance)

    def people(self, today: date, count: int) -> Iterator[Someone]:
        for _ in range(count):
            yield self.person(today)

    def person(self, today: date, ages: tuple[int, int] | None = None) -> Someone:
        chance, self._made = self.chance, self._made + 1
        is_child = ages is None and chance.random() < 0.18
        is_male = is_child or chance.random() < 0.47
        ages = ages or ((1, 13) if is_child else (18, 95))
        born = today.toordinal() - int(365.25 * (ages[0] + (ages[1] - ages[0]) * chance.random())) - 1
        father = chance.choice(FATHERS)
        number = self._made
        return Someone(
            kind="child" if is_child else "man" if is_male else "woman",
            last_name=self._surnames(),
            first_name=self._male() if is_male else self._female(),
            second_name=father[0 if is_male else 1],
            birth_date=date.fromordinal(born),
            tax_id=self._tax_id(date.fromordinal(born), is_male=is_male),
            phone=f"+38067{number % 10_000_000:07d}",
            document=("1БК" if is_child else SERIES[number // 12_000_000 % 12] + SERIES[number // 1_000_000 % 12])
            + f"{number % 1_000_000:06d}",
        )

    def _tax_id(self, born: date, *, is_male: bool) -> str:
        key = (born.toordinal(), is_male)
        while True:
            self._by_day[key] += 1
            if self._by_day[key] > TAX_IDS_OF_A_DAY:
                raise RuntimeError(f"more people born on {born} than there are tax numbers")
            found = tax_id(born, 1000 - self._by_day[key], male=is_male)
            if found not in self._taken:
                return found

    def new_id(self) -> str:
        """An id as systems of clinics choose it (version 4)."""
        text = f"{self.chance.getrandbits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"

    def ordered_id(self, milliseconds: int) -> str:
        """An id as central makes it (version 7): those made later come later."""
        first, text = f"{milliseconds:012x}", f"{self.chance.getrandbits(80):020x}"
        return f"{first[:8]}-{first[8:]}-7{text[1:4]}-a{text[5:8]}-{text[8:]}"


def number(prefix: str, value: int, groups: int) -> str:
    """A number of prescriptions or declarations: 0001-261K-P78X; two values never have the same."""
    left, signs = value * _SPREAD % 18 ** (4 * groups), ""
    for _ in range(4 * groups):
        left, rest = divmod(left, 18)
        signs += ALPHABET[rest]
    return "-".join((prefix, *(signs[place : place + 4] for place in range(0, 4 * groups, 4))))


def _by_rank(names: tuple[str, ...], chance: random.Random) -> Callable[[], str]:
    """Draws names, the first ones most often."""
    shares = list(accumulate(1 / rank for rank in range(1, len(names) + 1)))
    drawn: list[str] = []

    def draw() -> str:
        if not drawn:
            drawn.extend(chance.choices(names, cum_weights=shares, k=1000))
        return drawn.pop()

    return draw
