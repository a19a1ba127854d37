"""Whom the users of an installation ask for help."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from esoz.kernel.settings import Settings


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
        return "".join(character for character in self.phone if character in "+0123456789")
