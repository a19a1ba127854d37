"""The one list that all pages of declarations stand in, and who may do what there."""

from esoz.mis.base.services import MisPages
from esoz.mis.base.workplace import holders

from ..queries import READING

__all__ = ["APPROVING", "ASKING", "READING", "REJECTING", "SEEING", "SIGNING", "pages"]

pages: MisPages = MisPages()

# DC-1: who may do what with a request, by the published scopes.
SEEING = holders("declaration_request:read")
ASKING = holders("declaration_request:write")
APPROVING = holders("declaration_request:approve")
REJECTING = holders("declaration_request:reject")
SIGNING = holders("declaration_request:sign")
