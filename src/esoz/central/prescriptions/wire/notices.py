"""How the patient will be told, as the doctor is shown it."""

from typing import Protocol

from esoz.central.people import mask_phone
from esoz.kernel.payload import Object


class Told(Protocol):
    """Kind of authentication and the phone behind it."""

    @property
    def type(self) -> str: ...

    @property
    def phone(self) -> str | None: ...


def authentication_method_current(told: Told) -> Object:
    """Kind and masked number; the number is an empty string when there is none, as the field is required."""
    return {"type": told.type, "number": mask_phone(told.phone) if told.phone else ""}
