"""Acts on medical conclusions."""

from .changes import mark_in_error
from .creation import create, reserve_title
from .notices import resend
from .submissions import submit_draft, submit_mark, submit_resend

__all__ = [
    "create",
    "mark_in_error",
    "resend",
    "reserve_title",
    "submit_draft",
    "submit_mark",
    "submit_resend",
]
