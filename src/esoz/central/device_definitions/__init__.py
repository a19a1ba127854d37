"""The register of device definitions: what kinds of medical devices there are, from a file of the operator's."""

from .api import operations
from .commands import import_device_definitions
from .model import FIXED, Definition, ProgramDevice
from .queries import definitions, known, participations
from .sources import common_device_definitions, read_device_definitions

__all__ = [
    "FIXED",
    "Definition",
    "ProgramDevice",
    "common_device_definitions",
    "definitions",
    "import_device_definitions",
    "known",
    "operations",
    "participations",
    "read_device_definitions",
]
