"""Signing in: passwords, codes, keys and passkeys, sessions and their lock."""
