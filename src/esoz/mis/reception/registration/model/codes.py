"""The code that a patient tells, the id of a way that they choose."""

from uuid import UUID

from esoz.kernel.pages import mark as _

BAD_CODE = _("Введіть код із SMS: чотири цифри.")


def read_code(text: str) -> int | None:
    """Four digits as the patient dictates them, spaces between them or not; None of anything else."""
    digits = "".join(text.split())
    return int(digits) if len(digits) == 4 and digits.isascii() and digits.isdecimal() else None


def is_id(text: str) -> bool:
    """Is it an id of central, or nothing chosen."""
    try:
        return not text or str(UUID(text)) == text
    except ValueError:
        return False
