"""The second factor of a sign-in by password: codes of an application on the telephone, and recovery codes."""

from .commands import note_recovery, use_code, use_recovery_code, warn
from .model import MUST_ENROL, NO_CODE
from .queries import must_enrol
from .store import delete, exists

__all__ = [
    "MUST_ENROL",
    "NO_CODE",
    "delete",
    "exists",
    "must_enrol",
    "note_recovery",
    "use_code",
    "use_recovery_code",
    "warn",
]
