"""Nothing but the change of the password opens while the password is over."""

from esoz.mis.base.gate import Gate

from .model import MUST_CHANGE

CHANGE = "/account/password"
GATE = Gate(MUST_CHANGE, CHANGE, frozenset({f"{CHANGE}/rules"}))
