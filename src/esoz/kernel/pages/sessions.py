"""Server-side sessions: who is signed in at this browser and since when, why a session ended, forms already taken."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from ..db import Connection, Row, as_model
from ..settings import Settings

TOKEN_BYTES = 32
TOKEN_LENGTH = 43  # 32 bytes in URL-safe base64
TOUCH_AFTER = timedelta(minutes=1)  # "seen" is written at most once a minute: a read page stays a read
FLASHES = "flashes"
FORMER = "former"  # in the session of a browser whose user's session is over: whose it was
LANGUAGE = "language"
REMEMBERED = timedelta(days=7)  # so long a browser is told why its session ended


class Why(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    ABSOLUTE = "absolute"
    ELSEWHERE = "elsewhere"  # its user, or a change of the password, ended it from another browser


_ELSEWHERE = f"'{Why.ELSEWHERE}'"


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
    ended: Why | None = None  # the browser came with a session that is over
    replaced: list[bytes] = field(default_factory=list)  # rows to delete: earlier tokens of this browser
    address: str = ""  # where its user signed in from, in the network
    device: str = ""
    way: str = ""  # how they proved who they are, in words

    @property
    def id(self) -> bytes:
        return session_id(self.token)

    @property
    def csrf(self) -> str:
        """The token of this session's forms: follows from the cookie's secret, so it is nowhere stored."""
        self.wanted = True
        return hashlib.sha256(b"form:" + self.token.encode()).hexdigest()

    @property
    def label(self) -> str:
        """What tabs of one browser know the session by; nothing follows from it."""
        return hashlib.sha256(b"mark:" + self.token.encode()).hexdigest()[:16]

    @property
    def former(self) -> UUID | None:
        """Whose session this browser had, when it is over and nobody has signed in since."""
        return UUID(self.text(FORMER)) if self.text(FORMER) else None

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

    def mark(self, name: str, is_so: bool) -> None:
        """Keep that something is so, or forget that it was."""
        if is_so:
            self.put(name, True)
        else:
            self.pop(name)

    def text(self, name: str) -> str:
        """A kept text, or an empty one."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""

    def sign_in(self, user_id: UUID, now: datetime) -> None:
        """Begin anew under another token: whoever knew the old one knows nothing (session fixation)."""
        self._begin(now)
        self.user_id = user_id
        self.data.pop(FORMER, None)

    def renew(self, now: datetime) -> None:
        """Another token between two steps of a sign-in: whoever planted the old one does not see the next step."""
        self._begin(now)

    def sign_out(self, now: datetime) -> None:
        """Forget the user and everything kept for them, but whose session it was: other tabs may hold their text."""
        self._begin(now)
        self.data = {FORMER: str(self.user_id)} if self.user_id else {}
        self.user_id = None

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


@dataclass(frozen=True, slots=True)
class Joined:
    """What else is read in the statement that reads a session `s`: who its user is, asked anew for every page.

    So whoever was blocked, or lost a role, is let in nowhere from the next page on, and nobody waits for a second
    statement. `columns` begin with a comma; `order` is of the rows, of which there may be several.
    """

    columns: str
    joins: str
    order: str = ""


ALONE = Joined("", "")


async def load(
    db: Connection, cookie: str, now: datetime, terms: Terms, joined: Joined = ALONE
) -> tuple[Session, Sequence[Row]]:
    """The browser's session and the rows that it was read with; a new, empty session when the cookie is absent,
    malformed or over."""
    if len(cookie) != TOKEN_LENGTH:
        return Session(new_token(), now, now, cookie_due=True), ()
    rows = await db.fetch(
        f"select {_COLUMNS}{joined.columns} from sessions s{joined.joins} where s.id = $1{joined.order}",
        session_id(cookie),
    )
    if not rows:
        over = await db.fetchrow("select user_id, why from ended_sessions where id = $1", session_id(cookie))
        return _over(over["user_id"], Why(over["why"]), now) if over else Session(cookie, now, now), ()
    return _read(cookie, rows[0], now, terms), rows


_COLUMNS = "s.user_id, s.data, s.created_at, s.seen_at, s.expires_at, s.address, s.device, s.way"


def _read(cookie: str, row: Row, now: datetime, terms: Terms) -> Session:
    """The session of a row, or what follows one whose time is over."""
    session = Session(cookie, row["created_at"], row["seen_at"], row["user_id"], row["data"], stored=True)
    session.address, session.device, session.way = row["address"], row["device"], row["way"]
    idle_end = row["seen_at"] + terms.idle
    if min(row["expires_at"], idle_end) > now:
        return session
    if session.user_id is None:
        return Session(new_token(), now, now, cookie_due=True, replaced=[session.id])
    fresh = _over(session.user_id, Why.IDLE if idle_end <= row["expires_at"] else Why.ABSOLUTE, now)
    fresh.replaced = [session.id]
    if language := session.text(LANGUAGE):
        fresh.put(LANGUAGE, language)
    return fresh


def _over(user_id: UUID, why: Why, now: datetime) -> Session:
    """A new session of a browser whose user's session is over."""
    return Session(new_token(), now, now, data={FORMER: str(user_id)}, changed=True, cookie_due=True, ended=why)


async def save(db: Connection, session: Session, now: datetime, terms: Terms, *, background: bool = False) -> None:
    """Write what has changed; a request in the background (a poll) does not keep the session alive."""
    if session.replaced and session.ended:
        await _end(db, "id = any($1)", f"'{session.ended}'", session.replaced)
    elif session.replaced:
        await db.execute("delete from sessions where id = any($1)", session.replaced)
    if session.changed:
        await store(db, session, now, terms)
    elif session.stored and not background and now - session.seen_at >= TOUCH_AFTER:
        await db.execute("update sessions set seen_at = $2 where id = $1", session.id, now)


async def store(db: Connection, session: Session, now: datetime, terms: Terms) -> None:
    """Write the whole row. One that was there and is gone stays so: its user, or somebody for them, has ended it."""
    if session.stored:
        await db.execute(
            "update sessions set user_id = $2, data = $3, seen_at = $4 where id = $1",
            session.id,
            session.user_id,
            session.data,
            now,
        )
    else:
        await _add(db, session, now, terms)
    session.stored, session.changed = True, False


async def _add(db: Connection, session: Session, now: datetime, terms: Terms) -> None:
    await db.execute(
        "insert into sessions (id, user_id, data, created_at, seen_at, expires_at, address, device, way)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " on conflict (id) do update set user_id = excluded.user_id, data = excluded.data, seen_at = excluded.seen_at",
        session.id,
        session.user_id,
        session.data,
        session.created_at,
        now,
        session.created_at + terms.absolute,
        session.address,
        session.device,
        session.way,
    )


@dataclass(frozen=True, slots=True)
class Left:
    """Seconds until the session ends: if nothing more is asked for, and in any case."""

    idle: int
    absolute: int


def left(session: Session, now: datetime, terms: Terms) -> Left:
    """How long the session still lives, for the warning in the page."""
    unwritten = session.stored and not session.changed and now - session.seen_at < TOUCH_AFTER
    seen_at = session.seen_at if unwritten else now
    ends = (seen_at + terms.idle, session.created_at + terms.absolute)
    return Left(*(int((end - now).total_seconds()) for end in ends))


@dataclass(frozen=True, slots=True)
class ActiveSession:
    """A browser where somebody is signed in."""

    id: bytes
    address: str
    device: str
    way: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


async def active(db: Connection, user_id: UUID, now: datetime, terms: Terms) -> list[ActiveSession]:
    """Where a user is signed in now, the last used first."""
    rows = await db.fetch(
        "select id, address, device, way, created_at, seen_at, expires_at from sessions"
        " where user_id = $1 and expires_at > $2 and seen_at > $3 order by seen_at desc, id",
        user_id,
        now,
        now - terms.idle,
    )
    return [as_model(ActiveSession, row) for row in rows]


async def end(db: Connection, user_id: UUID, id: bytes) -> bool:
    """End one session of a user from another browser; False when there is no such session."""
    return await _end(db, "id = $1 and user_id = $2", _ELSEWHERE, id, user_id) > 0


async def end_all(db: Connection, user_id: UUID, *, but: Session | None = None) -> int:
    """End the user's sessions (after a change of password, at a leaver), save perhaps the present one; how many."""
    return await _end(db, "user_id = $1 and id <> $2", _ELSEWHERE, user_id, but.id if but else b"")


async def delete_expired(db: Connection, now: datetime, terms: Terms) -> None:
    """Delete what is over; for a job that runs now and then."""
    why = f"case when seen_at + $2 <= expires_at then '{Why.IDLE}' else '{Why.ABSOLUTE}' end"
    await _end(db, "expires_at <= $1 or seen_at + $2 <= $1", why, now, terms.idle)
    await db.execute("delete from ended_sessions where expires_at <= $1", now - REMEMBERED)


async def _end(db: Connection, which: str, why: str, *values: object) -> int:
    """Delete sessions, but remember why those of users ended; how many these were. `why` is SQL."""
    ended = await db.fetch(
        f"with gone as (delete from sessions where {which} returning *)"
        f" insert into ended_sessions (id, user_id, why, expires_at) select id, user_id, {why}, expires_at"
        " from gone where user_id is not null on conflict do nothing returning id",
        *values,
    )
    return len(ended)


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
