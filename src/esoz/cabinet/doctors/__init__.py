"""Doctors who can be chosen: found by place, name and speciality in a copy of central's public registers."""

from .asking import Asked, place_asked
from .model import Centre
from .queries import me

__all__ = ["Asked", "Centre", "me", "place_asked"]
