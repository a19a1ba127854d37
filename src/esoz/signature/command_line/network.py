"""Questions over HTTP to the timestamp and OCSP services of a trust provider."""

from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from ..errors import NoService

_SECONDS = 20
_MOST_BYTES = 4 * 1024 * 1024
_LARGEST_LIST = 64 * 1024 * 1024

TIMESTAMP = "application/timestamp-query"
OCSP = "application/ocsp-request"


class NoAddress(NoService):
    """The certificate does not say where the service is, and nobody else did."""

    sentence = (
        "У сертифікаті немає адреси служби. Вкажіть її: --tsp для позначок часу, --ocsp або --crl для стану"
        " сертифіката."
    )


def post(url: str, kind: str, question: bytes) -> bytes:
    """The answer of a service; `NoService` when there is none."""
    return _opened(url, _MOST_BYTES, question, {"Content-Type": kind})


def get(url: str) -> bytes:
    """A file of a provider; `NoService` when there is none."""
    return _opened(url, _LARGEST_LIST, None, {})


def _opened(url: str, most: int, question: bytes | None, headers: dict[str, str]) -> bytes:
    if urlsplit(url).scheme not in ("http", "https"):
        raise NoService("the address is not HTTP")
    try:
        with urlopen(Request(url, question, headers), timeout=_SECONDS) as answer:
            return bytes(answer.read(most))
    except (URLError, OSError, ValueError) as fault:
        raise NoService(f"{urlsplit(url).hostname}: {type(fault).__name__}") from fault
