"""Diia.Signature: asks a person for signatures in the Diia application, reads what it sends back.

The shape follows the published API of acquirers (offers with the scope `hashedFilesSigning`): a session token, a
dynamic request for an offer that gives a deep link, and a callback with `encodeData`, base64 of
`{"signedItems": [{"name", "signature"}]}`. Diia sees the names and digests of documents, never the documents.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit
from uuid import UUID

import httpx
import msgspec

from esoz.kernel.clock import Clock
from esoz.kernel.errors import BadRequest
from esoz.kernel.payload import UNREADABLE
from esoz.kernel.settings import Settings
from esoz.kernel.signing import SigningAnswer, SigningRequest
from esoz.signature import hashes, oids

TIMEOUT_SECONDS = 10.0
SESSION = timedelta(minutes=100)  # Diia's session token lives two hours
REQUEST_ID = "x-document-request-trace-id"
ACTION = "x-diia-id-action"
SIGNING = "hashedFilesSigning"
SANDBOX_KEY = "sandbox-callback"  # known on purpose, as everything secret in the sandbox
# Name in the settings → digest, and how Diia calls the kind of signature.
DIGESTS = {
    "gost34311": (oids.GOST_34311, "DSTU"),
    "kupyna256": (oids.KUPYNA_256, "DSTU"),
    "sha256": (oids.SHA256, "ECDSA"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are at Diia; the tokens and the key are secrets."""

    url: str
    acquirer_token: str
    auth_token: str
    branch_id: str
    offer_id: str
    callback_key: str
    digest: str = "gost34311"

    def __repr__(self) -> str:
        return f"Account({self.url}, branch {self.branch_id})"


class SignedItem(msgspec.Struct):
    """One signature of a callback, base64."""

    name: str
    signature: str


class SignedItems(msgspec.Struct, rename="camel"):
    """`encodeData` of a callback. Nothing in the list: the person refused (our simulator says so; Diia is silent)."""

    signed_items: list[SignedItem]


class Diia:
    """A RemoteSigner over HTTP."""

    def __init__(self, account: Account, clock: Clock, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._account, self._clock, self._transport = account, clock, transport
        self._digest, self._kind = DIGESTS[account.digest]
        self._session: tuple[str, datetime] | None = None

    async def ask(self, request: SigningRequest) -> str:
        """The deep link. Raises ConnectionError, with no secret in its text."""
        body = {
            "offerId": self._account.offer_id,
            "requestId": str(request.id),
            "returnLink": request.return_address,
            "signAlgo": self._kind,
            "data": {"hashedFilesSigning": {"hashedFiles": [self._file(*document) for document in request.documents]}},
        }
        path = f"/api/v2/acquirers/branch/{quote(self._account.branch_id, safe='')}/offer-request/dynamic"
        try:
            async with httpx.AsyncClient(
                base_url=self._account.url, timeout=TIMEOUT_SECONDS, transport=self._transport
            ) as client:
                answer = await self._post(client, path, body)
            link = answer.json()["deeplink"]
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, RecursionError) as fault:
            raise ConnectionError(_without_secrets(fault)) from None
        return self._trusted(link)

    def _file(self, name: str, content: bytes) -> dict[str, str]:
        return {"fileName": name, "fileHash": base64.b64encode(hashes.digest(self._digest, content)).decode()}

    async def _post(self, client: httpx.AsyncClient, path: str, body: Mapping[str, object]) -> httpx.Response:
        """Post with the session token; a token that Diia has forgotten is asked for once more."""
        answer = await client.post(path, json=body, headers=await self._bearer(client))
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._session = None
            answer = await client.post(path, json=body, headers=await self._bearer(client))
        return answer.raise_for_status()

    async def _bearer(self, client: httpx.AsyncClient) -> dict[str, str]:
        now = self._clock.now()
        if self._session is None or self._session[1] <= now:
            path = f"/api/v1/auth/acquirer/{quote(self._account.acquirer_token, safe='')}"
            headers = {"Authorization": f"Basic {self._account.auth_token}"} if self._account.auth_token else {}
            answer = await client.get(path, headers=headers)
            answer.raise_for_status()
            self._session = str(answer.json()["token"]), now + SESSION
        return {"Authorization": f"Bearer {self._session[0]}"}

    def _trusted(self, link: object) -> str:
        """A link that a page may show: https, or the address of the simulator itself."""
        text = str(link)
        try:
            parts, own = urlsplit(text), urlsplit(self._account.url)
        except ValueError as fault:
            raise ConnectionError("a deep link that is no address") from fault
        if parts.scheme == "https" or (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
            return text
        raise ConnectionError("a deep link of an unknown kind")

    def is_ours(self, key: str) -> bool:
        """Whether the callback came to the secret address; an empty secret lets nobody in."""
        return bool(self._account.callback_key) and hmac.compare_digest(
            key.encode(), self._account.callback_key.encode()
        )

    def read(self, headers: Mapping[str, str], data: str) -> SigningAnswer:
        """A callback about signatures. Raises BadRequest. Whose they are and of what, the caller checks."""
        if headers.get(ACTION, SIGNING) != SIGNING:
            raise BadRequest("another action")
        try:
            items = msgspec.json.decode(base64.b64decode(data, validate=True), type=SignedItems).signed_items
            signatures = {item.name: base64.b64decode(item.signature, validate=True) for item in items}
            return SigningAnswer(UUID(headers.get(REQUEST_ID, "")), signatures)
        except (binascii.Error, ValueError, *UNREADABLE) as fault:
            raise BadRequest("not a callback of Diia") from fault


def _without_secrets(fault: Exception) -> str:
    """Kind of the fault and the status; httpx puts the address, which holds a token, into its texts."""
    status = f" {fault.response.status_code}" if isinstance(fault, httpx.HTTPStatusError) else ""
    return f"{type(fault).__name__}{status}"


def of_settings(settings: Settings, part: str, clock: Clock) -> Diia | None:
    """Diia as the settings name it; in the sandbox the simulator; None when it is not set up."""
    if settings.sandbox and not settings.text("ESOZ_DIIA_URL"):
        return Diia(Account(settings.url("diia"), "sandbox", "", part, "sandbox", SANDBOX_KEY), clock)
    if not settings.text("ESOZ_DIIA_URL"):
        return None
    account = Account(
        url=settings.url("diia"),
        acquirer_token=settings.text("ESOZ_DIIA_TOKEN"),
        auth_token=settings.text("ESOZ_DIIA_AUTH_TOKEN"),
        branch_id=settings.text("ESOZ_DIIA_BRANCH"),
        offer_id=settings.text("ESOZ_DIIA_OFFER"),
        callback_key=settings.text("ESOZ_DIIA_CALLBACK_KEY"),
        digest=settings.text("ESOZ_DIIA_DIGEST"),
    )
    return Diia(account, clock)
