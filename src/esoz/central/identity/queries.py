"""Questions at sign-in: a nonce to sign, who I am, my clients and connections, what I allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work
from esoz.spec.roles import roles as known_roles

from . import policy
from .errors import InvalidClient, InvalidToken
from .model import (
    ADMINISTRATOR,
    CHANGE_PASSWORD,
    EVERY_CLIENT_TYPES,
    App,
    Client,
    ClientCard,
    Connection,
    Event,
    SignInRules,
    TokenName,
    User,
)
from .secrets import LOGIN_AUDIENCE, TRUSTED_AUDIENCE, make_nonce
from .store import clients as clients_store
from .store import tokens as tokens_store
from .store import users as users_store

MOST_APPS = 100  # of one user on their own page; nobody works at so many clinics


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What a user sees of their own sign-in; `password_until` None = without a term."""

    email: str
    password_until: datetime | None
    phone: str | None
    apps: Sequence[App]


async def nonce(work: Work, client_id: UUID, secret: str | None) -> str:
    """A JWT to be signed with КЕП; a trusted cabinet proves itself with its secret (AUTH-32)."""
    client = await find_client(work, client_id)
    trusted = client.type == "TRUSTED_PIS"
    if trusted:
        await policy.must_know_secret(work, client_id, secret or "")
    work.record(Event.NONCE_ISSUED, client_id)
    audience = TRUSTED_AUDIENCE if trusted else LOGIN_AUDIENCE
    return make_nonce(
        work.dependencies.secret, audience=audience, client_id=client_id, nonce=work.new_id(), now=work.now
    )


async def nonce_to_sign(work: Work, client: Client) -> bytes:
    """The document of a sign-in at central's own page: {"jwt": <nonce for this client>}."""
    work.record(Event.NONCE_ISSUED, client.id)
    audience = TRUSTED_AUDIENCE if client.type == "TRUSTED_PIS" else LOGIN_AUDIENCE
    jwt = make_nonce(
        work.dependencies.secret, audience=audience, client_id=client.id, nonce=work.new_id(), now=work.now
    )
    return msgspec.json.encode({"jwt": jwt})


async def find_client(work: Work, client_id: UUID) -> Client:
    client = await clients_store.client(work.db, client_id)
    if client is None or client.is_blocked:
        raise InvalidClient()
    return client


async def me(work: Work) -> User:
    """The user of the token."""
    user = await users_store.user_by_id(work.db, work.actor.user_id) if work.actor.user_id else None
    if user is None:
        raise NotFound()
    work.record(Event.USER_READ, user.id)
    return user


async def own_account(work: Work, user_id: UUID) -> OwnAccount:
    """What a user sees of their own sign-in."""
    user, factor = await users_store.user_by_id(work.db, user_id), await users_store.factor(work.db, user_id)
    if user is None:
        raise NotFound()
    work.record(Event.USER_READ, user_id)
    term = SignInRules.of(work.dependencies.settings).term
    until = user.password_set_at + term if user.password_set_at and term else None
    found = await tokens_store.apps_page(work.db, user_id, Page(1, MOST_APPS), client_ids=None, client_names=None)
    apps = [tokens_store.as_app(row) for row in found.rows]
    return OwnAccount(user.email or "", until, factor.factor if factor else None, apps)


async def password_changer(work: Work, token_id: UUID) -> UUID | None:
    """The user whose token allows to change the password and nothing else; None when it is no such token."""
    try:
        token = await policy.live_token(work, token_id, (TokenName.SESSION,))
    except InvalidToken:
        return None
    return token.user_id if CHANGE_PASSWORD in token.scopes else None


async def clients(work: Work, page: Page) -> tuple[list[ClientCard], Paged]:
    """The caller's own client; every client for the administration."""
    only = None if work.actor.client_type in EVERY_CLIENT_TYPES else work.actor.client_id
    work.record(Event.CLIENT_READ, only or "all")
    paged = await clients_store.cards(work.db, page, only=only)
    return [clients_store.as_card(row) for row in paged.rows], paged


async def client(work: Work, client_id: UUID) -> ClientCard:
    policy.must_be_own_client(work.actor, client_id)
    card = await clients_store.card(work.db, client_id)
    if card is None:
        raise NotFound()
    work.record(Event.CLIENT_READ, client_id)
    return card


async def connections(work: Work, client_id: UUID, page: Page) -> tuple[list[Connection], Paged]:
    policy.must_be_own_client(work.actor, client_id)
    work.record(Event.CONNECTION_READ, client_id)
    paged = await clients_store.connections_page(work.db, client_id, page)
    return [clients_store.as_connection(row) for row in paged.rows], paged


async def connection(work: Work, client_id: UUID, connection_id: UUID) -> Connection:
    policy.must_be_own_client(work.actor, client_id)
    found = await clients_store.connection(work.db, client_id, connection_id)
    if found is None:
        raise NotFound()
    work.record(Event.CONNECTION_READ, connection_id)
    return found


async def apps(
    work: Work, page: Page, *, client_ids: Sequence[UUID] | None, client_names: Sequence[str] | None
) -> tuple[list[App], Paged]:
    """What the caller allowed, oldest first; the consent with the cabinet that asks is among them."""
    user_id = _user_of(work)
    work.record(Event.APP_READ, user_id, patient_id=work.actor.person_id)
    paged = await tokens_store.apps_page(work.db, user_id, page, client_ids=client_ids, client_names=client_names)
    return [tokens_store.as_app(row) for row in paged.rows], paged


async def app(work: Work, app_id: UUID) -> App:
    found = await tokens_store.app_of(work.db, _user_of(work), app_id)
    if found is None:
        raise NotFound()
    work.record(Event.APP_READ, app_id, patient_id=work.actor.person_id)
    return found


async def is_administrator(work: Work, user_id: UUID) -> bool:
    """Does the user administer central."""
    return ADMINISTRATOR in await users_store.global_roles(work.db, user_id)


async def find_users(work: Work, text: str, page: Page) -> Paged:
    """Users whose e-mail begins with the text: for administrators' pages."""
    work.record(Event.USER_READ, "search")
    return await users_store.find_users(work.db, text, page)


def role_names(name: str | None) -> list[str]:
    """All roles, or the one of this name."""
    return [role for role in known_roles() if name is None or role == name]


def _user_of(work: Work) -> UUID:
    if work.actor.user_id is None:
        raise NotFound()
    return work.actor.user_id


async def officials(work: Work, role: str, page: Page) -> Paged:
    """Who has a role of central."""
    work.record(Event.ROLES_READ, role)
    return await users_store.users_of_role(work.db, role, page)
