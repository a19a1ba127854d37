"""Choosing a doctor: the request for a declaration, its text, the signature that makes the declaration."""

from .queries import listed

__all__ = ["listed"]
