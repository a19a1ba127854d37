"""Tells the operator which authorities are missing in the trust list: theirs is the next step, not the signer's."""

import time
from collections.abc import Callable

from prometheus_client import Counter

from esoz.kernel import logs
from esoz.kernel.metrics import REGISTRY
from esoz.signature import Certificate, SignatureError, oids

UNKNOWN = Counter("esoz_unknown_authority_total", "Signatures refused for an unknown authority", registry=REGISTRY)
AGAIN_SECONDS = 3600.0
MOST = 100  # names told in that time: anybody can make authorities up


class UnknownAuthorities:
    """Each is told once an hour."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seldom = logs.Seldom(AGAIN_SECONDS, MOST, monotonic)

    def note(self, certificate: Certificate) -> None:
        """A certificate led to nobody who is trusted."""
        UNKNOWN.inc()
        if certificate.issuer.attributes == certificate.subject.attributes:
            return  # of its own making: nobody to add, and the name may be a person's
        name, key = _name_of(certificate)
        if self._seldom.is_due(f"{name} {key}"):
            logs.alarm(
                "an authority is not in the trust list: add its certificate to ESOZ_TRUST", authority=name, key=key
            )


def _name_of(certificate: Certificate) -> tuple[str, str]:
    """Name and key identifier of who issued it."""
    try:
        key = certificate.authority_key_identifier
    except SignatureError:
        key = None
    return (certificate.issuer.get(oids.COMMON_NAME) or "")[:200], key.hex() if key else ""
