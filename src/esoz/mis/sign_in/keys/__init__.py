"""Keys (КЕП) of the workplace's people: their certificates, how they stand, when they end."""

from .commands import NO_OWN_TAX_ID, note_use

__all__ = ["NO_OWN_TAX_ID", "note_use"]
