"""Coming in: passwords, the pause after wrong ones, the choice of a workplace."""

from .commands import Person, add_clinic, add_user, add_workplace, end_pause, try_password
from .model import Limits, Previous
from .queries import load_worker, previous, roles_at

__all__ = [
    "Limits",
    "Person",
    "Previous",
    "add_clinic",
    "add_user",
    "add_workplace",
    "end_pause",
    "load_worker",
    "previous",
    "roles_at",
    "try_password",
]
