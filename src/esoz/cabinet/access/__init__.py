"""Patients at central: signing in with their КЕП, calling central with their token, going out."""

from .session import CentralSession, SignInNeeded, calling
from .store import load_patient

__all__ = ["CentralSession", "SignInNeeded", "calling", "load_patient"]
