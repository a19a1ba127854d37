"""PostgreSQL: the pool, a transaction, and the small composer that store rooms use for optional filters."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar

import asyncpg
import msgspec

from .act import Act, insertion
from .outages import OUTAGES, is_outage, unavailable
from .pool import Pool

T = TypeVar("T")
Row: TypeAlias = Mapping[str, Any]
Connection: TypeAlias = Any  # asyncpg.Connection or a test's connection: asyncpg has no types

ACQUIRE_SECONDS = 5.0  # a request that cannot have a connection in this time is told to come again
OPEN_SECONDS = 60.0  # to begin at all
CHANGES = "registries"  # the channel on which triggers tell which registry has changed


async def _set_up(connection: Connection) -> None:
    encode, decode = msgspec.json.encode, msgspec.json.decode
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + encode(value),
        decoder=lambda raw: decode(raw[1:]),
    )


class _Lease:
    """One connection for one block; a class and no generator, for each request enters it."""

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def __aenter__(self) -> Connection:
        try:
            self._connection = await self._pool.acquire(ACQUIRE_SECONDS)
        except (asyncpg.PostgresError, *OUTAGES) as fault:  # whatever the server says instead of letting us in
            raise unavailable() from fault
        return self._connection

    async def __aexit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        is_away = fault is not None and is_outage(fault)
        is_canceled = fault is not None and not isinstance(fault, Exception)
        self._pool.release(self._connection, is_in_doubt=is_away or is_canceled)
        if is_away:
            raise unavailable() from fault


class Database:
    """A pool of connections to one database, and the ear for what other processes say through it."""

    connection_class: Any = asyncpg.Connection

    def __init__(self, url: str, *, size: int = 8) -> None:
        self.url = url
        self._pool = Pool(self._connect, size=size)
        self._aside = Pool(self._connect, size=1)
        self._listeners: dict[str, list[Callable[[], None]]] = {}

    async def open(self) -> None:
        """Prove that the database is there. Raises what connecting raises."""
        self._pool.release(await self._pool.acquire(OPEN_SECONDS))

    async def close(self) -> None:
        await self._pool.close()
        await self._aside.close()

    def on_change(self, registry: str, forget: Callable[[], None]) -> None:
        """Call `forget` when a transaction that changed a registry was committed, here or in another process.

        Every connection listens, so whoever commits has heard of it before the commit returns. A notice to another
        process may be lost with its connection: what was remembered must not live long by itself.
        """
        self._listeners.setdefault(registry, []).append(forget)

    def forget(self) -> None:
        """Forget all that was remembered of registries, as if each had changed."""
        for registry in self._listeners:
            self._heard(None, 0, CHANGES, registry)

    async def _connect(self) -> Connection:
        connection = await asyncpg.connect(
            self.url,
            command_timeout=30,
            connection_class=self.connection_class,
            server_settings={"timezone": "UTC", "application_name": "esoz"},
        )
        await _set_up(connection)
        await connection.add_listener(CHANGES, self._heard)
        return connection

    def _heard(self, _connection: Connection, _pid: int, _channel: str, registry: str) -> None:
        for forget in self._listeners.get(registry, ()):
            forget()

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection without a transaction: each statement stands alone. Raises Unavailable when entered."""
        return _Lease(self._pool)

    def aside(self) -> AbstractAsyncContextManager[Connection]:
        """The connection for short questions of the process itself: they wait for no act. Raises Unavailable."""
        return _Lease(self._aside)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside one transaction: committed at the end, rolled back on any exception."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def act(self) -> AsyncIterator[Connection]:
        """The same for an act: what it writes `later` goes out together, and it begins when it must."""
        async with self.connection() as connection:
            act = Act(connection)
            try:
                yield act
                await act.commit()
            except BaseException:
                await act.rollback()
                raise


def as_model(model: type[T], row: Row) -> T:
    """Make a frozen model from a row whose columns are named as its fields."""
    return msgspec.convert(dict(row), model, strict=False, from_attributes=True)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for; numbers begin with 1."""

    number: int = 1
    size: int = 50
    ends_at_last: bool = False  # past the end is the last page: people follow old links, programs count

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def within(self, total: int) -> "Page":
        """This page, or the last one of a list of so many when it is past the end and is to end there."""
        last = max(-(-total // self.size), 1)
        return replace(self, number=min(self.number, last)) if self.ends_at_last else self


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

    async def page(self, db: Connection, page: Page, *, order: str, shown: str = "") -> Paged:
        """One page and the total in one round trip; a second one only when the page is past the end.

        `shown`: a SELECT from `page_`, the rows of the page, in the same order, for what is looked up for them alone.
        """
        # Counted apart: a window would carry all rows of the list whole to the end, for the sake of one page.
        text = (
            f"select *, (select count(*) from ({self.sql()}) counted_) as total_ from ({self.sql()}) found_"
            f" order by {order} limit {int(page.size)} offset {int(page.offset)}"
        )
        if shown:
            text = f"with page_ as ({text}) {shown}"
        rows = await db.fetch(text, *self.values)
        if rows or page.number == 1:
            return Paged(rows, page, rows[0]["total_"] if rows else 0)
        total = await db.fetchval(f"select count(*) from ({self.sql()}) found_", *self.values)
        held = page.within(total)
        return Paged(rows, page, total) if held == page else await self.page(db, held, order=order, shown=shown)


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
    await db.execute(insertion(table, tuple(columns)), *columns.values())


async def insert_many(db: Connection, table: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Copy many rows at once: for imports and the demo country."""
    await db.copy_records_to_table(table, columns=list(names), records=list(rows))
