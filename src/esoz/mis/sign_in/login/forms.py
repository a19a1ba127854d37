"""Reading the forms of signing in."""

from uuid import UUID

from esoz.kernel.errors import NotFound


def must_be_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise NotFound() from fault
