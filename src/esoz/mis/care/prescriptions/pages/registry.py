"""The one list that all pages of prescriptions stand in, and who may do what there."""

from esoz.mis.base.services import MisPages
from esoz.mis.base.workplace import PRESCRIBING

__all__ = ["PRESCRIBING", "pages"]

pages: MisPages = MisPages()
