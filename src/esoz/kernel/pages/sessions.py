"""Server-side sessions: who is signed in at this browser, flash messages, and forms already taken."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from ..db import Connection
from ..settings import Settings

TOKEN_BYTES = 32
TOKEN_LENGTH = 43  # 32 bytes in URL-safe base64
TOUCH_AFTER = timedelta(minutes=1)  # "seen" is written at most once a minute: a read page stays a read
FLASHES = "flashes"


@dataclass(frozen=True, slots=True)
class Terms:
    """How long sessions live: without a request, and in any case."""

    idle: timedelta = timedelta(minutes=60)
    absolute: timedelta = timedelta(hours=12)

    @classmethod
    def of(cls, settings: Settings) -> "Terms":
        """The terms that the operator has set."""
        return cls(
            timedelta(minutes=settings.number("ESOZ_SESSION_IDLE_MINUTES")),
            timedelta(hours=settings.number("ESOZ_SESSION_HOURS")),
        )


@dataclass(slots=True)
class Session:
    """One browser. Has a row in the database only when there is something to keep."""

    token: str
    created_at: datetime
    seen_at: datetime
    user_id: UUID | None = None
    data: dict[str, object] = field(default_factory=dict)
    stored: bool = False  # the row exists
    changed: bool = False  # the row must be written
    cookie_due: bool = False  # the browser does not know the token yet and will need it
    wanted: bool = False  # the page has a form, so the cookie must reach the browser
    ended: bool = False  # the browser came with a session that is over
    replaced: list[bytes] = field(default_factory=list)  # rows to delete: earlier tokens of this browser

    @property
    def id(self) -> bytes:
        return session_id(self.token)

    @property
    def csrf(self) -> str:
        """The token of this session's forms: follows from the cookie's secret, so it is nowhere stored."""
        self.wanted = True
        return hashlib.sha256(b"form:" + self.token.encode()).hexdigest()

    def put(self, name: str, value: object) -> None:
        """Keep a JSON value until the session ends."""
        self.data[name] = value
        self.changed = True

    def pop(self, name: str) -> object:
        """Take a value out; None when there is none."""
        if name not in self.data:
            return None
        self.changed = True
        return self.data.pop(name)

    def text(self, name: str) -> str:
        """A kept text, or an empty one."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""

    def sign_in(self, user_id: UUID, now: datetime) -> None:
        """Begin anew under another token: whoever knew the old one knows nothing (session fixation)."""
        self._begin(now)
        self.user_id = user_id

    def sign_out(self, now: datetime) -> None:
        """Forget the user and everything kept for them."""
        self._begin(now)
        self.data, self.user_id = {}, None

    def _begin(self, now: datetime) -> None:
        if self.stored:
            self.replaced.append(self.id)
        self.token = new_token()
        self.created_at = self.seen_at = now
        self.stored, self.changed, self.cookie_due = False, True, True


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def session_id(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def load(db: Connection, cookie: str, now: datetime, terms: Terms) -> Session:
    """The browser's session; a new, empty one when the cookie is absent, malformed or over."""
    if len(cookie) != TOKEN_LENGTH:
        return Session(new_token(), now, now, cookie_due=True)
    row = await db.fetchrow(
        "select user_id, data, created_at, seen_at, expires_at from sessions where id = $1", session_id(cookie)
    )
    if row is None:
        return Session(cookie, now, now)
    if row["expires_at"] <= now or row["seen_at"] + terms.idle <= now:
        signed_in = row["user_id"] is not None
        return Session(new_token(), now, now, cookie_due=True, ended=signed_in, replaced=[session_id(cookie)])
    return Session(cookie, row["created_at"], row["seen_at"], row["user_id"], row["data"], stored=True)


async def save(db: Connection, session: Session, now: datetime, terms: Terms, *, background: bool = False) -> None:
    """Write what has changed; a request in the background (a poll) does not keep the session alive."""
    if session.replaced:
        await db.execute("delete from sessions where id = any($1)", session.replaced)
    if session.changed:
        await store(db, session, now, terms)
    elif session.stored and not background and now - session.seen_at >= TOUCH_AFTER:
        await db.execute("update sessions set seen_at = $2 where id = $1", session.id, now)


async def store(db: Connection, session: Session, now: datetime, terms: Terms) -> None:
    """Write the whole row."""
    await db.execute(
        "insert into sessions (id, user_id, data, created_at, seen_at, expires_at) values ($1, $2, $3, $4, $5, $6)"
        " on conflict (id) do update set user_id = excluded.user_id, data = excluded.data, seen_at = excluded.seen_at",
        session.id,
        session.user_id,
        session.data,
        session.created_at,
        now,
        session.created_at + terms.absolute,
    )
    session.stored, session.changed = True, False


def seconds_left(session: Session, now: datetime, terms: Terms) -> int:
    """Seconds until the session ends if nothing more is asked for, for the warning in the page."""
    return int(min(terms.idle, session.created_at + terms.absolute - now).total_seconds())


async def end_all(db: Connection, user_id: UUID, *, but: Session | None = None) -> None:
    """End the user's sessions (after a change of password, at a leaver), save perhaps the present one."""
    keep = but.id if but else b""
    await db.execute("delete from sessions where user_id = $1 and id <> $2", user_id, keep)


async def delete_expired(db: Connection, now: datetime, terms: Terms) -> None:
    """Delete what is over; for a job that runs now and then."""
    await db.execute("delete from sessions where expires_at <= $1 or seen_at <= $2", now, now - terms.idle)


async def claim_form(db: Connection, session: Session, token: str) -> tuple[bool, str | None]:
    """Take a form for the first time: (True, None). A second copy waits for the first and gets its result's address."""
    taken = await db.fetchval(
        "insert into form_tokens (session_id, token) values ($1, $2) on conflict do nothing returning true",
        session.id,
        token,
    )
    if taken:
        return True, None
    location: str | None = await db.fetchval(
        "select location from form_tokens where session_id = $1 and token = $2", session.id, token
    )
    return False, location


async def settle_form(db: Connection, session: Session, token: str, location: str | None) -> None:
    """Remember where the form led; one that led nowhere (it was shown again with faults) may be sent again."""
    if location is None:
        await db.execute("delete from form_tokens where session_id = $1 and token = $2", session.id, token)
    else:
        await db.execute(
            "update form_tokens set location = $3 where session_id = $1 and token = $2", session.id, token, location
        )
