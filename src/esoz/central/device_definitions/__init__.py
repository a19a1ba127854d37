"""The register of device definitions: what kinds of medical devices there are, from a file of the operator's."""

from .api import operations
from .commands import import_device_definitions
from .model import Definition
from .queries import known
from .sources import read_device_definitions

__all__ = [
    "Definition",
    "import_device_definitions",
    "known",
    "operations",
    "read_device_definitions",
]
