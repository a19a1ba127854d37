"""X-Idempotency-Key: the same key with the same request gets the first answer again, and the act is done once.

The key is claimed and the answer kept in the transaction of the act: two copies of a request that come at once wait for
each other, and of an act that failed nothing is kept, so it may be tried again. Answers hold patients' data and
secrets, so they are kept sealed, for a day.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from .db import Connection
from .errors import Invalid, Rejected
from .vault import Vault
from .work import Actor

HEADER = "x-idempotency-key"
MOST_LENGTH = 255
KEEP = timedelta(hours=24)
MOST_OF_A_CLIENT = 100_000  # the newest stay
OTHER_REQUEST = "The key was already used with another request"


class Answer(msgspec.Struct, frozen=True):
    """An answer as it left: its body, its status, and headers of its own."""

    body: bytes
    status: int
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that this request holds; `first` is the answer that was given under it before."""

    key: str
    row: bytes
    first: Answer | None


def key_of(headers: Mapping[str, str]) -> str | None:
    """The key of a request. Raises Rejected when it is empty, too long or not printable ASCII."""
    key = headers.get(HEADER)
    if key is None:
        return None
    if not 0 < len(key) <= MOST_LENGTH or not key.isascii() or not key.isprintable():
        raise _refused("expected 1 to 255 printable characters", "format")
    return key


def fingerprint(method: str, url: str, body: bytes) -> bytes:
    """What must be the same for the first answer to be given again."""
    return hashlib.sha256(b"\0".join((method.encode(), url.encode(), body))).digest()


async def claim(db: Connection, actor: Actor, key: str, request: bytes, *, at: datetime, vault: Vault) -> Claim:
    """Take a key of this user at this client, inside the transaction of the act.

    Waits for another request with the same key that is under way. Raises Rejected when the key belongs to another one.
    """
    owner = f"{actor.user_id} {actor.client_id} {key}"
    row = hashlib.sha256(owner.encode()).digest()
    taken = await db.fetchval(
        "insert into idempotent_answers (key_hash, client_id, request_hash, inserted_at) values ($1, $2, $3, $4)"
        " on conflict do nothing returning true",
        row,
        actor.client_id,
        request,
        at,
    )
    if taken:
        return Claim(key, row, None)
    found = await db.fetchrow("select request_hash, answer from idempotent_answers where key_hash = $1", row)
    if found is None or found["request_hash"] != request:
        raise _refused(OTHER_REQUEST, "invalid")
    kept = msgspec.json.decode(vault.open(found["answer"], row.hex()), type=Answer)
    return Claim(key, row, kept)


async def keep(db: Connection, claimed: Claim, answer: Answer, vault: Vault) -> None:
    """Keep the answer of an act that was done."""
    sealed = vault.seal(msgspec.json.encode(answer).decode(), claimed.row.hex())
    await db.execute("update idempotent_answers set answer = $2 where key_hash = $1", claimed.row, sealed)


async def forget(db: Connection, claimed: Claim) -> None:
    """Give a key back: the act was refused, though something of it stays."""
    await db.execute("delete from idempotent_answers where key_hash = $1", claimed.row)


async def clean_up(db: Connection, now: datetime) -> None:
    """Delete what is older than a day, and of each client what is beyond the newest hundred thousand."""
    await db.execute("delete from idempotent_answers where inserted_at < $1", now - KEEP)
    await db.execute(
        """
        delete from idempotent_answers where key_hash in (
            select key_hash from (
                select key_hash, row_number() over (partition by client_id order by inserted_at desc) as place
                from idempotent_answers
            ) placed where place > $1
        )
        """,
        MOST_OF_A_CLIENT,
    )


def _refused(description: str, rule: str) -> Rejected:
    return Rejected(invalid=(Invalid("$.x-idempotency-key", rule, description, (), "header"),))
