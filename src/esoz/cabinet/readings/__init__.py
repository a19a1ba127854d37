"""Who read or changed my record: central's access log in plain words."""

from .queries import readers_of_late

__all__ = ["readers_of_late"]
