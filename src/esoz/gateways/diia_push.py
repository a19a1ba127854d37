"""Diia's notifications: a text on the telephone of whoever has the application, by their tax id.

The shape follows the API that Diia gives its partners: a session token for the partner token, a distribution of a
published template with parameters, and what became of each recipient. `sent` is the most that Diia tells;
`not-found` is somebody without the application.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from esoz.kernel.clock import Clock
from esoz.kernel.outbox import Delivery, Message, Undeliverable
from esoz.kernel.payload import UNREADABLE
from esoz.kernel.settings import Settings

TIMEOUT_SECONDS = 10.0
SESSION = timedelta(minutes=100)  # Diia's session token lives two hours
SESSION_PATH = "/api/v1/auth/partner/"
PATH = "/api/v1/notification/distribution/push"
TEXT = "text"  # the parameter of the template
SENT, NOT_FOUND = "sent", "not-found"
_FAILED = frozenset({NOT_FOUND, "send-error", "notification-generation-error"})
KEY = "Idempotency-Key"


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are at Diia; the token is a secret."""

    url: str
    token: str = field(repr=False)
    template_id: str


class _Session(msgspec.Struct):
    token: str


class _Distribution(msgspec.Struct, rename="camel"):
    distribution_id: str


class _Recipient(msgspec.Struct):
    status: str = ""


class _Result(msgspec.Struct):
    recipients: list[_Recipient]


class DiiaPush:
    """A sender of the outbox and its tracer; `recipient` of a message is a tax id."""

    def __init__(self, account: Account, clock: Clock, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._account, self._clock, self._transport = account, clock, transport
        self._session: tuple[str, datetime] | None = None

    async def __call__(self, message: Message) -> str | None:
        """Hand it over. Raises Undeliverable when Diia says at once that the person has no application."""
        recipient = {
            "rnokpp": message.recipient,
            "id": message.key,
            "parameters": [{"key": TEXT, "value": message.body}],
        }
        body = {"templateId": self._account.template_id, "recipients": [recipient]}
        content = await self._ask("POST", PATH, body, {KEY: message.key})
        receipt = _read(content, _Distribution).distribution_id
        # Mostly it is known at once: the next way need not wait for the minute in which deliveries are asked for.
        with suppress(ConnectionError):
            if await self.trace(receipt) is Delivery.FAILED:
                raise Undeliverable
        return receipt

    async def trace(self, receipt: str) -> Delivery | None:
        """What became of a message; None = on its way. Raises ConnectionError."""
        found = _read(await self._ask("GET", f"{PATH}/{quote(receipt, safe='')}"), _Result).recipients
        status = found[0].status if found else ""
        if status == SENT:
            return Delivery.DELIVERED
        return Delivery.FAILED if status in _FAILED else None

    async def _ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """Ask with the session token; one that Diia has forgotten is asked for once more. Raises ConnectionError."""
        try:
            async with httpx.AsyncClient(
                base_url=self._account.url, timeout=TIMEOUT_SECONDS, transport=self._transport
            ) as client:
                given: dict[str, Any] = {} if body is None else {"json": body}
                answer = await client.request(method, path, headers=await self._with_token(client, headers), **given)
                if answer.status_code == httpx.codes.UNAUTHORIZED:
                    self._session = None
                    answer = await client.request(
                        method, path, headers=await self._with_token(client, headers), **given
                    )
                return answer.raise_for_status().content
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise ConnectionError(_without_secrets(fault)) from None

    async def _with_token(self, client: httpx.AsyncClient, headers: Mapping[str, str] | None) -> dict[str, str]:
        now = self._clock.now()
        if self._session is None or self._session[1] <= now:
            answer = await client.get(f"{SESSION_PATH}{quote(self._account.token, safe='')}")
            self._session = _read(answer.raise_for_status().content, _Session).token, now + SESSION
        return {"Authorization": f"Bearer {self._session[0]}", **(headers or {})}


def _read(content: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except UNREADABLE:
        raise ConnectionError("Diia's answer cannot be read") from None


def _without_secrets(fault: Exception) -> str:
    """Kind of the fault and the status; httpx puts the address, which holds a token, into its texts."""
    status = f" {fault.response.status_code}" if isinstance(fault, httpx.HTTPStatusError) else ""
    return f"{type(fault).__name__}{status}"


def of_settings(settings: Settings, clock: Clock) -> DiiaPush | None:
    """Diia as the settings name it; in the sandbox the simulator; None when it is not set up."""
    if url := settings.text("ESOZ_DIIA_PUSH_URL"):
        account = Account(url, settings.text("ESOZ_DIIA_PUSH_TOKEN"), settings.text("ESOZ_DIIA_PUSH_TEMPLATE"))
        return DiiaPush(account, clock)
    return DiiaPush(Account(settings.url("diia"), "sandbox", "sandbox"), clock) if settings.sandbox else None
