"""The code that a patient tells."""

from esoz.kernel.pages import mark as _

BAD_CODE = _("Введіть код із SMS: чотири цифри.")


def read_code(text: str) -> int | None:
    """Four digits as the patient dictates them, spaces between them or not; None of anything else."""
    digits = "".join(text.split())
    return int(digits) if len(digits) == 4 and digits.isascii() and digits.isdecimal() else None
