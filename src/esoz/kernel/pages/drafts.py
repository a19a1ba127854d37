"""What was typed and not sent: kept sealed for its user, put back into the form, gone when the form is taken.

A form marked `data-draft` is kept by its script while it is filled in (POST /drafts), when it came but was not taken (a
fault, the lock of the screen, an end of the access to central), and when it came after its session had ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from ..db import Connection
from ..vault import Sealed, Vault
from .forms import Form

LIFE = timedelta(days=7)
MOST_BYTES = 200_000  # more is no form that a person filled in
MOST_OF_USER = 50
MOST_OF_PAGE = 5
LONGEST_ADDRESS = 500
LONGEST_KEY = 64

ADDRESS, OWNER, REPLACES, KEY, TOKEN = "draft", "draft_user", "draft_from", "draft_key", "form_token"
NEVER_FILLED = frozenset({ADDRESS, OWNER, REPLACES, KEY, TOKEN, "csrf"})

Fields = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Marked:
    """A form as it came, of those that are kept.

    `address`: the page that it stands on; `key`: the form as it was shown once; `replaces`: the draft that filled it.
    """

    address: str
    owner: str
    key: str
    replaces: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a form."""

    key: str
    saved_at: datetime
    fields: Fields


def marked(form: Form) -> Marked | None:
    """The form, when it is one of those that are kept; secrets and files never are."""
    address, owner = form.text(ADDRESS), form.text(OWNER)
    key = form.text(TOKEN) or form.text(KEY)
    if not (is_own(address) and owner and key) or len(key) > LONGEST_KEY or len(address) > LONGEST_ADDRESS:
        return None
    fields = {name: texts for name, texts in form.texts.items() if name not in NEVER_FILLED and "password" not in name}
    return Marked(address, owner, key, form.text(REPLACES)[:LONGEST_KEY], fields)


def is_own(address: str) -> bool:
    """Is it a page of ours (no open redirect)."""
    leads_away = address.startswith(("//", "/\\"))
    return address.startswith("/") and not leads_away and address.isprintable()


async def save(db: Connection, vault: Vault, user_id: UUID, given: Marked, *, at: datetime, session_id: bytes) -> bool:
    """Keep the form for its user; False for somebody else's, one too large, or one that was taken meanwhile."""
    content = msgspec.json.encode(given.fields)
    if given.owner != str(user_id) or len(content) > MOST_BYTES:
        return False
    await _wait_turn(db, user_id)
    taken = "select exists (select from form_tokens where session_id = $1 and token = $2 and location is not null)"
    if await db.fetchval(taken, session_id, given.key):
        return False
    await _drop(db, user_id, given.address, [given.replaces])
    await db.execute(
        "insert into drafts (user_id, address, key, content, saved_at) values ($1, $2, $3, $4, $5)"
        " on conflict (user_id, address, key) do update set content = excluded.content, saved_at = excluded.saved_at",
        user_id,
        given.address,
        given.key,
        vault.seal(content.decode(), _purpose(user_id, given.key)),
        at,
    )
    await db.execute(
        "delete from drafts where user_id = $1 and (address, key) not in"
        " (select address, key from drafts where user_id = $1 order by saved_at desc limit $2)",
        user_id,
        MOST_OF_USER,
    )
    return True


async def drop(db: Connection, user_id: UUID, given: Marked) -> None:
    """The form was taken: forget what was kept of it."""
    await _wait_turn(db, user_id)
    await _drop(db, user_id, given.address, [given.key, given.replaces])


async def of_page(db: Connection, vault: Vault, user_id: UUID, address: str, now: datetime) -> list[Draft]:
    """What a user typed into the form of a page, the newest first; what was sealed with another secret is left out."""
    rows = await db.fetch(
        "select key, content, saved_at from drafts where user_id = $1 and address = $2 and saved_at > $3"
        " order by saved_at desc limit $4",
        user_id,
        address,
        now - LIFE,
        MOST_OF_PAGE,
    )
    found = []
    for row in rows:
        try:
            content = vault.open(row["content"], _purpose(user_id, row["key"]))
        except Sealed:
            continue
        found.append(Draft(row["key"], row["saved_at"], msgspec.json.decode(content, type=Fields)))
    return found


async def delete_old(db: Connection, now: datetime) -> None:
    """Delete what nobody came back for."""
    await db.execute("delete from drafts where saved_at <= $1", now - LIFE)


def _purpose(user_id: UUID, key: str) -> str:
    return f"draft:{user_id}:{key}"


async def _drop(db: Connection, user_id: UUID, address: str, keys: Sequence[str]) -> None:
    await db.execute(
        "delete from drafts where user_id = $1 and address = $2 and key = any($3)", user_id, address, list(keys)
    )


async def _wait_turn(db: Connection, user_id: UUID) -> None:
    """One act on a user's drafts at a time: what is saved in the background never outlives the form it is of."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended('draft:' || $1::text, 0))", str(user_id))
