"""Addresses that lead on."""

from urllib.parse import urlencode


def with_next(path: str, wanted: str) -> str:
    """The path that leads on to `wanted` when it is done."""
    return path if wanted == "/" else f"{path}?{urlencode({'next': wanted})}"
