"""Finds the certificates of a key at trust centres: key files of IIT hold none, and a page may not ask other hosts."""

import asyncio
import base64
import textwrap
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import httpx

from esoz.kernel import logs
from esoz.kernel.settings import Settings
from esoz.signature import Certificate, SignatureError, der, der_writer, oids
from esoz.signature.trust import read_certificates

from .redirects import answering

TIMEOUT_SECONDS = 5.0
MOST_BYTES = 200_000
AT_ONCE = 8  # questions that may wait for trust centres
FOUND_SECONDS, MISSED_SECONDS = 600.0, 15.0  # how long an answer is remembered: a new key may be known any minute
REMEMBERED = 1024
CMP = "cmp+"
KEY = "{key}"
# The inquiry of IIT centres about two key identifiers: 120 bytes, little-endian numbers at fixed places.
_INQUIRY_BYTES, _FIRST_KEY, _SECOND_KEY = 120, 12, 44
_NUMBERS = {0: 13, 8: 2, 108: 1, 112: 1}
_FOUND, _HEADER_BYTES = 1, 8


class Certificates:
    """A directory over addresses: `https://HOST/PATH/{key}.cer`, or `cmp+https://HOST/PATH` for IIT's protocol."""

    def __init__(
        self,
        addresses: Sequence[str],
        transport: httpx.AsyncBaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._addresses, self._transport, self._monotonic = addresses, transport, monotonic
        self._places = asyncio.Semaphore(AT_ONCE)
        self._answers: dict[tuple[bytes, ...], tuple[bytes, float]] = {}  # keys → what was found, until when it stands

    def known(self, keys: Sequence[bytes]) -> bytes | None:
        """What was found lately; empty when nothing was, None when the centres must be asked."""
        found, until = self._answers.get(tuple(keys), (b"", 0.0))
        return found if self._monotonic() < until else None

    async def ask(self, keys: Sequence[bytes]) -> None:
        """Ask the centres and remember what they say."""
        found = await self.find(keys)
        if len(self._answers) >= REMEMBERED:
            self._answers.clear()
        seconds = FOUND_SECONDS if found else MISSED_SECONDS
        self._answers[tuple(keys)] = found, self._monotonic() + seconds

    async def find(self, keys: Sequence[bytes]) -> bytes:
        """Certificates of these keys as PEM; empty when no centre knows them, does not answer, or all are busy."""
        if self._places.locked():
            return b""
        async with self._places, httpx.AsyncClient(timeout=TIMEOUT_SECONDS, transport=self._transport) as client:
            for address in self._addresses:
                found = await self._ask(client, address, keys)
                if found:
                    return b"".join(_pem(each.der) for each in found)
        return b""

    async def _ask(self, client: httpx.AsyncClient, address: str, keys: Sequence[bytes]) -> list[Certificate]:
        """Only certificates of the keys asked about: whatever else a centre answers is not passed on."""
        try:
            if address.startswith(CMP):
                answers = [await self._post(client, address.removeprefix(CMP), keys)]
            else:
                answers = [await self._get(client, address.replace(KEY, key.hex())) for key in keys]
            certificates = [each for answer in answers if answer for each in read_certificates(answer)]
        except (httpx.HTTPError, httpx.InvalidURL, SignatureError) as fault:
            logs.warning("a certificate directory does not answer", fault=type(fault).__name__)
            return []
        return [each for each in certificates if each.key_identifier in keys]

    async def _get(self, client: httpx.AsyncClient, address: str) -> bytes:
        return await _asked(client, "GET", address)

    async def _post(self, client: httpx.AsyncClient, address: str, keys: Sequence[bytes]) -> bytes:
        answer = await _asked(client, "POST", address, inquiry(keys))
        return found_in(answer) if answer else b""


async def _asked(client: httpx.AsyncClient, method: str, address: str, question: bytes | None = None) -> bytes:
    """The beginning of an answer; empty when there is none. Led on within the same host only."""
    host = urlsplit(address).hostname

    def is_same(url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and parts.hostname == host

    async with answering(client, method, address, allow=is_same, content=question) as answer:
        if answer.status_code != httpx.codes.OK:
            return b""
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) >= MOST_BYTES:
                break
    return bytes(body[:MOST_BYTES])


def inquiry(keys: Sequence[bytes]) -> bytes:
    """The question to an IIT centre about one or two keys, as ContentInfo with data."""
    body = bytearray(_INQUIRY_BYTES)
    for place, number in _NUMBERS.items():
        body[place : place + 4] = number.to_bytes(4, "little")
    for place, key in ((_FIRST_KEY, keys[0]), (_SECOND_KEY, keys[-1])):
        body[place : place + 32] = key[:32]
    data = der_writer.octet_string(bytes(body))
    return der_writer.sequence(der_writer.oid(oids.DATA), der_writer.explicit(0, data))


def found_in(answer: bytes) -> bytes:
    """The bundle of certificates in an IIT centre's answer; empty when it knows none. Raises SignatureError."""
    outer = der.read(answer).fields()
    outer.take()
    body = outer.take(0xA0).only().octet_string()
    is_found = int.from_bytes(body[4:_HEADER_BYTES], "little") == _FOUND
    return body[_HEADER_BYTES:] if is_found else b""


def _pem(certificate: bytes) -> bytes:
    lines = textwrap.fill(base64.b64encode(certificate).decode(), 64)
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n".encode()


def of_settings(settings: Settings) -> Certificates | None:
    """The directory of the settings; in the sandbox the test trust centre; None when there is none."""
    addresses = settings.text("ESOZ_CERTIFICATE_DIRECTORIES").split()
    if not addresses and settings.sandbox:
        addresses = [f"{settings.url('trust-centre')}/certificates/{KEY}.cer"]
    return Certificates(addresses) if addresses else None
