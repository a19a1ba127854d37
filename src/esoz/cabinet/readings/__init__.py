"""Who read or changed my record: central's access log in plain words."""

from .queries import visits_of_others

__all__ = ["visits_of_others"]
