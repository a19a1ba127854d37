"""Requests as those who ask are shown them."""

from dataclasses import dataclass
from decimal import Decimal

from esoz.central.people import ContactMethod, Person

from .requests import Request


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request with how much is left; `code` where the reader may know it, `contact` is how a patient is told."""

    request: Request
    remaining: Decimal
    contact: ContactMethod
    code: str | None = None


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A request that was found by its number, and whose it is: who hands a device over must see that."""

    request: Request
    person: Person
