"""Where a request comes from, in words that its user knows: «Firefox, Windows» and the address in the network."""

from starlette.requests import Request

LONGEST_ADDRESS = 64  # characters of a network address that are kept

# Short words for what a browser says of itself; the first that fits.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """«Firefox, Windows» from what a browser says of itself; empty when it says nothing known."""
    found = (next((word for mark, word in words if mark in user_agent), "") for words in (_BROWSERS, _SYSTEMS))
    return ", ".join(word for word in found if word)


def device(request: Request) -> str:
    """The device of a request."""
    return device_of(request.headers.get("user-agent", ""))


def address(request: Request) -> str:
    """The network address of a request; empty when it is not known."""
    return request.client.host[:LONGEST_ADDRESS] if request.client else ""
