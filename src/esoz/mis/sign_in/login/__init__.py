"""Coming in: passwords, the pause after wrong ones, the choice of a workplace."""

from .commands import Person, add_clinic, add_user, add_workplace, arrive, end_pause, note, try_password, try_secret
from .model import Account, Half, Method, Outcome, Previous, Standing
from .queries import load_worker, previous

__all__ = [
    "Account",
    "Half",
    "Method",
    "Outcome",
    "Person",
    "Previous",
    "Standing",
    "add_clinic",
    "add_user",
    "add_workplace",
    "arrive",
    "end_pause",
    "load_worker",
    "note",
    "previous",
    "try_password",
    "try_secret",
]
