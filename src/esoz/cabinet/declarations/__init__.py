"""My declarations: the doctors I have chosen."""

from .queries import current

__all__ = ["current"]
