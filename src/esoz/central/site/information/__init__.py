"""What the public pages tell besides numbers: learning resources, consultations, contacts, news."""

from .pages import pages
from .store import newest

__all__ = ["newest", "pages"]
