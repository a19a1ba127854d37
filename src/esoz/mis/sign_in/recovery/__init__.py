"""The way back in by mail when the password is forgotten."""

from .commands import forget_old

__all__ = ["forget_old"]
