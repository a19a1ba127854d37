"""The command line of the library: verify, sign, inspect and convert without any server of ours."""

from .parser import add_to, main

__all__ = ["add_to", "main"]
