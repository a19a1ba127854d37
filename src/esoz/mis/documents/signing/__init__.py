"""Receiving signed documents: valid, of exactly our bytes, by the user who is signed in."""

from .commands import receive_signed, receive_some

__all__ = ["receive_signed", "receive_some"]
