"""Rules of banners; whom to ask for help; which browsers are new enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from esoz.kernel.clock import KYIV
from esoz.kernel.pages import mark as _
from esoz.kernel.settings import Settings

LONGEST_TEXT = 300
LONGEST_TERM = timedelta(days=365)
HIDDEN = "hidden_banners"  # in the session
# The oldest browsers that have all the pages use: dialogues, forms sent by scripts, private methods.
BROWSERS = (("Chrome", "86"), ("Edge", "86"), ("Firefox", "98"), ("Safari", "16"))
Severity = Literal["info", "warning", "danger"]
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


@dataclass(frozen=True, slots=True)
class Notification:
    """A banner as it is kept. `clinic_id`: None for everybody; `ends_at`: None until it is taken down."""

    id: UUID
    clinic_id: UUID | None
    severity: Severity
    text: str
    begins_at: datetime
    ends_at: datetime | None
    made_at: datetime
    author: str = ""  # empty: the operator

    def is_on(self, now: datetime) -> bool:
        return self.begins_at <= now and (self.ends_at is None or now < self.ends_at)

    @property
    def can_be_hidden(self) -> bool:
        """What stops the work stays in sight."""
        return self.severity != "danger"


@dataclass(frozen=True, slots=True)
class Support:
    """Whom the users of this installation ask; empty texts were not set by the operator."""

    phone: str = ""
    email: str = ""
    hours: str = ""
    url: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "Support":
        """What the operator has set. Raises ValueError for an address that is no address of a site."""
        url = settings.text("ESOZ_SUPPORT_URL")
        if url and urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError("ESOZ_SUPPORT_URL has to begin with https://")
        phone, email, hours = (settings.text(f"ESOZ_SUPPORT_{name}") for name in ("PHONE", "EMAIL", "HOURS"))
        return cls(phone, email, hours, url)

    @property
    def is_set(self) -> bool:
        return bool(self.phone or self.email or self.url)

    @property
    def dialled(self) -> str:
        """The phone without spaces and dashes, for a link."""
        return "".join(character for character in self.phone if character.isdigit() or character == "+")


def moment(text: str) -> datetime | None:
    """A day and a time as forms and people write them, in Kyiv; None when nothing is written. Raises ValueError."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.replace(" ", "T", 1)).replace(tzinfo=KYIV)
    except ValueError as fault:
        raise ValueError(f"not a day and time such as 2026-11-22 18:00: {text}") from fault


def is_term(begins_at: datetime, ends_at: datetime | None) -> bool:
    """Whether a banner may stand for this time."""
    return ends_at is None or begins_at < ends_at <= begins_at + LONGEST_TERM
