"""The clinic itself as central knows it, and its divisions."""

from .model import licence_state

__all__ = ["licence_state"]
