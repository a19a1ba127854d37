"""The optional C code, when it was built and gives the known answers."""

import importlib
import os
from collections.abc import Callable
from types import ModuleType

# What Python and C agreed upon, see native/kep.c; a library built from older sources is passed over.
_INTERFACE = 4

_NATIVE: ModuleType | None = None
if not os.environ.get("ESOZ_SIGNATURE_PURE"):
    try:
        _NATIVE = importlib.import_module("._kep", __package__)
    except ImportError:
        # No compiler at installation: everything works in Python, slower.
        _NATIVE = None


def native_if(is_right: Callable[[ModuleType], bool]) -> ModuleType | None:
    """The C code when it is here and passes the check, None otherwise (or when ESOZ_SIGNATURE_PURE is set)."""
    if _NATIVE is None or getattr(_NATIVE, "INTERFACE", 0) != _INTERFACE:
        return None
    return _NATIVE if is_right(_NATIVE) else None
