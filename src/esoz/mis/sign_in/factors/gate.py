"""Nothing but the enrolment opens while the clinic requires a second factor and the user has none."""

from esoz.mis.base.gate import Gate

from .model import MUST_ENROL

HOME = "/account/second-factor"
GATE = Gate(
    MUST_ENROL,
    HOME,
    frozenset({f"{HOME}/new", f"{HOME}/codes", "/account/confirm", "/account/password", "/account/password/rules"}),
)
