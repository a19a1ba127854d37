"""Asking for consent and giving it back; calling central with it."""
