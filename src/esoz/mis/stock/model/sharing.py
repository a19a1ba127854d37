"""A pharmacy tells patients, of its own will, what it has: when it is told, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from esoz.kernel.pages import mark as _

SOON = timedelta(seconds=30)  # changes of half a minute are told at once
AGAIN = timedelta(hours=6)  # told anew though nothing moved: central shows nothing that is old
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
MOST = 10_000  # packages of one division

NOBODY = "nobody"  # no pharmacist whose consent is at hand
AWAY = "away"  # central did not answer
REFUSALS = {
    NOBODY: _("Жоден фармацевт аптеки не надав доступу до ЕСОЗ. Нехай хтось із них увійде й надасть доступ."),
    AWAY: _("ЕСОЗ не відповіла. Спробуємо ще раз самі."),
}
REFUSED = _("ЕСОЗ не прийняла даних. Спробуємо ще раз самі; якщо це триватиме, зверніться до підтримки.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Whether a division tells what it has, and how that goes."""

    clinic_id: UUID
    division_id: UUID
    is_on: bool
    user_id: UUID
    switched_at: datetime
    next_at: datetime | None
    tries: int
    told_at: datetime | None
    told: int
    refusal: str

    @property
    def words(self) -> str:
        """Why it was not told the last time; "" when it was."""
        return REFUSALS.get(self.refusal, REFUSED) if self.refusal else ""


def pause(tries: int) -> timedelta:
    """How long after so many failed tries the next one is made: each time twice as long, an hour at most."""
    return min(FIRST_PAUSE * (1 << min(tries, 16)), LONGEST_PAUSE)
