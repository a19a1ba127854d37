"""Patients' own systems (PIS): how a patient comes in with their КЕП. The highest of the people's contexts."""

from .api import operations
from .commands.civil_acts import import_civil_acts
from .commands.confidant import authorize_for, check_sign_up_for, log_in_for, read_ward, register_for, wards
from .commands.sign_in import log_in
from .commands.sign_up import SignUp, UnverifiedPhone, check_sign_up, register
from .commands.signing import actor_person
from .model import ActKind, CivilAct, allowed
from .periodic import periodic_tasks
from .sources import read_civil_acts

__all__ = [
    "ActKind",
    "CivilAct",
    "SignUp",
    "UnverifiedPhone",
    "actor_person",
    "allowed",
    "authorize_for",
    "check_sign_up",
    "check_sign_up_for",
    "import_civil_acts",
    "log_in",
    "log_in_for",
    "operations",
    "periodic_tasks",
    "read_civil_acts",
    "read_ward",
    "register",
    "register_for",
    "wards",
]
