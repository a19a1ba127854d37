"""The pages of this section, gathered."""

from esoz.mis.base.services import MisPages

pages: MisPages = MisPages()
REPORT = "/pharmacy/report"
