"""Renewing tokens: a refresh token for a new pair, and the same pair again when the answer was lost on its way.

The one who renews may die between our commit and their own; then they still have the spent token. For a short grace it
gets the answer that was given for it, provided that nobody has used the newer refresh token since. The answer is kept
sealed under the spent token itself, which we do not have: nobody but its bearer can open it.
"""

from datetime import timedelta
from uuid import UUID

import msgspec

from esoz.kernel.vault import Vault
from esoz.kernel.work import Work

from ..errors import InvalidGrant
from ..model import Event, Token, TokenName, digest
from ..policy import known_connection
from ..store import renewals as renewals_store
from ..store import tokens as tokens_store
from .grants import (
    REVOKED,
    Origin,
    issue_access,
    must_be_in_order,
    must_be_unused,
    owned_scopes,
    scopes_of_type,
)
from .sign_in import IssuedToken


class _Pair(msgspec.Struct, frozen=True):
    """The values that were answered."""

    access: str
    refresh: str


async def refresh(work: Work, client_id: UUID, secret: str, value: str) -> IssuedToken:
    """A refresh token for a new pair; its scope is what the user consents to and may have now (AUTH-26).

    Raises InvalidClient, InvalidGrant; GrantReused when the token was spent before and its grace is over.
    """
    client, connection = await known_connection(work, client_id, secret, public=True)
    token = await tokens_store.token(work.db, digest(value), TokenName.REFRESH)
    if token is None or token.client_id != client_id:
        raise InvalidGrant()
    if token.used_at is not None and token.broker_id in (None, connection.broker_id):
        again = await _answered_before(work, token, value)
        if again is not None:
            return again
    await must_be_unused(work, token)
    if token.expires_at <= work.now:
        raise InvalidGrant()
    app = await tokens_store.app(work.db, token.user_id, client_id)
    if app is None:
        raise InvalidGrant(REVOKED)
    await must_be_in_order(work, token)
    await tokens_store.mark_used(work.db, token.id, work.now)
    scopes = frozenset(app["scopes"])
    if owned := await owned_scopes(work, token.user_id, client):
        scopes = scopes & owned & scopes_of_type(client.type)
    origin = Origin(None, connection.broker_id, token.method, token.applicant_user_id)
    issued = await issue_access(work, token.user_id, client_id, scopes, app["id"], origin=origin)
    await _keep(work, token, value, issued)
    return issued


async def _keep(work: Work, spent: Token, value: str, issued: IssuedToken) -> None:
    """Keep the answer for the grace."""
    grace = timedelta(seconds=work.dependencies.settings.number("ESOZ_REFRESH_GRACE_SECONDS"))
    if not grace or issued.refresh is None:
        return
    pair = msgspec.json.encode(_Pair(issued.value, issued.refresh)).decode()
    sealed = _vault(work, value).seal(pair, spent.id.hex)
    await renewals_store.keep(work.db, spent.id, issued.token.id, sealed=sealed, until=work.now + grace)


async def _answered_before(work: Work, spent: Token, value: str) -> IssuedToken | None:
    """The answer that this token got, while its grace lasts and the pair lives; None otherwise.

    The pair does not live any more once its own refresh token is spent: then this one was truly stolen.
    """
    row = await renewals_store.kept(work.db, spent.id, work.now)
    access = await tokens_store.token_by_id(work.db, row["access_id"]) if row else None
    if row is None or access is None or access.expires_at <= work.now:
        return None
    await must_be_in_order(work, spent)
    pair = msgspec.json.decode(_vault(work, value).open(row["sealed"], spent.id.hex), type=_Pair)
    work.record(Event.TOKEN_REPEATED, access.id)
    return IssuedToken(access, pair.access, pair.refresh)


def _vault(work: Work, value: str) -> Vault:
    return Vault(work.dependencies.secret + value.encode(), "renewal")
