"""How many wrong passwords an installation forgives, and how long a password lives."""

from dataclasses import dataclass
from datetime import timedelta

from esoz.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """How many wrong passwords are forgiven, in what time, and how long the pause after them is.

    Defaults: the state's page of 2022-07-05, more than three wrong passwords limit the tries for ten minutes.
    `from_address`: wrong passwords from one network address in the same time, whosever they are.
    """

    forgiven: int = 3
    pause: timedelta = timedelta(minutes=10)  # and the time in which wrong passwords are counted
    from_address: int = 60
    password_days: int = 90  # how long a password lives; 0: without end

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """What the operator has set."""
        return cls(
            settings.number("ESOZ_LOGIN_FAILURES"),
            timedelta(minutes=settings.number("ESOZ_LOGIN_PAUSE_MINUTES")),
            settings.number("ESOZ_LOGIN_ADDRESS_FAILURES"),
            settings.number("ESOZ_PASSWORD_DAYS"),
        )

    @property
    def minutes(self) -> int:
        """Length of the pause in minutes."""
        return int(self.pause.total_seconds() // 60)
