"""Questions over HTTP to the timestamp and OCSP services of a trust provider."""

from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from ..errors import SignatureError

_SECONDS = 20
_MOST_BYTES = 4 * 1024 * 1024

TIMESTAMP = "application/timestamp-query"
OCSP = "application/ocsp-request"


class NoService(SignatureError):
    """A service of the provider did not answer."""

    code = "no_service"
    sentence = "Служба надавача не відповіла. Перевірте з'єднання й адресу та повторіть спробу."


class NoAddress(NoService):
    """The certificate does not say where the service is, and nobody else did."""

    sentence = "У сертифікаті немає адреси служби. Вкажіть її: --tsp для позначок часу, --ocsp для стану сертифіката."


def post(url: str, kind: str, question: bytes) -> bytes:
    """The answer of a service; `NoService` when there is none."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise NoService("the address is not HTTP")
    try:
        with urlopen(Request(url, question, {"Content-Type": kind}), timeout=_SECONDS) as answer:
            return bytes(answer.read(_MOST_BYTES))
    except (URLError, OSError, ValueError) as fault:
        raise NoService(f"{urlsplit(url).hostname}: {type(fault).__name__}") from fault
