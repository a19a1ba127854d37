"""Signing in with a passkey (WebAuthn): two factors in one touch, without an address and without a password."""

from .store import delete_all

__all__ = ["delete_all"]
