"""Equipment of clinics: what it is, where it stands, whether it can be used."""

from .api import operations
from .model import Equipment
from .store import find_equipment

__all__ = ["Equipment", "find_equipment", "operations"]
