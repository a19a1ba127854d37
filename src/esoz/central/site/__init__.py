"""Pages of central itself: sign-in and consent of the OAuth grant, and what everyone may see."""

from .app import make_site

# Published operations that are pages for people, not operations of the API.
SITE_OPERATIONS = frozenset({"GET sign-in", "GET sign-up", "GET confidant/sign-in", "GET confidant/sign-up"})

__all__ = ["SITE_OPERATIONS", "make_site"]
