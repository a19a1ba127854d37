"""Central as one user calls it: with their token, renewed once when it has run out, whoever else renews it meanwhile.

A refresh token serves once (RFC 6749, 6; rotated), and central gives the same answer again for a short grace only.
Therefore the kept tokens are locked while they are renewed, and what central gave is kept before anything else happens.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import msgspec

from .client import Answer, Bearer, Central
from .errors import CentralBusy, CentralClosed, CentralRefused, CentralUnavailable, CentralUnreadable


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The client that the user has given their consent to."""

    id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What central gave for one user."""

    access: str
    refresh: str | None
    expires_at: datetime
    scopes: frozenset[str] = frozenset()


class GrantEnded(Exception):
    """Central does not know the user any more: they must consent again.

    `was_lost`: central renewed the tokens and its answer did not reach us; the old ones are spent.
    """

    def __init__(self, *, was_lost: bool = False) -> None:
        super().__init__()
        self.was_lost = was_lost


class KeptGrant(Protocol):
    """The kept tokens of one user, locked."""

    @property
    def tokens(self) -> Tokens | None:
        """None when there are none any more."""

    async def client(self) -> OAuthClient: ...

    async def save(self, tokens: Tokens) -> None: ...

    async def forget(self) -> None:
        """Central does not take them; called too when there are none."""


class GrantStorage(Protocol):
    """Where the tokens of one user are kept."""

    def locked(self) -> AbstractAsyncContextManager[KeptGrant]:
        """Lock them until the end, when what was done is committed, whatever becomes of the caller's own transaction:
        central has forgotten the old token. An exception leaves all as it was."""


@dataclass(slots=True)
class UserSession:
    """Calls central on behalf of one user; `access` is their access token, as far as it is known here."""

    central: Central
    storage: GrantStorage
    access: str

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        renew: bool = True,
        idempotency_key: str = "",
    ) -> Answer:
        """Send one request. `idempotency_key`: a copy under the same one is not performed again.

        `renew=False`: for an operation whose 401 may be about something else than the token (a patient's code), and
        which must not be sent twice. Raises CentralRefused, CentralUnavailable, GrantEnded.
        """

        async def send() -> Answer:
            bearer = Bearer(self.access)
            return await self.central.call(
                method, path, bearer, body=body, query=query, idempotency_key=idempotency_key
            )

        used = self.access
        try:
            return await send()
        except CentralRefused as refused:
            if not renew or not speaks_of_token(refused):
                raise
        await self._renew(used)
        try:
            return await send()
        except CentralRefused as refused:
            if speaks_of_token(refused):
                raise GrantEnded() from refused
            raise

    async def _renew(self, used: str) -> None:
        """Take the token that another renewed meanwhile, or renew it. Raises GrantEnded, CentralUnavailable."""
        was_lost = False
        async with self.storage.locked() as kept:
            tokens = kept.tokens
            if tokens is not None and tokens.access == used:
                tokens, was_lost = await self._renewed(tokens, await kept.client())
                if tokens is not None:
                    await kept.save(tokens)
            if tokens is None:
                await kept.forget()
        if tokens is None:
            raise GrantEnded(was_lost=was_lost)
        self.access = tokens.access

    async def _renewed(self, kept: Tokens, client: OAuthClient) -> tuple[Tokens | None, bool]:
        """New tokens for old, None when central does not take them; and whether an answer was lost before that.

        When the answer is lost we ask again with the same token: for a short grace central gives the same answer;
        after it the user consents again.
        """
        try:
            return await self._exchanged(kept, client), False
        except (CentralBusy, CentralClosed):  # it did nothing
            raise
        except CentralUnavailable:
            return await self._exchanged(kept, client), True

    async def _exchanged(self, kept: Tokens, client: OAuthClient) -> Tokens | None:
        if kept.refresh is None:
            return None
        request = {
            "grant_type": "refresh_token",
            "client_id": str(client.id),
            "client_secret": client.secret,
            "refresh_token": kept.refresh,
        }
        try:
            answer = await self.central.post("/oauth/tokens", body={"token": request})
        except CentralRefused:
            return None
        return read_tokens(answer.data)


class _Details(msgspec.Struct):
    refresh_token: str | None = None
    scope: str | None = None


class _Given(msgspec.Struct):
    """What is read of a published token."""

    value: str
    expires_at: float
    details: _Details = msgspec.field(default_factory=_Details)


def read_tokens(data: object) -> Tokens:
    """Tokens from the published answer of POST /oauth/tokens. It does not tell how long the refresh token lives.

    Raises CentralUnreadable.
    """
    try:
        given = msgspec.convert(data, _Given)
        expires_at = datetime.fromtimestamp(given.expires_at, UTC)
    except (msgspec.ValidationError, ValueError, OverflowError, OSError) as fault:
        raise CentralUnreadable("tokens in another form") from fault
    return Tokens(given.value, given.details.refresh_token, expires_at, frozenset((given.details.scope or "").split()))


def speaks_of_token(refused: CentralRefused) -> bool:
    """Is it the user's token that central does not take."""
    return refused.status == 401
