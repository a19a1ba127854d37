"""What a clinic that has the number of a referral gets to see."""

from dataclasses import dataclass

from esoz.central.people import Person
from esoz.central.prepersons import Preperson

from .requests import ServiceRequest


@dataclass(frozen=True, slots=True)
class Found:
    """A referral found by its number, and whose it is: the registrar compares it with a document."""

    request: ServiceRequest
    patient: Person | Preperson
