"""Coming in: passwords, the pause after wrong ones, the choice of a workplace."""

from .commands import Person, add_clinic, add_user, add_workplace
from .queries import load_worker, previous, roles_at

__all__ = ["Person", "add_clinic", "add_user", "add_workplace", "load_worker", "previous", "roles_at"]
