"""Errors as sentences from one family; only kernel.http knows how they look on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass, field

VALIDATION_MESSAGE = (
    "Validation failed. You can find validators description at our API Manifest: "
    "https://edenlabllc.atlassian.net/wiki/spaces/EH/pages/2061107357/API+Manifest"
)


@dataclass(frozen=True, slots=True)
class Invalid:
    """One fault of a request: where it is, which rule it breaks, in words."""

    entry: str
    rule: str
    description: str
    params: Sequence[object] = ()
    entry_type: str = "json_data_property"


@dataclass
class Problem(Exception):
    """Base of everything a caller may be told. `type` is the published error type."""

    message: str = ""
    invalid: tuple[Invalid, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    status = 500
    type = "internal_error"
    keeps = False  # True: what was written before stays (a counter of wrong codes must not be rolled back)
    default = "Something went wrong on our side. The request id helps us to find out what."

    def __post_init__(self) -> None:
        self.message = self.message or self.default
        super().__init__(self.message)


class BadRequest(Problem):
    """The request cannot be read at all."""

    status, type, default = 400, "request_malformed", "Malformed request."


class AccessDenied(Problem):
    """We do not know who asks."""

    status, type, default = 401, "access_denied", "Access denied"


class Forbidden(Problem):
    """We know who asks, and they may not."""

    status, type, default = 403, "forbidden", "Access denied"


class NotFound(Problem):
    """There is nothing here, or nothing for this caller: the two must look the same."""

    status, type, default = 404, "not_found", "Not found"


class MethodNotAllowed(Problem):
    """The path exists, the method does not."""

    status, type, default = 405, "method_not_allowed", "Method is not allowed"


class Conflict(Problem):
    """The record is in a state that does not allow this."""

    status, type, default = 409, "request_conflict", "Conflict"


class AlreadyExists(Conflict):
    """The database has such a record already."""

    default = "Such record already exists"


class TooLarge(Problem):
    """The body is larger than the operation takes."""

    status, type, default = 413, "request_too_large", "Request body is too large"


class UnsupportedMedia(Problem):
    """The body is not application/json."""

    status, type, default = 415, "content_type_invalid", "Invalid Content-Type header, application/json is expected"


class Rejected(Problem):
    """The request is understood and breaks a rule; `invalid` names the fields when it is about fields."""

    status, type, default = 422, "validation_failed", VALIDATION_MESSAGE


class TooMany(Problem):
    """The caller asks too often."""

    status, type, default = 429, "too_many_requests", "Too many requests"


class Unavailable(Problem):
    """We cannot serve now; the same request may succeed in a while."""

    status, type, default = 503, "service_unavailable", "Service is temporarily unavailable, please retry"


class StoreUnavailable(Unavailable):
    """The store of signed documents is away: nothing is acknowledged until it is back, and nothing is given up."""

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "30"})


def rejected(entry: str, description: str, *, rule: str = "invalid", params: Sequence[object] = ()) -> Rejected:
    """Build a Rejected about one field, e.g. `rejected("$.person_id", "Person is not active")`."""
    return Rejected(invalid=(Invalid(entry, rule, description, params),))
