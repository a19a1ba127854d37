"""Who read or changed my record: central's access log in plain words."""

from .queries import readings_of_others

__all__ = ["readings_of_others"]
