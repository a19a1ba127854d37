"""A form that could not be taken now is carried by the page that says so, and can be sent again from there.

Nothing is kept on our side for it, so it holds when our own database is away too.
"""

from dataclasses import dataclass

from starlette.requests import Request

from .forms import Form

SECRETS = ("password", "otp", "secret")  # parts of names of fields that no page ever shows
MOST_BYTES = 1_000_000  # of all its texts together


@dataclass(frozen=True, slots=True)
class Unsent:
    """Where the form goes, and its fields as they came, those of protection among them."""

    address: str
    fields: tuple[tuple[str, str], ...]


def unsent(request: Request, form: Form | None) -> Unsent | None:
    """The form of this request; None when it is not to be shown to anybody, or would not be whole: files, secrets."""
    is_form = request.method == "POST" and form is not None and bool(form.texts)
    if form is None or not is_form or any(form.files.values()) or request.headers.get("hx-request") == "true":
        return None
    if any(secret in name for name in form.texts for secret in SECRETS):
        return None
    fields = tuple((name, value) for name, values in form.texts.items() for value in values)
    if sum(len(name) + len(value) for name, value in fields) > MOST_BYTES:
        return None
    query = request.url.query
    return Unsent(f"{request.url.path}?{query}" if query else request.url.path, fields)
