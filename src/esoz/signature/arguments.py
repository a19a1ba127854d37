"""What callers give, made what the code below expects; a wrong kind of thing is a refusal of the family as well."""

from datetime import datetime

from .errors import WrongArgument


def octets(value: object, name: str = "data") -> bytes:
    """Bytes of any kind; a text is none: nobody knows which bytes were meant."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    raise WrongArgument(f"{name}: bytes are expected, not {type(value).__name__}")


def text(value: object, name: str) -> str:
    """A text; bytes are none: nobody knows how they spell it."""
    if isinstance(value, str):
        return value
    raise WrongArgument(f"{name}: a text is expected, not {type(value).__name__}")


def moment(value: object, name: str = "at") -> datetime:
    """A moment with its zone: without one it is another moment on every machine."""
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return value
    raise WrongArgument(f"{name}: a datetime with a zone is expected, as datetime.now(UTC)")
