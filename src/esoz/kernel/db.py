"""PostgreSQL: the pool, a transaction, and the small composer that store rooms use for optional filters."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import asyncpg
import msgspec

from .outages import OUTAGES, is_outage, unavailable

T = TypeVar("T")
Row: TypeAlias = Mapping[str, Any]
Connection: TypeAlias = Any  # asyncpg.Connection, pool proxy or a test's connection: asyncpg has no types

ACQUIRE_SECONDS = 5.0  # a request that cannot have a connection in this time is told to come again


async def _set_up(connection: Connection) -> None:
    encode, decode = msgspec.json.encode, msgspec.json.decode
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + encode(value),
        decoder=lambda raw: decode(raw[1:]),
    )


async def _no_reset(_connection: Connection) -> None:
    """Skip the pool's reset query: no session state is ever set here, only SET LOCAL (decision 3)."""


class Database:
    """A pool of connections to one database."""

    def __init__(self, url: str, *, size: int = 8) -> None:
        self.url = url
        self._size = size
        self._pool: Any = None

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(
            self.url,
            min_size=1,
            max_size=self._size,
            init=_set_up,
            reset=_no_reset,
            command_timeout=30,
            # A connection that works is kept: a new one begins with an empty cache of statements.
            max_queries=1_000_000_000,
            max_inactive_connection_lifetime=0,
            server_settings={"timezone": "UTC", "application_name": "esoz"},
        )

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection without a transaction: each statement stands alone. Raises Unavailable."""
        try:
            connection = await self._pool.acquire(timeout=ACQUIRE_SECONDS)
        except (asyncpg.PostgresError, *OUTAGES) as fault:  # whatever the server says instead of letting us in
            raise unavailable() from fault
        try:
            yield connection
        except OUTAGES as fault:
            if not is_outage(fault):
                raise
            raise unavailable() from fault
        finally:
            await self._pool.release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside one transaction: committed at the end, rolled back on any exception."""
        async with self.connection() as connection, connection.transaction():
            yield connection


def as_model(model: type[T], row: Row) -> T:
    """Make a frozen model from a row whose columns are named as its fields."""
    return msgspec.convert(dict(row), model, strict=False, from_attributes=True)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for; numbers begin with 1."""

    number: int = 1
    size: int = 50

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of a list and how many there are in all: rows of the database, or what a store made of them."""

    rows: Sequence[Any]
    page: Page
    total: int


@dataclass(slots=True)
class Query:
    """A SELECT with optional conditions.

    `Query("select * from persons").where("status = {}", "active").where_given("tax_id = {}", tax_id)`:
    each `{}` becomes a numbered parameter, so values never enter the SQL text.
    """

    select: str
    conditions: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def where(self, condition: str, *values: object) -> "Query":
        numbers = [f"${len(self.values) + place}" for place in range(1, len(values) + 1)]
        self.values.extend(values)
        self.conditions.append(condition.format(*numbers))
        return self

    def where_given(self, condition: str, value: object) -> "Query":
        """Add the condition unless the value is None."""
        return self if value is None else self.where(condition, value)

    def sql(self, *, order: str = "") -> str:
        where = f" where {' and '.join(self.conditions)}" if self.conditions else ""
        return f"{self.select}{where}{f' order by {order}' if order else ''}"

    async def rows(self, db: Connection, *, order: str = "", limit: int | None = None) -> Sequence[Row]:
        text = self.sql(order=order) + (f" limit {int(limit)}" if limit is not None else "")
        found: Sequence[Row] = await db.fetch(text, *self.values)
        return found

    async def page(self, db: Connection, page: Page, *, order: str) -> Paged:
        """One page and the total in one round trip; a second one only when the page is past the end."""
        text = (
            f"select *, count(*) over () as total_ from ({self.sql()}) found_"
            f" order by {order} limit {int(page.size)} offset {int(page.offset)}"
        )
        rows = await db.fetch(text, *self.values)
        if rows or page.number == 1:
            return Paged(rows, page, rows[0]["total_"] if rows else 0)
        total = await db.fetchval(f"select count(*) from ({self.sql()}) found_", *self.values)
        return Paged(rows, page, total)


async def execute_many(db: Connection, sql: str, rows: Iterable[Sequence[object]]) -> None:
    """One statement for many rows; with none of them nothing is done.

    asyncpg 0.32 begins a transaction for an empty list too and does not end it: its locks stay until the connection's
    next statement.
    """
    given = list(rows)
    if given:
        await db.executemany(sql, given)


async def insert(db: Connection, table: str, **columns: object) -> None:
    """Insert one row; the names come from our own code, the values are parameters."""
    names = ", ".join(columns)
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    await db.execute(f"insert into {table} ({names}) values ({places})", *columns.values())


async def insert_many(db: Connection, table: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Copy many rows at once: for imports and the demo country."""
    await db.copy_records_to_table(table, columns=list(names), records=list(rows))
