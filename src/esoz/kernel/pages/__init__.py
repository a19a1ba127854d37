"""Pages: a small ASGI site with sessions, forms, translations and accessible components, shared by mis and cabinet."""

from .forms import Form, Upload, faults
from .page import Detour, NavItem, Page, Profile, SignedIn
from .security import StaleForm
from .sessions import Session, Terms, delete_expired, end_all
from .site import Handler, Pages, Route, Site
from .translations import mark

__all__ = [
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
