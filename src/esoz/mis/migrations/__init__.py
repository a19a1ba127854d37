"""Numbered SQL files of mis's own database; the kernel's files go before them."""
