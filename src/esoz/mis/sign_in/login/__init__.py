"""Signing in, from the password to the choice of a workplace; who is here."""

from .commands.arrivals import arrive, onward, ways
from .commands.users import Person, add_clinic, add_user, add_workplace
from .model import Previous
from .queries import JOINED, load_worker, previous

__all__ = [
    "JOINED",
    "Person",
    "Previous",
    "add_clinic",
    "add_user",
    "add_workplace",
    "arrive",
    "load_worker",
    "onward",
    "previous",
    "ways",
]
