"""The one list that all pages of prescriptions stand in, and who may do what there."""

from ...services import MisPages
from ...workplace import PRESCRIBING

__all__ = ["PRESCRIBING", "pages"]

pages: MisPages = MisPages()
