"""What changes referrals."""

from .changes import cancel, complete, process, recall, release, use
from .creation import create, prequalify
from .notices import resend
from .submissions import submit_change, submit_end, submit_order

__all__ = [
    "cancel",
    "complete",
    "create",
    "prequalify",
    "process",
    "recall",
    "release",
    "resend",
    "submit_change",
    "submit_end",
    "submit_order",
    "use",
]
