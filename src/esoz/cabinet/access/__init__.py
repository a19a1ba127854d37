"""Patients at central: coming in with their КЕП, calling central with their token, going out."""

from .session import Line, SignInNeeded, calling
from .store import load_patient

__all__ = ["Line", "SignInNeeded", "calling", "load_patient"]
