"""The electronic seal of an installation: signs with its key, and has the signature time-stamped by a provider."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from esoz.kernel.settings import Settings
from esoz.signature import (
    Certificate,
    PrivateKey,
    SignatureError,
    TrustList,
    ask_timestamp,
    open_key_file,
    sign,
    verify,
    with_signature_timestamps,
)
from esoz.signature.signing import digest_with

SECONDS = 10.0
QUESTION = "application/timestamp-query"
LARGEST_ANSWER = 256 * 1024


class SealError(Exception):
    """The seal cannot sign: its key does not open, or the timestamp service does not answer."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A key with its certificate; `tsp_url`: the timestamp service, empty = without timestamps."""

    key: PrivateKey
    certificate: Certificate
    tsp_url: str = ""
    transport: httpx.BaseTransport | None = None

    @staticmethod
    def of(settings: Settings) -> "Seal | None":
        """The seal of an installation; None when it has none. Raises SealError."""
        name = settings.text("ESOZ_SEAL_KEY")
        if not name:
            return None
        try:
            file = open_key_file(Path(name).read_bytes(), settings.text("ESOZ_SEAL_PASSWORD"))
            key, certificate = file.signing
        except (OSError, SignatureError) as fault:
            raise SealError(f"ESOZ_SEAL_KEY: {fault}") from fault
        return Seal(key, certificate, settings.text("ESOZ_TSP_URL"))

    async def sign(self, content: bytes, *, at: datetime) -> bytes:
        """CAdES with the content in it, time-stamped when there is a service. Raises SealError."""
        try:
            return await asyncio.to_thread(self._sign, content, at)
        except (SignatureError, httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
            raise SealError(f"{type(fault).__name__}: {fault}") from fault

    def _sign(self, content: bytes, at: datetime) -> bytes:
        signed = sign(content, self.key, self.certificate, at=at)
        if not self.tsp_url:
            return signed
        digest = digest_with(self.key, self.certificate)
        with httpx.Client(timeout=SECONDS, transport=self.transport) as client:

            def send(question: bytes) -> bytes:
                answer = client.post(self.tsp_url, content=question, headers={"Content-Type": QUESTION})
                answer.raise_for_status()
                return answer.content[:LARGEST_ANSWER]

            def stamp(signature: bytes) -> bytes:
                return ask_timestamp(signature, digest, send, nonce=secrets.randbits(63))

            return with_signature_timestamps(signed, stamp)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal has signed: the content, by which certificate, and since when a timestamp proves it to exist."""

    content: bytes
    certificate: Certificate
    proven_at: datetime | None


def open_sealed(signed: bytes, trust: TrustList, *, at: datetime) -> Sealed:
    """What was sealed. Raises SignatureError when the signature is wrong, or leads to nothing that is trusted."""
    document = verify(signed, trust, at=at)
    signer = document.signers[0]
    return Sealed(document.content, signer.certificate, signer.proven_at)
