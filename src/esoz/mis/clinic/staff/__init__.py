"""People of a clinic: who works there, who is invited, who has left; all of it follows central."""

from .store.people import at_work

__all__ = ["at_work"]
