"""Signing in with КЕП, for oneself and for another, for the first time and again; the register of civil acts."""
