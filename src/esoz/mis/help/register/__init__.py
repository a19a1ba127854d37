"""What central's register of МІС says of this workplace: update it, it may not send, whom to call."""

from .queries import standings_now, tags

__all__ = ["standings_now", "tags"]
