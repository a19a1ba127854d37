"""What protects every page: headers of the answer, and the check that a form came from our own page."""

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from ..errors import Forbidden

PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
OWN_FETCHES = frozenset({"same-origin", "none"})


class StaleForm(Forbidden):
    """The form's token is not of this session, or the form came from another site."""


def headers(*, secure: bool, form_origins: Sequence[str] = ()) -> dict[str, str]:
    """Headers for all answers. `form_origins`: where a form may lead besides us (an OAuth server)."""
    forms = " ".join(["'self'", *form_origins])
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
        f"form-action {forms}; frame-ancestors 'none'; base-uri 'none'"
    )
    fixed = {
        "Content-Security-Policy": policy,
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
    }
    return fixed | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})


def must_be_own_page(given: Mapping[str, str], base_url: str) -> None:
    """The browser itself says where the request comes from. Raises StaleForm when it is another site."""
    if given.get("sec-fetch-site", "same-origin") not in OWN_FETCHES:
        raise StaleForm()
    origin = given.get("origin")
    if origin is None:
        return
    if urlsplit(origin).netloc not in {given.get("host"), urlsplit(base_url).netloc} or origin == "null":
        raise StaleForm()


def must_match(expected: str, given: str) -> None:
    """Compare form tokens in constant time. Raises StaleForm."""
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise StaleForm()
