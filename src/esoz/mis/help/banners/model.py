"""Rules of banners."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from esoz.kernel.clock import KYIV
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import day_of
from esoz.mis.base.banners import Severity

LONGEST_TEXT = 300
LONGEST_TERM = timedelta(days=365)
HIDDEN = "hidden_banners"  # in the session
SEVERITIES: Mapping[Severity, str] = {
    "info": _("Новина: блакитна смуга"),
    "warning": _("Попередження: помаранчева смуга"),
    "danger": _("Збій: червона смуга, приховати її не можна"),
}

NO_TEXT = _("Введіть текст оголошення, до 300 знаків.")
NO_SEVERITY = _("Оберіть, наскільки це важливо.")
NO_MOMENT = _("Введіть день і час, наприклад 2026-11-22 18:00.")
ENDS_BEFORE = _("Кінець має бути пізніше за початок і не далі як за рік.")


class Event(StrEnum):
    READ = "banners.read"
    PUBLISHED = "banner.published"
    ENDED = "banner.ended"


def moment(text: str) -> datetime | None:
    """A day and a time as forms and people write them, in Kyiv; None when nothing is written. Raises ValueError."""
    if not text:
        return None
    day, _, rest = text.replace(" ", "T", 1).partition("T")
    found = day_of(day)
    try:
        if found is None:
            raise ValueError(day)
        return datetime.combine(found, time.fromisoformat(rest or "00:00"), KYIV)
    except ValueError as fault:
        raise ValueError(f"not a day and time such as 2026-11-22 18:00: {text}") from fault


def is_term(begins_at: datetime, ends_at: datetime | None) -> bool:
    """Whether a banner may stand for this time."""
    return ends_at is None or begins_at < ends_at <= begins_at + LONGEST_TERM
