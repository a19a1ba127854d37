"""Pages: a small ASGI site with sessions, forms, translations and accessible components, shared by mis and cabinet."""

from .forms import Form, Upload, faults
from .page import Banner, Detour, NavItem, Page, Profile, SignedIn
from .routes import Handler, Pages, Route
from .security import StaleForm
from .sessions import Session, Terms, delete_expired, end_all
from .site import Site
from .translations import mark

__all__ = [
    "Banner",
    "Detour",
    "Form",
    "Handler",
    "NavItem",
    "Page",
    "Pages",
    "Profile",
    "Route",
    "Session",
    "SignedIn",
    "Site",
    "StaleForm",
    "Terms",
    "Upload",
    "delete_expired",
    "end_all",
    "faults",
    "mark",
]
