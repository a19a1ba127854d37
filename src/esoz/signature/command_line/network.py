"""Questions over HTTP to the timestamp and OCSP services of a trust provider."""

from typing import IO, Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ..errors import NoService

_SECONDS = 20
_SEE_OTHER = 303
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


class _KeepsQuestion(HTTPRedirectHandler):
    """Led on to another address, a question stays one: the library would make a GET of it, or give up."""

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, *rest: Any) -> Request | None:
        _message, _headers, url = rest
        if urlsplit(url).scheme not in ("http", "https") or (code == _SEE_OTHER and req.data is not None):
            return None
        return Request(url, req.data, dict(req.headers), req.origin_req_host, unverifiable=True)


_OPENER = build_opener(_KeepsQuestion)


def _opened(url: str, most: int, question: bytes | None, headers: dict[str, str]) -> bytes:
    if urlsplit(url).scheme not in ("http", "https"):
        raise NoService("the address is not HTTP")
    try:
        with _OPENER.open(Request(url, question, headers), timeout=_SECONDS) as answer:
            return bytes(answer.read(most))
    except (URLError, OSError, ValueError) as fault:
        raise NoService(f"{urlsplit(url).hostname}: {type(fault).__name__}") from fault
