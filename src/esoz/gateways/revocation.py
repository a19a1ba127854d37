"""Asks trust providers whether a signer's certificate is revoked: OCSP first, then revocation lists, within a bound."""

import asyncio
import hashlib
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

import httpx
from prometheus_client import Counter

from esoz.kernel import logs
from esoz.kernel.clock import SKEW
from esoz.kernel.metrics import REGISTRY
from esoz.signature import Certificate, OcspAnswer, RevocationList, SignatureError, TrustList, oids
from esoz.signature.extensions import list_urls
from esoz.signature.ocsp import Status
from esoz.signature.requests import ocsp_request

from .hosts import Hosts
from .redirects import answering
from .trust import TrustFolder

ASKED = Counter("esoz_revocation_total", "Questions about revocation", ("method", "state"), registry=REGISTRY)

BRIEFLY = timedelta(minutes=5)  # how long an answer without an end of its own is believed
LONGEST = timedelta(hours=1)  # and one with an end that is far away
RETRY = timedelta(seconds=15)  # how soon a provider that did not answer is asked again
_OCSP_SHARE = 0.6  # of the time for one question; the rest is left for the lists
_FAILURES, _PAUSE_SECONDS = 3, 30.0
_MOST_OCSP, _MOST_LIST = 64 * 1024, 32 * 1024 * 1024
_REMEMBERED = 4096
# Reasons after which nothing that the key ever signed may be believed (RFC 5280, 5.3.1): unknown, a stolen key.
_RETROACTIVE = frozenset({None, 0, 1, 2})
_AWAY = (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError)


class State(StrEnum):
    """What is known of a certificate. UNKNOWN: the provider does not know it; UNREACHABLE: nobody could be asked."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationStatus:
    """What a provider said of one certificate, and until when that is believed.

    `method` is ocsp, crl or empty; `evidence` the OCSP answer itself, `evidence_digest` SHA-256 of it or of the list.
    """

    state: State
    asked_at: datetime
    until: datetime
    method: str = ""
    url: str = ""
    this_update: datetime | None = None
    next_update: datetime | None = None
    since: datetime | None = None
    reason: int | None = None
    evidence: bytes = b""
    evidence_digest: str = ""

    def is_against(self, judged_at: datetime, at: datetime) -> bool:
        """Whether a signature judged at one moment (its timestamp) must be refused `at` another, later one."""
        if self.state is not State.REVOKED or self.since is None:
            return False
        return self.since <= judged_at or (self.reason in _RETROACTIVE and self.since <= at)


def can_be_asked(certificate: Certificate) -> bool:
    """Whether the certificate names anybody who knows of its revocation."""
    return bool(certificate.urls(oids.ACCESS_OCSP)) or certificate.extension(oids.CRL_DISTRIBUTION_POINTS) is not None


class _Breaker:
    """After some failures in a row an address is left alone for a while: signing must not wait for the dead."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._failures: dict[str, int] = {}
        self._alone_until: dict[str, float] = {}

    def leaves_alone(self, url: str) -> bool:
        return self._monotonic() < self._alone_until.get(url, 0.0)

    def note(self, url: str, *, answered: bool) -> None:
        count = 0 if answered else self._failures.get(url, 0) + 1
        self._failures[url] = count
        if count >= _FAILURES:
            self._alone_until[url] = self._monotonic() + _PAUSE_SECONDS


class Revocation:
    """Remembers what providers said as long as they stand by it; `known` never waits, `ask` never takes long."""

    def __init__(
        self,
        trust: TrustList | TrustFolder,
        hosts: Hosts | TrustFolder,
        *,
        seconds: float,
        transport: httpx.AsyncBaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._given, self._given_hosts, self._seconds, self._transport = trust, hosts, seconds, transport
        self._breaker = _Breaker(monotonic)
        self._tls = ssl.create_default_context()
        self._statuses: dict[bytes, RevocationStatus] = {}
        self._lists: dict[str, tuple[RevocationList, str]] = {}
        self._asking: dict[bytes, asyncio.Task[RevocationStatus]] = {}
        self.latest: RevocationStatus | None = None  # the newest word of a provider, or that none came

    @property
    def _trust(self) -> TrustList:
        return self._given.trust if isinstance(self._given, TrustFolder) else self._given

    @property
    def _hosts(self) -> Hosts:
        return self._given_hosts.hosts if isinstance(self._given_hosts, TrustFolder) else self._given_hosts

    def known(self, certificate: Certificate, at: datetime) -> RevocationStatus | None:
        """What is remembered and still stands at this moment; of one that names no address nothing can be asked."""
        if not can_be_asked(certificate):
            return RevocationStatus(state=State.UNREACHABLE, asked_at=at, until=at)
        found = self._statuses.get(certificate.fingerprint)
        return found if found is not None and found.asked_at - SKEW <= at <= found.until else None

    async def ask(self, certificate: Certificate, issuer: Certificate, at: datetime) -> RevocationStatus:
        """Ask, and remember the answer; askers of one certificate at one time share one question."""
        key = certificate.fingerprint
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(certificate, issuer, at))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _ask(self, certificate: Certificate, issuer: Certificate, at: datetime) -> RevocationStatus:
        status = None
        try:
            # SG-9 asked lists first and OCSP without a fresh one only; OCSP is first here, for it knows
            # of a revocation at once. SG-10: the whole check had five seconds.
            async with asyncio.timeout(self._seconds):
                status = await self._by_ocsp(certificate, issuer, at) or await self._by_lists(certificate, issuer, at)
        except TimeoutError:
            logs.warning("revocation was not asked in time", serial_number=f"{certificate.serial_number:x}")
        status = status or RevocationStatus(state=State.UNREACHABLE, asked_at=at, until=at + RETRY)
        ASKED.labels(status.method or "none", status.state).inc()
        if len(self._statuses) >= _REMEMBERED:
            self._statuses.clear()
        self._statuses[certificate.fingerprint] = self.latest = status
        return status

    async def _by_ocsp(self, certificate: Certificate, issuer: Certificate, at: datetime) -> RevocationStatus | None:
        question = ocsp_request(certificate, issuer)
        for url in certificate.urls(oids.ACCESS_OCSP):
            raw = await self._fetch(url, self._seconds * _OCSP_SHARE, _MOST_OCSP, question)
            if raw is None:
                continue
            try:
                found = await asyncio.to_thread(self._read_ocsp, raw, url, certificate, issuer, at)
            except SignatureError as fault:
                logs.warning("an OCSP answer is not believed", url=url, code=fault.code, detail=fault.detail)
                continue
            if found is not None:
                return found
        return None

    def _read_ocsp(
        self, raw: bytes, url: str, certificate: Certificate, issuer: Certificate, at: datetime
    ) -> RevocationStatus | None:
        answer = OcspAnswer.parse(raw)
        answer.must_be_from(issuer, self._trust)
        status = next((each for each in answer.statuses if each.identifier.fits(certificate, issuer)), None)
        if status is None or not _is_current(status.this_update, status.next_update, at):
            return None
        end = at + BRIEFLY if status.next_update is None else min(status.next_update, at + LONGEST)
        return RevocationStatus(
            state=_state_of(status),
            asked_at=at,
            until=end,
            method="ocsp",
            url=url,
            this_update=status.this_update,
            next_update=status.next_update,
            since=status.revoked_since,
            reason=status.reason,
            evidence=raw,
            evidence_digest=hashlib.sha256(raw).hexdigest(),
        )

    async def _by_lists(self, certificate: Certificate, issuer: Certificate, at: datetime) -> RevocationStatus | None:
        complete = await self._list(list_urls(certificate.extension(oids.CRL_DISTRIBUTION_POINTS)), issuer, at)
        if complete is None or complete[0].is_delta:
            return None
        found, digest, url = complete
        delta = await self._list(list_urls(certificate.extension(oids.FRESHEST_CRL)), issuer, at)
        if delta is not None and found.is_continued_by(delta[0]):
            found, digest, url = found.with_delta(delta[0]), delta[1], delta[2]
        if not found.speaks_of(certificate):
            return None
        entry = found.entries.get(certificate.serial_number)
        end = at + BRIEFLY if found.next_update is None else min(found.next_update, at + BRIEFLY)
        return RevocationStatus(
            state=State.GOOD if entry is None else State.REVOKED,
            asked_at=at,
            until=end,
            method="crl",
            url=url,
            this_update=found.this_update,
            next_update=found.next_update,
            since=entry.since if entry else None,
            reason=entry.reason if entry else None,
            evidence_digest=digest,
        )

    async def _list(
        self, urls: Iterable[str], issuer: Certificate, at: datetime
    ) -> tuple[RevocationList, str, str] | None:
        """A current list of this issuer, its digest and address: a remembered one, or fetched."""
        for url in urls:
            kept = self._lists.get(url)
            if kept is not None and _is_current(kept[0].this_update, kept[0].next_update, at):
                return *kept, url
            raw = await self._fetch(url, self._seconds, _MOST_LIST)
            if raw is None:
                continue
            try:
                found = await asyncio.to_thread(_read_list, raw, issuer)
            except SignatureError as fault:
                logs.warning("a revocation list is not believed", url=url, code=fault.code, detail=fault.detail)
                continue
            if _is_current(found.this_update, found.next_update, at):
                digest = hashlib.sha256(raw).hexdigest()
                self._lists[url] = found, digest
                return found, digest, url
        return None

    async def _fetch(self, url: str, seconds: float, most: int, question: bytes | None = None) -> bytes | None:
        """The body of an answer, None when the host is not allowed, is away, or sends too much."""
        if not self._hosts.allow(url):
            logs.warning("an address in a certificate is not on the list of hosts", host=urlsplit(url).netloc[:100])
            return None
        if self._breaker.leaves_alone(url):
            return None
        try:
            async with asyncio.timeout(seconds):
                body = await self._body(url, seconds, most, question)
        except _AWAY as fault:
            self._breaker.note(url, answered=False)
            logs.warning("a trust provider does not answer", url=url, fault=type(fault).__name__)
            return None
        self._breaker.note(url, answered=True)
        return body

    async def _body(self, url: str, seconds: float, most: int, question: bytes | None) -> bytes:
        method = "GET" if question is None else "POST"
        headers = {} if question is None else {"Content-Type": "application/ocsp-request"}
        verify: ssl.SSLContext | bool = self._tls
        async with (
            httpx.AsyncClient(transport=self._transport, verify=verify, timeout=seconds, trust_env=False) as client,
            answering(
                client, method, url, allow=self._hosts.allow_after, content=question, headers=headers
            ) as response,
        ):
            response.raise_for_status()
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > most:
                    raise httpx.DecodingError(f"more than {most} bytes")
        return bytes(body)


def _read_list(raw: bytes, issuer: Certificate) -> RevocationList:
    found = RevocationList.parse(raw)
    found.must_be_signed_by(issuer)
    return found


def _state_of(status: Status) -> State:
    if not status.is_known:
        return State.UNKNOWN
    return State.GOOD if status.revoked_since is None else State.REVOKED


def _is_current(begin: datetime, end: datetime | None, at: datetime) -> bool:
    """A statement of now: not of the future, not past its end, and without an end not older than a short while."""
    return begin - SKEW <= at <= (begin + BRIEFLY if end is None else end)
