"""Users, clients, brokers and connections: made, changed, blocked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from esoz.kernel.errors import Conflict, NotFound, Rejected, rejected
from esoz.kernel.work import Work
from esoz.spec.roles import roles as known_roles

from .. import policy
from ..model import Client, Connection, Event, User, digest, email_key
from ..policy import redirect_may_be_registered
from ..secrets import new_value
from ..store import clients as clients_store
from ..store import tokens as tokens_store
from ..store import users as users_store
from .codes import close_user
from .sign_in import passwords


@dataclass(frozen=True, slots=True)
class BrokerKeys:
    """What a vendor puts in its headers: `API-key` and `X-Custom-PSK`; told this one time only."""

    api_key: str
    psk: str


async def create_user(
    work: Work,
    *,
    email: str | None,
    password: str | None,
    tax_id: str | None = None,
    person_id: UUID | None = None,
    id: UUID | None = None,
) -> User:
    """Make a user; a patient's has neither e-mail nor password, for they come in with their КЕП."""
    hashed = await passwords.hash(password) if password else None
    user = User(
        id=id or work.new_id(),
        email=email.strip().lower() if email else None,  # AUTH-2
        password_hash=hashed,
        password_set_at=work.now if password else None,
        tax_id=tax_id,
        person_id=person_id,
        is_blocked=False,
        block_reason=None,
        inserted_at=work.now,
        updated_at=work.now,
    )
    await users_store.insert_user(work.db, user)
    work.record(Event.USER_CREATED, user.id)
    return user


async def follow_tax_id(work: Work, person_id: UUID, tax_id: str | None) -> None:
    """The user of a patient comes in with the tax id that is registered of the person now; not everybody has a user."""
    await users_store.set_tax_id(work.db, person_id, tax_id, work.now)


async def require_factor(work: Work, user_id: UUID, *, phone: str | None = None) -> None:
    """Demand a second factor of a user; without a phone they set one at the next sign-in (AUTH-16)."""
    await users_store.save_factor(work.db, user_id, phone, work.now)
    work.record(Event.FACTOR_SET, user_id)


async def give_role(work: Work, user_id: UUID, client_id: UUID, role: str) -> None:
    """Let the user act in this role at this client (AUTH-38)."""
    if role not in known_roles():
        raise Rejected(f"Unknown role {role}")
    await users_store.add_role(work.db, user_id, client_id, role, work.now)


async def take_role(work: Work, user_id: UUID, client_id: UUID, role: str) -> None:
    """Take a role back; what the user's tokens at the client allowed by it ends with it."""
    await users_store.remove_role(work.db, user_id, client_id, role)
    app = await tokens_store.app(work.db, user_id, client_id)
    if app is not None:
        await tokens_store.delete_app(work.db, app["id"], work.now)
    work.record(Event.ROLE_TAKEN, user_id, role=role)


async def block_user(work: Work, user_id: UUID, reason: str) -> None:
    """Block a user; every token ends (AUTH-14). Raises NotFound, Conflict."""
    user = await users_store.lock_user(work.db, user_id)
    if user is None:
        raise NotFound()
    if user.is_blocked:
        raise Conflict("user already blocked")
    await close_user(work, user_id, reason)


async def unblock_user(work: Work, user_id: UUID) -> None:
    """Let a user in again; wrong passwords and codes are forgotten (AUTH-6). Raises NotFound, Conflict."""
    user = await users_store.lock_user(work.db, user_id)
    if user is None:
        raise NotFound()
    if not user.is_blocked:
        raise Conflict("user already unblocked")
    await users_store.set_blocked(work.db, user_id, None, work.now)
    if user.email:
        await users_store.delete_failures(work.db, email_key(user.email))
    work.record(Event.USER_UNBLOCKED, user_id)


async def create_client(work: Work, *, id: UUID, name: str, type: str) -> Client:
    """Make the OAuth client of a legal entity (the same id, AUTH-35) or of a cabinet."""
    client = Client(id, name, type, False)
    await clients_store.insert_client(work.db, client, work.now)
    work.record(Event.CLIENT_CREATED, id)
    return client


async def block_client(work: Work, client_id: UUID, reason: str) -> None:
    """Nobody comes in through this client until it is unblocked (AUTH-14). Raises Conflict."""
    if not await clients_store.set_client_blocked(work.db, client_id, reason, work.now):
        raise Conflict("client already blocked")
    work.record(Event.CLIENT_BLOCKED, client_id)


async def unblock_client(work: Work, client_id: UUID) -> None:
    """Raises Conflict when the client is not blocked."""
    if not await clients_store.set_client_blocked(work.db, client_id, None, work.now):
        raise Conflict("client already unblocked")
    work.record(Event.CLIENT_UNBLOCKED, client_id)


async def create_broker(
    work: Work, *, name: str, kind: str, api_key: str, scopes: Iterable[str] | None = None, id: UUID | None = None
) -> UUID:
    """Register a vendor (`MIS` or `PIS`) with its API-key."""
    broker_id = id or work.new_id()
    await clients_store.insert_broker(
        work.db, id=broker_id, name=name, kind=kind, key_hash=digest(api_key), scopes=scopes, at=work.now
    )
    work.record(Event.BROKER_CREATED, broker_id)
    return broker_id


async def refresh_broker_keys(work: Work, broker_id: UUID) -> BrokerKeys:
    """A new API-key and pre-shared key of a vendor; those before are refused from now on."""
    keys = BrokerKeys(new_value(work.dependencies.random), new_value(work.dependencies.random))
    await clients_store.set_broker_keys(
        work.db, broker_id, key_hash=digest(keys.api_key), psk_hash=digest(keys.psk), at=work.now
    )
    work.record(Event.BROKER_KEYS_REFRESHED, broker_id)
    return keys


async def block_broker(work: Work, broker_id: UUID, reason: str) -> None:
    """Nobody works through this vendor's system until it is unblocked. Raises Conflict."""
    if not await clients_store.set_broker_blocked(work.db, broker_id, reason, work.now):
        raise Conflict("broker already blocked")
    work.record(Event.BROKER_BLOCKED, broker_id)


async def unblock_broker(work: Work, broker_id: UUID) -> None:
    """Raises Conflict when the vendor is not blocked."""
    if not await clients_store.set_broker_blocked(work.db, broker_id, None, work.now):
        raise Conflict("broker already unblocked")
    work.record(Event.BROKER_UNBLOCKED, broker_id)


async def connect(
    work: Work, *, client_id: UUID, broker_id: UUID, redirect_uri: str, secret: str | None = None, public: bool = False
) -> str:
    """Connect a client with a broker and return the secret, told this one time only (AUTH-31).

    `public`: an application on a person's device, which could not keep a secret: it has none, and proves by PKCE.
    """
    value = "" if public else secret or new_value(work.dependencies.random)
    connection = Connection(work.new_id(), client_id, broker_id, redirect_uri, None if public else digest(value))
    await clients_store.insert_connection(work.db, connection, work.now)
    work.record(Event.CONNECTION_CREATED, connection.id)
    return value


def must_be_redirect(work: Work, address: str, field: str) -> None:
    """Raise Rejected naming the field when no answer of the code grant may be sent to the address (AUTH-31)."""
    if not redirect_may_be_registered(address, sandbox=work.dependencies.settings.sandbox):
        raise rejected(field, "expected an https URL", rule="format")


async def redirect_elsewhere(work: Work, client_id: UUID, connection_id: UUID, redirect_uri: str) -> Connection:
    """Change where a connection leads to; nothing else of it can be changed (as published)."""
    found = await _own_connection(work, client_id, connection_id)
    must_be_redirect(work, redirect_uri, "$.redirect_uri")
    changed = replace(found, redirect_uri=redirect_uri)
    await clients_store.save_connection(work.db, changed, work.now)
    work.record(Event.CONNECTION_CHANGED, changed.id)
    return changed


async def refresh_secret(work: Work, client_id: UUID, connection_id: UUID) -> tuple[Connection, str]:
    """A new secret of a connection, told this one time only; the one before is refused from now on."""
    found, value = await _own_connection(work, client_id, connection_id), new_value(work.dependencies.random)
    changed = replace(found, secret_hash=digest(value))
    await clients_store.save_connection(work.db, changed, work.now)
    work.record(Event.SECRET_REFRESHED, changed.id)
    return changed, value


async def disconnect(work: Work, client_id: UUID, connection_id: UUID) -> None:
    """Delete a connection; the tokens that were given through it end."""
    found = await _own_connection(work, client_id, connection_id)
    await tokens_store.expire_tokens_through(work.db, found.client_id, found.broker_id, work.now)
    await clients_store.delete_connection(work.db, found.id)
    work.record(Event.CONNECTION_DELETED, found.id)


async def _own_connection(work: Work, client_id: UUID, connection_id: UUID) -> Connection:
    policy.must_be_own_client(work.actor, client_id)
    found = await clients_store.connection(work.db, client_id, connection_id)
    if found is None:
        raise NotFound()
    return found
