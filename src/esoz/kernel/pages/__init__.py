"""Pages: a small ASGI site with sessions, forms, translations and accessible components, shared by mis and cabinet."""

from .forms import Form, Upload, faults
from .odd import ODD_VALUES
from .page import Banner, JoinedUser, NavItem, Page, Profile, Redirect, SignedIn
from .routes import Handler, Pages, Route
from .security import StaleForm
from .sessions import Session, Terms, delete_expired, end_all
from .site import Site
from .translations import mark

__all__ = [
    "ODD_VALUES",
    "Banner",
    "Form",
    "Handler",
    "JoinedUser",
    "NavItem",
    "Page",
    "Pages",
    "Profile",
    "Redirect",
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
