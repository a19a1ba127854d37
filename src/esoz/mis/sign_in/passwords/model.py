"""Rules of passwords (decision 11): what a good one is, how long it lives, when its end is announced."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from esoz.kernel.guessable import is_common
from esoz.kernel.pages import mark as _

LEAST_LENGTH = 12
LONGEST = 128  # more is no safer, and each character costs
REMEMBERED = 3  # passwords that may not be used again, the present one among them
REMINDERS = (14, 7, 3, 1)  # days before the end
SHORTEST_TERM = 7
MUST_CHANGE = "must_change_password"  # in the session: nothing else opens before

TOO_SHORT = _("Щонайменше 12 знаків")
NO_SMALL = _("Мала літера")
NO_CAPITAL = _("Велика літера")
NO_DIGIT = _("Цифра")
COMMON = _("Не з поширених паролів і не Ваше ім’я чи пошта")
USED = _("Цей пароль Ви вже мали. Придумайте інший: останні три не повторюють.")
TOO_LONG = _("Пароль задовгий: не більше 128 знаків.")
WRONG_CURRENT = _("Поточний пароль неправильний.")
PAUSED = _("Забагато неправильних паролів, тому пароль зараз не перевіряємо. Спробуйте за кілька хвилин.")
DIFFER = _("Паролі не збігаються. Введіть новий пароль двічі однаково.")
NOT_GOOD = _("Пароль не відповідає правилам. Нижче видно, які ще не виконано.")


class Event(StrEnum):
    CHANGED = "password.changed"
    TERM_SET = "password_term.set"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is shown beside the field, and whether the typed password keeps it."""

    text: str
    is_kept: bool


def rules(password: str, own: Iterable[str] = ()) -> list[Rule]:
    """All rules; `own`: names and the address of the user. Letters of any alphabet count."""
    return [
        Rule(TOO_SHORT, len(password) >= LEAST_LENGTH),
        Rule(NO_SMALL, any(character.islower() for character in password)),
        Rule(NO_CAPITAL, any(character.isupper() for character in password)),
        Rule(NO_DIGIT, any(character.isascii() and character.isdigit() for character in password)),
        Rule(COMMON, bool(password) and not is_common(password, own)),
    ]


def is_good(password: str, own: Iterable[str] = ()) -> bool:
    """Whether every rule is kept."""
    return len(password) <= LONGEST and all(rule.is_kept for rule in rules(password, own))


def shortest(operator: int, clinics: Iterable[int]) -> int:
    """The term in days: a clinic may choose a shorter one than the operator; 0 is none."""
    return min((days for days in (operator, *clinics) if days > 0), default=0)


def days_left(set_at: datetime, now: datetime, term: int) -> int | None:
    """Days until the end, begun ones counted; 0 from the end on; None without a term."""
    if term == 0:
        return None
    left = set_at + timedelta(days=term) - now
    return max(-(-left // timedelta(days=1)), 0)


def reminder(left: int | None) -> int | None:
    """Which of the reminders is due when so many days are left."""
    if not left:
        return None
    return min((days for days in REMINDERS if left <= days), default=None)
