"""Synthetic people: Ukrainian names, birth dates, РНОКПП with right check digits, documents. Seeded, never real."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# Common Ukrainian names; the combinations are made by chance from a fixed seed.
SURNAMES = (
    "Бондаренко",
    "Ткаченко",
    "Кравченко",
    "Олійник",
    "Лисенко",
    "Поліщук",
    "Шевчук",
    "Марченко",
    "Савченко",
    "Руденко",
    "Мельник",
    "Клименко",
    "Пономаренко",
    "Гаврилюк",
    "Юрченко",
    "Їжакевич",
    "Ґалаґан",
    "Мороз",
    "Яценко",
    "Дем'яненко",
    "Захарчук",
    "Панченко",
    "Назаренко",
    "Приходько",
    "Костюк",
    "Власюк",
    "Гончар",
    "Чумак",
    "Остапчук",
    "Федоренко",
)
MALE = (
    "Андрій",
    "Богдан",
    "Василь",
    "Григорій",
    "Дмитро",
    "Євген",
    "Іван",
    "Максим",
    "Назар",
    "Олег",
    "Петро",
    "Роман",
    "Сергій",
    "Тарас",
    "Юрій",
    "Ярослав",
)
FEMALE = (
    "Ганна",
    "Дарина",
    "Єва",
    "Зоряна",
    "Ірина",
    "Катерина",
    "Людмила",
    "Марія",
    "Надія",
    "Оксана",
    "Поліна",
    "Софія",
    "Тетяна",
    "Уляна",
    "Христина",
    "Юлія",
)
FATHERS = (
    ("Андрійович", "Андріївна"),
    ("Богданович", "Богданівна"),
    ("Васильович", "Василівна"),
    ("Іванович", "Іванівна"),
    ("Миколайович", "Миколаївна"),
    ("Олександрович", "Олександрівна"),
    ("Петрович", "Петрівна"),
    ("Романович", "Романівна"),
    ("Степанович", "Степанівна"),
    ("Ярославович", "Ярославівна"),
)
_EPOCH = date(1899, 12, 31)  # the first five digits of РНОКПП count days from here
_WEIGHTS = (-1, 5, 7, 9, 4, 6, 10, 5, 7)


@dataclass(frozen=True, slots=True)
class Identity:
    """A human being of the demo country."""

    last_name: str
    first_name: str
    second_name: str
    birth_date: date
    gender: str
    tax_id: str
    phone: str
    passport: str

    @property
    def full_name(self) -> str:
        return f"{self.last_name} {self.first_name} {self.second_name}"

    @property
    def unzr(self) -> str:
        """Number in the demographic register: birth date and five digits."""
        return f"{self.birth_date:%Y%m%d}-{int(self.tax_id) % 100_000:05d}"


def tax_id(birth_date: date, number: int, *, male: bool) -> str:
    """РНОКПП: days since 1899-12-31, a number whose last digit is odd for men, and the check digit."""
    stem = f"{(birth_date - _EPOCH).days:05d}{number % 1000:03d}{(number % 5) * 2 + int(male)}"
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, stem, strict=True))
    return stem + str(total % 11 % 10)


class People:
    """Makes people one after another; the same seed makes the same people."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._count = 0

    def person(
        self,
        today: date,
        ages: tuple[int, int],
        *,
        surname: str = "",
        male: bool | None = None,
        father: int | None = None,
    ) -> Identity:
        """Someone whose age lies between `ages`; a family shares the surname, children the father's name."""
        chance = self._chance
        self._count += 1
        is_male = chance.random() < 0.5 if male is None else male
        birth_date = today - timedelta(days=chance.randint(ages[0] * 366 + 1, ages[1] * 365 + 300))
        patronymic = FATHERS[chance.randrange(len(FATHERS)) if father is None else father]
        return Identity(
            last_name=surname or chance.choice(SURNAMES),
            first_name=chance.choice(MALE if is_male else FEMALE),
            second_name=patronymic[0 if is_male else 1],
            birth_date=birth_date,
            gender="MALE" if is_male else "FEMALE",
            tax_id=tax_id(birth_date, self._count * 7 + 11, male=is_male),
            phone=f"+38050{7_000_000 + self._count:07d}",
            passport=f"{chance.choice('АВСЕНКМТ')}{chance.choice('АВСЕНКМТ')}{chance.randint(100_000, 999_999)}",
        )

    def choose(self, options: Sequence[str]) -> str:
        return self._chance.choice(options)
